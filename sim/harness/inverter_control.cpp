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

// What is not in the protocol does not limit.
HeardLimits read_limits(const Disobedience& disobedience,
                        const can_emulator::BatteryView& battery) {
  HeardLimits heard{
      battery.cvl_V, battery.discharge_voltage_limit_V, battery.ccl_A, battery.dcl_A, true, true};
  if (disobedience.ignores_protection) return heard;
  heard.may_charge =
      battery.is_charge_allowed.value_or(true) && !battery.is_charge_protected.value_or(false);
  heard.may_discharge = battery.is_discharge_allowed.value_or(true) &&
                        !battery.is_discharge_protected.value_or(false);
  return heard;
}

// Each change takes effect after the same delay, so the oldest is the first one.
void follow_limits(const Disobedience& disobedience, Time t_ns, InverterState& state) {
  const HeardLimits heard = read_limits(disobedience, state.battery);
  if (disobedience.reaction_delay_ns == 0) {
    state.limits = heard;
    return;
  }
  std::vector<TimedLimits>& pending = state.pending;
  const HeardLimits& last = pending.empty() ? state.limits : pending.back().limits;
  if (!(heard == last)) pending.push_back({t_ns + disobedience.reaction_delay_ns, heard});
  while (!pending.empty() && pending.front().effective_at_ns <= t_ns) {
    state.limits = pending.front().limits;
    pending.erase(pending.begin());
  }
}

CurrentLimits allowed_currents(const InverterDesign& design, const HeardLimits& heard) {
  const Disobedience& disobedience = design.disobedience;
  const auto limit = [&disobedience](double rating_A, std::optional<double> heard_A,
                                     bool is_ignored, bool is_allowed) {
    if (!is_allowed) return 0.0;
    if (is_ignored || (disobedience.zero_means_no_limit && heard_A == 0.0)) return rating_A;
    return std::clamp(heard_A.value_or(rating_A), 0.0, rating_A);
  };
  return {
      limit(design.max_charge_A, heard.ccl_A, disobedience.ignores_ccl, heard.may_charge),
      limit(design.max_discharge_A, heard.dcl_A, disobedience.ignores_dcl, heard.may_discharge)};
}

// Protocols tell the CVL in tenths of a volt.
bool is_discharged_by_cvl(const InverterDesign& design, const HeardLimits& heard) {
  return design.disobedience.cvl_zero_discharges && heard.cvl_V && *heard.cvl_V < 0.05;
}

bool is_lost(const InverterDesign& design, Time t_ns, const InverterState& state) {
  if (state.last_heard_ns < 0) return true;
  return !design.disobedience.never_notices_silence &&
         t_ns - state.last_heard_ns >= design.battery_timeout_ns;
}

void forget(InverterState& state) {
  state.battery = {};
  state.last_heard_ns = -1;
  state.limits = {};
  state.pending.clear();
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

bool is_restarting(const InverterDesign& design, Time t_ns) {
  const Time period_ns = design.disobedience.restart_period_ns;
  return period_ns > 0 && t_ns >= period_ns && t_ns % period_ns < kRestart;
}

void control(const InverterDesign& design, Time t_ns, const DcReading& dc, SiteState& site,
             InverterState& state) {
  const double dc_V = dc.dc_V;
  const bool is_awake = !is_restarting(design, t_ns);
  if (!is_awake) forget(state);
  state.is_battery_lost = is_lost(design, t_ns, state);
  follow_limits(design.disobedience, t_ns, state);

  const bool obeys = design.obeys_limits && state.obeys_limits;
  double cutoff_V = design.cutoff_V;
  state.max_V = design.charge_V;
  CurrentLimits limits = ratings(design);
  if (obeys) {
    const HeardLimits& heard = state.limits;
    cutoff_V = std::max(cutoff_V, heard.discharge_V.value_or(cutoff_V));
    const double ceiling_V = heard.cvl_V.value_or(design.charge_V);
    state.max_V = std::min(design.charge_V, ceiling_V + design.disobedience.cvl_excess_V);
    limits = state.is_battery_lost ? CurrentLimits{} : allowed_currents(design, heard);
  }
  state.is_cut_off = is_cut_off(state.is_cut_off, dc_V, cutoff_V);
  if (state.is_cut_off || dc_V < kWakeUp_V) limits.discharge_A = 0.0;
  if (!state.is_connected || !is_awake) limits = {};

  double wish_A = wish_W(site, state) / std::max(dc_V, kWakeUp_V);
  if (obeys && is_discharged_by_cvl(design, state.limits)) wish_A = -limits.discharge_A;
  state.target_A = std::clamp(wish_A, 0.0 - limits.discharge_A, limits.charge_A);
  if (is_awake) wake_battery(state);
  site.grid_W = site.is_active ? site.house_W - site.sun_W + dc_V * dc.dc_A : 0.0;
}

}  // namespace doppelpack::sim
