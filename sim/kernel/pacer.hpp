// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Ties simulated time to the host's clock. Every deadline is absolute, so no error adds up.
#pragma once

#include <chrono>

#include "sim/time.hpp"

namespace doppelpack::sim {

class Pacer {
 public:
  using WallClock = std::chrono::steady_clock;

  /// speed: simulated seconds per second; 0: never waits. spin: how long before a deadline it stops
  /// sleeping and looks at the clock.
  explicit Pacer(double speed, std::chrono::nanoseconds spin = {}) : speed_(speed), spin_(spin) {}

  bool is_paced() const { return speed_ > 0.0; }
  double speed() const { return speed_; }

  /// Called whenever time starts to run again. After a pause t_ns corresponds to now; a run that
  /// goes on in slices keeps its deadlines and catches up what it lags. True: it had deadlines, and they
  /// are so long ago that they were given up.
  bool resume(Time t_ns);
  /// From now on t_ns corresponds to `wall`.
  void start_anew(Time t_ns, WallClock::time_point wall);

  /// The host's time at which t_ns is due; long ago without a pace.
  WallClock::time_point due(Time t_ns) const;

  /// Waits until the host's clock has reached t_ns; returns at once when it is late already. Returns what
  /// the clock shows then: before t_ns only when a signal came.
  WallClock::time_point wait_for(Time t_ns) const;

 private:
  double speed_;
  std::chrono::nanoseconds spin_;
  bool is_started_ = false;
  Time start_t_ns_ = 0;
  WallClock::time_point start_wall_;
};

}  // namespace doppelpack::sim
