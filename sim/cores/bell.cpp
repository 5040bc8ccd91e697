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
  bell.is_rung = true;
  const char wake = '.';
  // Where no byte fits any more, one waits to be read.
  if (bell.is_slept_for.exchange(false)) send(socket, &wake, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

BellListener::Heard BellListener::wait() {
  if (waits_without_looking_ > 0)
    --waits_without_looking_;
  else
    look();
  const Heard heard = bell_->is_rung ? Heard::ring : sleep();
  if (heard == Heard::ring) bell_->is_rung = false;
  return heard;
}

void BellListener::look() {
  for (int i = 0; i < kLooks; ++i) {
    if (bell_->is_rung) return;
    pause_a_little();
  }
  waits_without_looking_ = kWaitsWithoutLooking;
}

// A byte says only that it is time to look: it may be late, from a ring that was seen before it came.
BellListener::Heard BellListener::sleep() {
  while (true) {
    bell_->is_slept_for = true;
    if (bell_->is_rung) break;
    char wake = 0;
    const ssize_t count = recv(socket_, &wake, 1, 0);
    if (count == 0) return Heard::end;
    if (count < 0 && errno != EINTR)
      return errno == EAGAIN || errno == EWOULDBLOCK ? Heard::nothing : Heard::end;
  }
  bell_->is_slept_for = false;
  return Heard::ring;
}

}  // namespace doppelpack::sim
