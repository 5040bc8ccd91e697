// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pacer.hpp"

#include <cerrno>
#include <ctime>

#include "sim/timing.hpp"

namespace doppelpack::sim {

namespace {

/// False when a signal ended it early.
bool sleep_until(Pacer::WallClock::time_point wall) {
  // steady_clock is CLOCK_MONOTONIC on Linux, for libstdc++ and libc++ alike.
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(wall.time_since_epoch()).count();
  const timespec until{static_cast<time_t>(since_epoch / kSecond),
                       static_cast<long>(since_epoch % kSecond)};
  return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == 0;
}

}  // namespace

bool Pacer::resume(Time t_ns) {
  if (!is_paced()) return false;
  const auto now = WallClock::now();
  const bool was_started = is_started_;
  if (was_started && now - due(t_ns) < TimingReport::kGivenUp) return false;
  start_anew(t_ns, now);
  return was_started;
}

void Pacer::start_anew(Time t_ns, WallClock::time_point wall) {
  is_started_ = true;
  start_t_ns_ = t_ns;
  start_wall_ = wall;
}

Pacer::WallClock::time_point Pacer::due(Time t_ns) const {
  if (!is_paced()) return {};
  const auto ahead =
      std::chrono::duration<double, std::nano>(static_cast<double>(t_ns - start_t_ns_) / speed_);
  return start_wall_ + std::chrono::duration_cast<WallClock::duration>(ahead);
}

Pacer::WallClock::time_point Pacer::wait_for(Time t_ns) const {
  if (!is_paced()) return {};
  const auto deadline = due(t_ns);
  auto now = WallClock::now();
  if (now < deadline - spin_) {
    // A signal ends the wait early: the caller looks at its stop flag, and the next deadline is
    // absolute again.
    const bool has_slept = sleep_until(deadline - spin_);
    now = WallClock::now();
    if (!has_slept) return now;
  }
  while (now < deadline) now = WallClock::now();
  return now;
}

}  // namespace doppelpack::sim
