// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How much simulated time the next slice of a live run may take, and how late slices are.
#pragma once

#include <chrono>

#include "http/live_frame.hpp"

namespace doppelpack::http {

class RunClock {
 public:
  using WallClock = std::chrono::steady_clock;
  /// A slice on the host's clock: frames are published and commands obeyed that often.
  static constexpr std::chrono::milliseconds kSlice{25};
  /// Behind by more than this, the pacer starts anew from where it is.
  static constexpr std::chrono::milliseconds kSlip{200};

  explicit RunClock(double speed) { state_.speed = speed; }

  const ClockState& state() const { return state_; }
  const TimingHealth& timing() const { return timing_; }

  void set_running(bool is_running);
  void set_speed(double speed);

  /// Simulated time of the next slice: kSlice at the present speed, less where the machine is too slow.
  sim::Time slice_ns() const { return slice_ns_; }
  /// A slice of that much simulated time took so long.
  void note(sim::Time simulated_ns, WallClock::duration took);

 private:
  sim::Time longest_ns() const;
  void start_anew();
  void note_lag(sim::Time simulated_ns, WallClock::duration took);

  ClockState state_;
  TimingHealth timing_;
  sim::Time slice_ns_ = sim::kMillisecond;
  // Of the second that achieved_speed looks at.
  sim::Time second_simulated_ns_ = 0;
  WallClock::duration second_took_{};
};

}  // namespace doppelpack::http
