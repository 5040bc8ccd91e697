// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/run_clock.hpp"

#include <algorithm>

namespace doppelpack::http {

namespace {

double in_ms(RunClock::WallClock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

void RunClock::set_running(bool is_running) {
  if (is_running != state_.is_running) start_anew();
  state_.is_running = is_running;
}

void RunClock::set_speed(double speed) {
  state_.speed = speed;
  start_anew();
}

void RunClock::start_anew() {
  timing_ = {};
  second_simulated_ns_ = 0;
  second_took_ = {};
  slice_ns_ = std::min(slice_ns_, longest_ns());
}

sim::Time RunClock::longest_ns() const {
  constexpr sim::Time kFree = 600 * sim::kSecond;
  if (state_.speed <= 0.0) return kFree;
  const std::chrono::duration<double, std::nano> slice = kSlice;
  return std::max(static_cast<sim::Time>(slice.count() * state_.speed), sim::kMillisecond);
}

void RunClock::note(sim::Time simulated_ns, WallClock::duration took) {
  // Grows by steps, shrinks at once: a slice that is too long makes buttons sluggish.
  const double share = in_ms(kSlice) / std::max(in_ms(took), 0.001);
  const double wished = static_cast<double>(simulated_ns) * std::min(share, 1.5);
  const bool is_slow = took > 2 * kSlice;
  slice_ns_ = std::clamp(
      static_cast<sim::Time>(state_.speed > 0.0 && !is_slow ? static_cast<double>(slice_ns_) * 1.5
                                                            : wished),
      sim::kMillisecond, longest_ns());
  note_lag(simulated_ns, took);
  second_simulated_ns_ += simulated_ns;
  second_took_ += took;
  if (second_took_ < std::chrono::seconds(1)) return;
  timing_.achieved_speed = sim::to_seconds(second_simulated_ns_) / (in_ms(second_took_) / 1e3);
  second_simulated_ns_ = 0;
  second_took_ = {};
}

void RunClock::note_lag(sim::Time simulated_ns, WallClock::duration took) {
  ++timing_.slices;
  if (state_.speed <= 0.0) return;
  const double due_ms = sim::to_seconds(simulated_ns) * 1e3 / state_.speed;
  timing_.lag_ms = std::max(timing_.lag_ms + in_ms(took) - due_ms, 0.0);
  timing_.worst_lag_ms = std::max(timing_.worst_lag_ms, timing_.lag_ms);
  if (timing_.lag_ms > TimingHealth::kLate_ms) ++timing_.late_slices;
  if (timing_.lag_ms < in_ms(kSlip)) return;
  ++timing_.slips;
  timing_.lag_ms = 0.0;
}

}  // namespace doppelpack::http
