// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/bell.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace doppelpack::sim {

namespace {

constexpr int kLooks = 2000;  // 20 to 100 us, as long as the processor makes a pause
constexpr int kWaitsWithoutLooking = 200;

void pause_a_little() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

}  // namespace

void ring(Bell& bell, int socket) {
  ++bell.rung;
  const char wake = '.';
  // Nobody there to take it is noticed by the wait for an answer.
  if (bell.is_slept_for.exchange(false)) send(socket, &wake, 1, MSG_NOSIGNAL);
}

BellListener::Heard BellListener::wait() {
  if (waits_without_looking_ > 0)
    --waits_without_looking_;
  else
    look();
  const Heard heard = is_rung() ? Heard::ring : sleep();
  if (heard == Heard::ring) ++heard_;
  return heard;
}

void BellListener::look() {
  for (int i = 0; i < kLooks; ++i) {
    if (is_rung()) return;
    pause_a_little();
  }
  waits_without_looking_ = kWaitsWithoutLooking;
}

BellListener::Heard BellListener::sleep() {
  bell_->is_slept_for = true;
  // Rung in between; unless the ringing process has noticed already, and wakes.
  if (is_rung() && bell_->is_slept_for.exchange(false)) return Heard::ring;
  char wake = 0;
  ssize_t count = 0;
  do {
    count = recv(socket_, &wake, 1, 0);
  } while (count < 0 && errno == EINTR);
  if (count == 1) return Heard::ring;
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Heard::nothing : Heard::end;
}

}  // namespace doppelpack::sim
