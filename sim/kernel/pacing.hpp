// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Keeps a bench to the host's clock and counts how well that goes.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "pacer.hpp"
#include "real_time_thread.hpp"
#include "sim/timing_statistics.hpp"

namespace doppelpack::sim {

class Pacing {
 public:
  /// notice: for one line about what the host does not grant; may be empty.
  Pacing(double speed, const RealTimeOptions& options,
         std::function<void(std::string_view line)> notice);

  const Pacer& pacer() const { return pacer_; }
  bool is_paced() const { return pacer_.is_paced(); }
  /// Simulated time from one deadline to the next.
  Time slot_ns() const;

  void set_speed(double speed);
  /// Time starts to run again. The first time the thread becomes what the options ask for, and stays so
  /// until the end of this: what was started before, and what another bench starts, does not.
  void resume(Time t_ns);
  /// Everything up to t_ns has been simulated: waits for its deadline and counts it.
  void wait_for(Time t_ns);

  /// Nothing before the first deadline.
  std::optional<TimingReport> report() const;

 private:
  void claim_thread();

  RealTimeOptions options_;
  std::function<void(std::string_view line)> notice_;
  Pacer pacer_;
  double last_speed_ = 0.0;  ///< other than 0
  TimingStatistics statistics_;
  std::optional<RealTimeThread> thread_;
};

}  // namespace doppelpack::sim
