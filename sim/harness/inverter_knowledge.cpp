// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a brand of inverter holds against what a pack says: that it knows such packs better, or that
// it misses a frame.

#include <algorithm>
#include <string_view>

#include "sim/inverter.hpp"

namespace doppelpack::sim {

namespace {

bool calls_itself(std::string_view name, const can_emulator::BatteryView& battery) {
  const auto begins = [name](const std::optional<std::string>& own) {
    return own && own->starts_with(name);
  };
  return begins(battery.family) || begins(battery.manufacturer) || begins(battery.device_name);
}

void lower_to(const std::optional<double>& highest, std::optional<double>& value) {
  if (highest) value = std::min(value.value_or(*highest), *highest);
}

void apply(const PackCorrection& correction, const can_emulator::BatteryView& battery,
           HeardLimits& limits) {
  const bool is_idle = limits.ccl_A == 0.0;
  if (correction.cvl_V && limits.cvl_V && *limits.cvl_V <= correction.cvl_up_to_V)
    limits.cvl_V = correction.cvl_V;
  lower_to(correction.highest_cvl_V, limits.cvl_V);
  if (is_idle) lower_to(correction.idle_highest_cvl_V, limits.cvl_V);
  if (is_idle && correction.idle_ccl_A) limits.ccl_A = correction.idle_ccl_A;
  if (limits.ccl_A && battery.full_Ah) {
    const double lowest_A = correction.lowest_ccl_per_h * *battery.full_Ah;
    limits.ccl_A = std::max(*limits.ccl_A, lowest_A);
  }
}

}  // namespace

void correct(const std::vector<PackCorrection>& corrections,
             const can_emulator::BatteryView& battery, HeardLimits& limits) {
  for (const PackCorrection& correction : corrections) {
    if (!calls_itself(correction.pack, battery)) continue;
    apply(correction, battery, limits);
    return;
  }
}

const FrameWatch* overdue(const InverterDesign& design, bool is_battery_lost, Time t_ns,
                          const InverterState& state) {
  for (std::size_t i = 0; i < design.watches.size(); ++i) {
    const FrameWatch& watch = design.watches[i];
    const Time heard_ns = i < state.watched_ns.size() ? state.watched_ns[i] : 0;
    if (watch.is_battery_lost == is_battery_lost && t_ns - heard_ns >= watch.timeout_ns)
      return &watch;
  }
  return nullptr;
}

}  // namespace doppelpack::sim
