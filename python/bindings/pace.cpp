// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pace.hpp"

#include <pybind11/stl.h>

#include <chrono>
#include <cmath>

#include "arguments.hpp"
#include "sim/real_time_bundle.hpp"

namespace doppelpack::bindings {

void apply(const PaceArguments& pace, sim::BenchOptions& options) {
  if (pace.speed) {
    options.speed = checked(*pace.speed, 1e-3, 1e6, "speed");
  } else if (pace.is_real_time) {
    options.speed = 1.0;
  } else if (pace.budget_s) {
    reject("timing_budget", "found a bench that is not paced, expected speed or real_time as well");
  }
  if (pace.budget_s)
    options.real_time.budget = std::chrono::nanoseconds(
        std::llround(checked(*pace.budget_s, 1e-6, 1.0, "timing_budget") * 1e9));
  if (!pace.is_real_time) return;
  options.real_time.spin = sim::kRealTimeSpin;
  options.real_time.fifo_priority = sim::kRealTimeFifoPriority;
  options.real_time.locks_memory = true;
}

py::object describe(const std::optional<sim::TimingReport>& timing) {
  if (!timing) return py::none();
  using namespace py::literals;  // NOLINT(google-build-using-namespace): the literals of pybind11
  return py::dict(
      "speed"_a = timing->speed, "budget_ms"_a = timing->budget_ms, "slots"_a = timing->slots,
      "missed_slots"_a = timing->missed_slots, "late_share"_a = timing->late_share,
      "lateness_us"_a = py::dict("p50"_a = timing->p50_us, "p99"_a = timing->p99_us,
                                 "p99_9"_a = timing->p99_9_us, "max"_a = timing->max_us),
      "worst_catch_up_ms"_a = timing->worst_catch_up_ms, "slips"_a = timing->slips,
      "pauses"_a = timing->pauses, "is_valid"_a = timing->is_valid, "reason"_a = timing->reason,
      "scheduling"_a = timing->scheduling);
}

}  // namespace doppelpack::bindings
