// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/timing_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace doppelpack::sim {

namespace {

double to_thousandths(double value) {
  return std::round(value * 1e3) / 1e3;
}

}  // namespace

nlohmann::ordered_json to_value(const TimingReport& timing) {
  return {{"speed", timing.speed},
          {"budget_ms", timing.budget_ms},
          {"slots", timing.slots},
          {"missed_slots", timing.missed_slots},
          {"late_share", timing.late_share},
          {"lateness_us",
           {{"p50", to_thousandths(timing.p50_us)},
            {"p99", to_thousandths(timing.p99_us)},
            {"p99_9", to_thousandths(timing.p99_9_us)},
            {"max", to_thousandths(timing.max_us)}}},
          {"worst_catch_up_ms", to_thousandths(timing.worst_catch_up_ms)},
          {"slips", timing.slips},
          {"pauses", timing.pauses},
          {"is_valid", timing.is_valid},
          {"reason", timing.reason},
          {"scheduling", timing.scheduling}};
}

std::vector<std::pair<std::string, std::string>> to_properties(const TimingReport& timing) {
  return {{"timing", timing.is_valid ? "valid" : "not valid: " + timing.reason},
          {"timing_speed", fmt::format("{:.9g}", timing.speed)},
          {"timing_budget_ms", fmt::format("{:.9g}", timing.budget_ms)},
          {"timing_slots", std::to_string(timing.slots)},
          {"timing_missed_slots", std::to_string(timing.missed_slots)},
          {"timing_lateness_p50_us", fmt::format("{:.1f}", timing.p50_us)},
          {"timing_lateness_p99_us", fmt::format("{:.1f}", timing.p99_us)},
          {"timing_lateness_p99_9_us", fmt::format("{:.1f}", timing.p99_9_us)},
          {"timing_lateness_max_us", fmt::format("{:.1f}", timing.max_us)},
          {"timing_worst_catch_up_ms", fmt::format("{:.3f}", timing.worst_catch_up_ms)},
          {"timing_slips", std::to_string(timing.slips)},
          {"timing_scheduling", fmt::format("{}", fmt::join(timing.scheduling, "; "))}};
}

}  // namespace doppelpack::sim
