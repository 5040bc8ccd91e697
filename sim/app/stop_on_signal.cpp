// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "stop_on_signal.hpp"

#include <csignal>
#include <ctime>
#include <utility>

namespace doppelpack::app {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  // A terminal that is closed; nohup asks not to mind.
  struct sigaction hang_up{};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopOnSignal::StopOnSignal(std::function<void()> stop)
    : waiter_([this, stop = std::move(stop)](const std::stop_token& done) {
        const sigset_t set = stop_signals();
        const timespec patience{0, 50'000'000};  // how soon destruction is noticed
        while (!done.stop_requested()) {
          if (sigtimedwait(&set, nullptr, &patience) < 0) continue;
          was_stopped_ = true;
          stop();
        }
      }) {}

}  // namespace doppelpack::app
