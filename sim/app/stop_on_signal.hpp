// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Ctrl-C, SIGTERM and a terminal that is closed end a run in an orderly way: everything recorded is complete and closed.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace doppelpack::app {

/// While it lives, SIGINT, SIGTERM and SIGHUP call `stop` from another thread. Create it before any other
/// thread starts, so that all of them leave the signals alone.
class StopOnSignal {
 public:
  explicit StopOnSignal(std::function<void()> stop);

  bool was_stopped() const { return was_stopped_; }

 private:
  std::atomic<bool> was_stopped_ = false;
  std::jthread waiter_;
};

/// Keeps them from this thread and those it starts; the waiter above takes them.
void block_stop_signals();

}  // namespace doppelpack::app
