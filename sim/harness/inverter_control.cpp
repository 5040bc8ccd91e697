// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <cmath>

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
HeardLimits read_limits(const InverterDesign& design, Time t_ns, const InverterState& state) {
  const can_emulator::BatteryView& battery = state.battery;
  HeardLimits heard{
      battery.cvl_V, battery.discharge_voltage_limit_V, battery.ccl_A, battery.dcl_A, true, true};
  if (const FrameWatch* watch = overdue(design, false, t_ns, state)) {
    heard.cvl_V = watch->cvl_V;
    heard.ccl_A = watch->ccl_A;
    heard.dcl_A = watch->dcl_A;
  } else {
    correct(design.corrections, battery, heard);
  }
  if (design.disobedience.ignores_protection) return heard;
  heard.may_charge =
      battery.is_charge_allowed.value_or(true) && !battery.is_charge_protected.value_or(false);
  heard.may_discharge = battery.is_discharge_allowed.value_or(true) &&
                        !battery.is_discharge_protected.value_or(false);
  return heard;
}

// Each change takes effect after the same delay, so the oldest is the first one.
void follow_limits(const InverterDesign& design, Time t_ns, InverterState& state) {
  const HeardLimits heard = read_limits(design, t_ns, state);
  const Time delay_ns = design.disobedience.reaction_delay_ns;
  if (delay_ns == 0) {
    state.limits = heard;
    return;
  }
  std::vector<TimedLimits>& pending = state.pending;
  const HeardLimits& last = pending.empty() ? state.limits : pending.back().limits;
  if (!(heard == last)) pending.push_back({t_ns + delay_ns, heard});
  while (!pending.empty() && pending.front().effective_at_ns <= t_ns) {
    state.limits = pending.front().limits;
    pending.erase(pending.begin());
  }
}

CurrentLimits allowed_currents(const InverterDesign& design, const HeardLimits& heard,
                               bool has_grid) {
  const Disobedience& disobedience = design.disobedience;
  const bool ignores_dcl =
      disobedience.ignores_dcl || (disobedience.ignores_dcl_off_grid && !has_grid);
  const auto limit = [&disobedience](double rating_A, std::optional<double> heard_A,
                                     bool is_ignored, bool is_allowed) {
    if (!is_allowed) return 0.0;
    if (is_ignored || (disobedience.zero_means_no_limit && heard_A == 0.0)) return rating_A;
    return std::clamp(heard_A.value_or(rating_A), 0.0, rating_A);
  };
  return {limit(design.max_charge_A, heard.ccl_A, disobedience.ignores_ccl, heard.may_charge),
          limit(design.max_discharge_A, heard.dcl_A, ignores_dcl, heard.may_discharge)};
}

// Protocols tell the CVL in tenths of a volt.
bool is_discharged_by_cvl(const InverterDesign& design, const HeardLimits& heard) {
  return design.disobedience.cvl_zero_discharges && heard.cvl_V && *heard.cvl_V < 0.05;
}

bool is_lost(const InverterDesign& design, Time t_ns, const InverterState& state) {
  if (state.last_heard_ns < 0) return true;
  if (design.disobedience.never_notices_silence) return false;
  return t_ns - state.last_heard_ns >= design.battery_timeout_ns ||
         overdue(design, true, t_ns, state) != nullptr;
}

void follow_battery(const InverterDesign& design, Time t_ns, InverterState& state) {
  const bool was_lost = state.is_battery_lost;
  state.is_battery_lost = is_lost(design, t_ns, state);
  if (state.is_battery_lost && !was_lost) state.lost_ns = t_ns;
  state.is_missing_frame = overdue(design, false, t_ns, state) != nullptr;
}

// What it heard last may still count.
bool is_still_going(const InverterDesign& design, Time t_ns, const InverterState& state) {
  if (state.last_heard_ns < 0) return false;
  return design.when_lost == WhenLost::alarm_only || t_ns - state.lost_ns < design.stop_delay_ns;
}

bool has_protection(const can_emulator::BatteryView& battery) {
  return battery.protections.value_or(0) != 0 || battery.is_charge_protected.value_or(false) ||
         battery.is_discharge_protected.value_or(false);
}

// Far enough apart to be another unit (estimate); an open path shows no voltage to compare with.
bool is_voltage_wrong(double dc_V, const InverterState& state) {
  constexpr double kShare = 0.2;
  return state.is_connected && dc_V >= kWakeUp_V && state.battery.pack_V &&
         std::abs(*state.battery.pack_V - dc_V) > kShare * dc_V;
}

// A battery that was never heard may still be starting.
bool is_alarmed(const InverterDesign& design, Time t_ns, double dc_V, const InverterState& state) {
  const AlarmCauses& causes = design.alarms;
  const can_emulator::BatteryView& battery = state.battery;
  return (causes.is_lost && state.is_battery_lost && t_ns >= design.battery_timeout_ns) ||
         (causes.is_protection && has_protection(battery)) ||
         (causes.is_warning && battery.warnings.value_or(0) != 0) ||
         (causes.is_voltage && is_voltage_wrong(dc_V, state));
}

// Above the CVL; how fast it comes down is an estimate.
double surplus_A(const InverterDesign& design, const HeardLimits& heard, double dc_V) {
  constexpr double kGain_A_per_V = 50.0;
  if (!design.disobedience.discharges_above_cvl || !heard.cvl_V || !heard.may_discharge) return 0.0;
  return std::clamp((dc_V - *heard.cvl_V - kCutoffMargin_V) * kGain_A_per_V, 0.0,
                    design.max_discharge_A);
}

void forget(InverterState& state) {
  state.battery = {};
  state.last_heard_ns = -1;
  state.watched_ns.clear();
  state.limits = {};
  state.pending.clear();
}

bool is_cheap(const SiteState& site) {
  return site.is_grid_present && site.price <= site.cheap_price;
}

// Power at the DC terminals for one on the AC side, and the other way round; + charges.
double to_dc_W(const ConversionLosses& losses, double ac_W) {
  return ac_W > 0.0 ? ac_W * losses.efficiency : ac_W / losses.efficiency;
}

double to_ac_W(const ConversionLosses& losses, double dc_W) {
  return dc_W > 0.0 ? dc_W / losses.efficiency : dc_W * losses.efficiency;
}

// The wish at the DC terminals, + charges.
double wish_W(const ConversionLosses& losses, const SiteState& site, const InverterState& state) {
  if (!site.is_active) return state.demand_W;
  const double surplus_W = site.sun_W - site.house_W - losses.no_load_W;
  if (!is_cheap(site)) return to_dc_W(losses, surplus_W);
  // Nothing is taken from the pack while the grid may fill it.
  return to_dc_W(losses, std::max(surplus_W, 0.0) + site.cheap_charge_W);
}

// Likewise as a current; demand_A holds it whatever the voltage, as a laboratory supply does.
double wish_A(const ConversionLosses& losses, const SiteState& site, double dc_V,
              const InverterState& state) {
  const double power_A = wish_W(losses, site, state) / std::max(dc_V, kWakeUp_V);
  return site.is_active ? power_A : power_A + state.demand_A;
}

double find_grid_W(const ConversionLosses& losses, const SiteState& site, const DcReading& dc) {
  if (!site.is_active || !site.is_grid_present) return 0.0;
  return site.house_W - site.sun_W + losses.no_load_W + to_ac_W(losses, dc.dc_V * dc.dc_A);
}

// A battery that says nothing may be asleep behind an open path.
void wake_battery(InverterState& state) {
  if (!(state.wake_V > 0.0) || !state.is_battery_lost || !state.is_connected) return;
  state.target_A = kWaking_A;
  state.max_V = state.wake_V;
}

/// What holds it back from its wish.
struct Restraint {
  CurrentLimits currents;
  double max_V = 0.0;
  double cutoff_V = 0.0;
  bool must_discharge = false;  ///< with all of currents.discharge_A
};

Restraint restrain(const InverterDesign& design, Time t_ns, bool has_grid, double dc_V,
                   const InverterState& state) {
  Restraint restraint{ratings(design), design.charge_V, design.cutoff_V, false};
  if (!design.obeys_limits || !state.obeys_limits) return restraint;
  if (state.is_battery_lost && design.when_lost == WhenLost::fall_back) return restraint;

  const HeardLimits& heard = state.limits;
  restraint.cutoff_V = std::max(design.cutoff_V, heard.discharge_V.value_or(design.cutoff_V));
  const double ceiling_V = heard.cvl_V.value_or(design.charge_V);
  restraint.max_V = std::min(design.charge_V, ceiling_V + design.disobedience.cvl_excess_V);
  const bool has_limits = !state.is_battery_lost || is_still_going(design, t_ns, state);
  const bool is_standing_by = design.stops_on_alarm && state.is_alarm;
  if (!has_limits || is_standing_by) {
    restraint.currents = {};
    return restraint;
  }
  restraint.currents = allowed_currents(design, heard, has_grid);
  restraint.must_discharge = is_discharged_by_cvl(design, heard);
  const double excess_A = surplus_A(design, heard, dc_V);
  if (excess_A > 0.0) {
    restraint.currents.discharge_A = excess_A;
    restraint.must_discharge = true;
  }
  return restraint;
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
  follow_battery(design, t_ns, state);
  state.is_alarm = is_awake && is_alarmed(design, t_ns, dc_V, state);
  follow_limits(design, t_ns, state);

  const Restraint restraint = restrain(design, t_ns, site.is_grid_present, dc_V, state);
  CurrentLimits limits = restraint.currents;
  state.max_V = restraint.max_V;
  state.is_cut_off = is_cut_off(state.is_cut_off, dc_V, restraint.cutoff_V);
  if (state.is_cut_off || dc_V < kWakeUp_V) limits.discharge_A = 0.0;
  if (!state.is_connected || !is_awake) limits = {};

  double asked_A = wish_A(design.losses, site, dc_V, state);
  if (restraint.must_discharge) asked_A = -limits.discharge_A;
  state.target_A = std::clamp(asked_A, 0.0 - limits.discharge_A, limits.charge_A);
  if (is_awake) wake_battery(state);
  site.grid_W = find_grid_W(design.losses, site, dc);
}

}  // namespace doppelpack::sim
