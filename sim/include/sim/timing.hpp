// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a paced run wants to be scheduled, and how well it has kept to the host's clock.
//
// A paced run is cut into slots of a millisecond of simulated time, at high speed of at least a quarter of a
// millisecond of the host's. The end of each is a deadline. It is served once everything up to it is
// simulated and the host's clock has reached it; lateness is by how much it was served after that, be it
// that the thread woke up late or that there was more to do than time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace doppelpack::sim {

/// What a paced run asks the host for. What the host does not grant is named in TimingReport::scheduling
/// and in one notice; the run goes on without it.
struct RealTimeOptions {
  /// Later than this a slot is late. A millisecond is one pass of the firmware: below it the firmware sees what
  /// comes in from outside in the pass in which it would on a perfect host, and the 1.75 ms of silence
  /// between two frames of Modbus RTU stay what they are.
  std::chrono::nanoseconds budget = std::chrono::milliseconds(1);
  std::chrono::nanoseconds spin{0};  ///< wakes that much before a deadline and looks at the clock
  int fifo_priority = 0;             ///< 1..99: SCHED_FIFO; 0: the ordinary scheduler
  bool locks_memory = false;         ///< the whole process stays in memory
  std::optional<int> cpu;            ///< the thread of the simulation runs on this one only
  /// Whoever runs the bench may let it stand still between two runs; false: that is a lag as well, unless the
  /// speed was set in between.
  bool may_rest = true;
};

/// All slots of a paced run so far, at whatever speeds. Times are the host's.
struct TimingReport {
  double speed =
      0.0;  ///< simulated seconds per second, the last one that was not "as fast as possible"
  double budget_ms = 0.0;
  std::uint64_t slots = 0;
  std::uint64_t missed_slots = 0;  ///< served when the deadline after it had passed as well
  double late_share = 0.0;         ///< of the slots: later than the budget
  // Up to 1.6 % above the true value.
  double p50_us = 0.0;
  double p99_us = 0.0;
  double p99_9_us = 0.0;
  double max_us = 0.0;
  /// Longest time from the deadline of the first late slot until one was not late any more.
  double worst_catch_up_ms = 0.0;
  std::uint64_t slips = 0;   ///< lags of kGivenUp or more, which are not caught up
  std::uint64_t pauses = 0;  ///< rests of kGivenUp or more; not late
  /// No slip, at most kLateShare of the slots later than the budget, none kTooLate times as late.
  bool is_valid = false;
  std::string reason;  ///< why it is not valid; empty: it is
  /// What was asked for, as granted or refused: "SCHED_FIFO 50", "memory not locked: ...".
  std::vector<std::string> scheduling;

  static constexpr double kLateShare = 0.001;
  static constexpr int kTooLate = 10;
  static constexpr std::chrono::milliseconds kGivenUp{200};
};

}  // namespace doppelpack::sim
