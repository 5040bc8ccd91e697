// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/inverter.hpp"

namespace doppelpack::sim {

namespace {

constexpr double kWakeUp_V = 20.0;        // below it the stage can charge a pack awake, no more
constexpr double kCutoffMargin_V = 0.1;   // the stage itself already holds the cut-off voltage
constexpr double kWaking_A = 1.0;         // enough for a DC link, harmless to a pack (estimate)
constexpr double kRestartMargin_V = 2.0;  // unloaded, a pack recovers by less than this

/// Magnitudes.
struct CurrentLimits {
  double charge_A = 0.0;
  double discharge_A = 0.0;
};

CurrentLimits ratings(const InverterDesign& design) {
  return {design.max_charge_A, design.max_discharge_A};
}

// What was not heard, or is not in the protocol, does not limit.
CurrentLimits limits_heard(const InverterDesign& design, const can_emulator::BatteryView& battery) {
  const auto limit = [](double rating_A, std::optional<double> heard_A,
                        std::optional<bool> allowed) {
    if (!allowed.value_or(true)) return 0.0;
    return std::clamp(heard_A.value_or(rating_A), 0.0, rating_A);
  };
  return {limit(design.max_charge_A, battery.ccl_A, battery.is_charge_allowed),
          limit(design.max_discharge_A, battery.dcl_A, battery.is_discharge_allowed)};
}

bool is_cheap(const SiteState& site) {
  return site.price <= site.cheap_price;
}

// The wish at the DC terminals, + charges.
double wish_W(const SiteState& site, const InverterState& state) {
  if (!site.is_active) return state.demand_W;
  const double surplus_W = site.sun_W - site.house_W;
  if (!is_cheap(site)) return surplus_W;
  // Nothing is taken from the pack while the grid may fill it.
  return std::max(surplus_W, 0.0) + site.cheap_charge_W;
}

// A battery that says nothing may be asleep behind an open path.
void wake_battery(InverterState& state) {
  if (!(state.wake_V > 0.0) || !state.is_battery_lost || !state.is_connected) return;
  state.target_A = kWaking_A;
  state.max_V = state.wake_V;
}

bool is_cut_off(bool was_cut_off, double dc_V, double cutoff_V) {
  const double margin_V = was_cut_off ? kRestartMargin_V : kCutoffMargin_V;
  return dc_V <= cutoff_V + margin_V;
}

}  // namespace

void control(const InverterDesign& design, Time t_ns, const DcReading& dc, SiteState& site,
             InverterState& state) {
  const double dc_V = dc.dc_V;
  const bool was_heard = state.last_heard_ns >= 0;
  state.is_battery_lost = !was_heard || t_ns - state.last_heard_ns >= design.battery_timeout_ns;

  const bool obeys = design.obeys_limits && state.obeys_limits;
  double cutoff_V = design.cutoff_V;
  state.max_V = design.charge_V;
  CurrentLimits limits = ratings(design);
  if (obeys) {
    cutoff_V = std::max(cutoff_V, state.battery.discharge_voltage_limit_V.value_or(cutoff_V));
    state.max_V = std::min(design.charge_V, state.battery.cvl_V.value_or(design.charge_V));
    limits = state.is_battery_lost ? CurrentLimits{} : limits_heard(design, state.battery);
  }
  state.is_cut_off = is_cut_off(state.is_cut_off, dc_V, cutoff_V);
  if (state.is_cut_off || dc_V < kWakeUp_V) limits.discharge_A = 0.0;
  if (!state.is_connected) limits = {};

  const double wish_A = wish_W(site, state) / std::max(dc_V, kWakeUp_V);
  state.target_A = std::clamp(wish_A, 0.0 - limits.discharge_A, limits.charge_A);
  wake_battery(state);
  site.grid_W = site.is_active ? site.house_W - site.sun_W + dc_V * dc.dc_A : 0.0;
}

}  // namespace doppelpack::sim
