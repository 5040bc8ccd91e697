// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Ties simulated time to the host's clock. Every deadline is absolute, so no error adds up.
#pragma once

#include <chrono>

#include "sim/time.hpp"

namespace doppelpack::sim {

class Pacer {
 public:
  /// speed: simulated seconds per second; 0: never waits.
  explicit Pacer(double speed) : speed_(speed) {}

  bool is_paced() const { return speed_ > 0.0; }

  /// Called whenever time starts to run again. After a pause t_ns corresponds to now; a run that
  /// goes on in slices keeps its deadlines and catches up what it lags.
  void resume(Time t_ns);

  /// The host's time at which t_ns is due; long ago without a pace.
  std::chrono::steady_clock::time_point due(Time t_ns) const;

  /// Waits until the host's clock has reached t_ns; returns at once when it is late already.
  void wait_for(Time t_ns) const;

 private:
  double speed_;
  bool is_started_ = false;
  Time start_t_ns_ = 0;
  std::chrono::steady_clock::time_point start_wall_;
};

}  // namespace doppelpack::sim
