// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/power_path.hpp"

#include <algorithm>
#include <cmath>

namespace doppelpack::models {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double conducting_share(const MosfetCondition& condition, const SwitchState& state, bool gate) {
  if (state.is_molten) return 1.0;
  return gate ? 1.0 - condition.open_share : condition.closed_share;
}

double channel_Ohm(const SwitchParameters& p, double share, double T_degC) {
  return p.on_Ohm * (1.0 + p.on_per_K * (T_degC - 25.0)) / share;
}

struct Contacts {
  bool is_open = false;
  double r_Ohm = 0.0;
  double precharge_Ohm = 0.0;
};

Contacts compose_relays(const PowerPathParameters& p, const Hardware& hardware,
                        const PowerPathState& state) {
  if (!p.has_relays) return {};
  const bool is_main = is_closed(hardware.main_relay_1, state.main_1);
  const bool is_precharge = is_closed(hardware.precharge_relay, state.precharge);
  const bool is_second = is_closed(hardware.main_relay_2, state.main_2);
  const double contact_Ohm = p.contact.r_Ohm;
  if (!is_second || !(is_main || is_precharge)) return {true, 2.0 * contact_Ohm, 0.0};
  if (!is_precharge) return {false, 2.0 * contact_Ohm, 0.0};
  const double precharge_Ohm = p.precharge_Ohm * hardware.precharge_factor;
  if (!is_main) return {false, 2.0 * contact_Ohm, precharge_Ohm};
  // Current divider: each branch contributes its resistance times the square of its share.
  const double branch_Ohm = contact_Ohm + precharge_Ohm;
  const double share = contact_Ohm / (contact_Ohm + branch_Ohm);
  return {false, contact_Ohm * (1.0 + (1.0 - share) * (1.0 - share) + share * share),
          precharge_Ohm * share * share};
}

// One direction: `own` is the group that blocks it when off, `other` then conducts by its diode.
PathDirection compose_direction(const PowerPathParameters& p, double own_Ohm, double other_Ohm,
                                const SwitchParameters& other, double rest_Ohm, bool is_open) {
  PathDirection direction;
  const bool is_diode = other_Ohm <= 0.0;
  direction.switch_Ohm = own_Ohm + (is_diode ? other.diode_Ohm : other_Ohm);
  direction.r_Ohm = rest_Ohm + direction.switch_Ohm;
  direction.knee_V = is_diode ? other.diode_V : 0.0;
  direction.arc_V = is_open ? p.arc_V : 0.0;
  return direction;
}

void finish(bool is_open, PathDirection& direction) {
  direction.drop_V = direction.knee_V + direction.charge_avalanche_V +
                     direction.discharge_avalanche_V + direction.arc_V;
  direction.start_V = is_open ? kInfinity : direction.drop_V;
}

// The link and its stage as seen by whatever takes current from it in this step.
struct LinkSource {
  const TerminalSource& stage;
  double hold_S;  // the capacitor's companion
  double held_V;
  double clamp_V;
  double clamp_Ohm;
};

struct LinkPoint {
  double current_A = 0.0;  // out of the link
  double link_V = 0.0;
};

LinkPoint meet_clamped(const LinkSource& link, double emf_V, double r_Ohm) {
  const double active_A = std::max(link.stage.current_A, 0.0);
  const double clamp_S = 1.0 / link.clamp_Ohm;
  const double total_S = link.stage.conductance_S + link.hold_S + clamp_S;
  const double current_A = (active_A + link.hold_S * (link.held_V - emf_V) -
                            link.stage.conductance_S * emf_V - clamp_S * (link.clamp_V + emf_V)) /
                           (1.0 + total_S * r_Ohm);
  return {current_A, emf_V + r_Ohm * current_A};
}

// Where the link meets a linear circuit of emf_V behind r_Ohm > 0.
LinkPoint meet(const LinkSource& link, double emf_V, double r_Ohm) {
  const TerminalSource& stage = link.stage;
  const double share = 1.0 / (1.0 + (stage.conductance_S + link.hold_S) * r_Ohm);
  const double passive_A =
      (link.hold_S * (link.held_V - emf_V) - stage.conductance_S * emf_V) * share;
  double current_A = passive_A + stage.current_A * share;
  double link_V = emf_V + r_Ohm * current_A;

  const bool is_above = stage.current_A > 0.0 && link_V > stage.max_V;
  const bool is_below = stage.current_A < 0.0 && link_V < stage.min_V;
  if (is_above || is_below) {
    const double edge_V = is_above ? stage.max_V : stage.min_V;
    const double passive_V = emf_V + r_Ohm * passive_A;
    const bool is_idle = is_above ? passive_V >= edge_V : passive_V <= edge_V;
    current_A = is_idle ? passive_A : (edge_V - emf_V) / r_Ohm;
    link_V = is_idle ? passive_V : edge_V;
  }
  if (link_V < -link.clamp_V) return meet_clamped(link, emf_V, r_Ohm);
  return {current_A, link_V};
}

// The link by itself. Any leak at all decides where it comes to rest if nothing else does.
double alone_V(const LinkSource& link) {
  constexpr double kLeak_S = 1e-30;
  const TerminalSource& stage = link.stage;
  const double total_S = stage.conductance_S + link.hold_S + kLeak_S;
  const double passive_V = link.hold_S * link.held_V / total_S;
  const double active_V = passive_V + stage.current_A / total_S;
  double link_V = active_V;
  if (stage.current_A > 0.0 && active_V > stage.max_V) link_V = std::max(stage.max_V, passive_V);
  if (stage.current_A < 0.0 && active_V < stage.min_V) link_V = std::min(stage.min_V, passive_V);
  if (link_V >= -link.clamp_V) return link_V;
  const double clamp_S = 1.0 / link.clamp_Ohm;
  return (link.hold_S * link.held_V + std::max(stage.current_A, 0.0) - clamp_S * link.clamp_V) /
         (total_S + clamp_S);
}

// The path conducts: emf_V behind r_Ohm between stack and terminals.
void settle_conducting(const PathElements& elements, double cable_Ohm, const LinkSource& link,
                       double emf_V, double r_Ohm, PowerPathState& state) {
  const double share = elements.short_S > 0.0 ? 1.0 / (1.0 + elements.short_S * r_Ohm) : 1.0;
  emf_V *= share;
  r_Ohm *= share;
  if (elements.is_plugged) {
    const LinkPoint point = meet(link, elements.polarity * emf_V, r_Ohm + cable_Ohm);
    state.cable_A = elements.polarity * point.current_A;
    state.link_V = point.link_V;
  } else {
    state.cable_A = 0.0;
    state.link_V = alone_V(link);
  }
  state.terminal_V = emf_V + r_Ohm * state.cable_A;
  state.current_A = state.cable_A - elements.short_S * state.terminal_V;
}

constexpr double kNothing_V = 1e-12;

void settle_blocked(const PathElements& elements, double cable_Ohm, const LinkSource& link,
                    PowerPathState& state) {
  state.current_A = 0.0;
  state.cable_A = 0.0;
  state.terminal_V = 0.0;
  if (elements.is_plugged && elements.short_S > 0.0) {
    const LinkPoint point = meet(link, 0.0, cable_Ohm + 1.0 / elements.short_S);
    state.cable_A = elements.polarity * point.current_A;
    state.link_V = point.link_V;
    state.terminal_V = state.cable_A / elements.short_S;
    return;
  }
  state.link_V = alone_V(link);
  // What has leaked away is gone: no exponential lasts for ever in a computer.
  if (std::abs(state.link_V) < kNothing_V) state.link_V = 0.0;
  if (elements.is_plugged) state.terminal_V = elements.polarity * state.link_V;
}

}  // namespace

PathElements compose(const PowerPathParameters& p, const Hardware& hardware,
                     const PathInputs& inputs, const PowerPathState& state) {
  const double charge_share =
      conducting_share(hardware.charge_mosfet, state.charge_switch,
                       inputs.charge_gate && !state.comparators.holds_charge());
  const double discharge_share =
      conducting_share(hardware.discharge_mosfet, state.discharge_switch,
                       inputs.discharge_gate && !state.comparators.holds_discharge());
  // 0 stands for a group that is off.
  const bool can_charge = charge_share > 0.0;
  const bool can_discharge = discharge_share > 0.0;
  const double chg_Ohm =
      can_charge ? channel_Ohm(p.charge_switch, charge_share, inputs.switch_degC) : 0.0;
  const double dsg_Ohm =
      can_discharge ? channel_Ohm(p.discharge_switch, discharge_share, inputs.switch_degC) : 0.0;

  const Contacts relays = compose_relays(p, hardware, state);
  const bool is_open =
      relays.is_open || state.fuse.is_open || (p.fuse.melt_A2s > 0.0 && hardware.is_fuse_blown) ||
      (p.breaker.is_fitted && (state.breaker.is_tripped || hardware.is_breaker_off));

  PathElements elements;
  elements.shunt_Ohm = p.shunt_Ohm;
  elements.precharge_Ohm = relays.precharge_Ohm;
  elements.contact_Ohm = p.terminal_Ohm + hardware.terminal_extra_Ohm + relays.r_Ohm +
                         (p.fuse.melt_A2s > 0.0 ? p.fuse.r_Ohm : 0.0) +
                         (p.breaker.is_fitted ? p.breaker.r_Ohm : 0.0);
  const double rest_Ohm = elements.shunt_Ohm + elements.contact_Ohm + elements.precharge_Ohm;
  elements.charge = compose_direction(p, chg_Ohm, dsg_Ohm, p.discharge_switch, rest_Ohm, is_open);
  elements.discharge = compose_direction(p, dsg_Ohm, chg_Ohm, p.charge_switch, rest_Ohm, is_open);
  if (!can_charge) elements.charge.charge_avalanche_V = p.charge_switch.avalanche_V;
  if (!can_discharge) elements.discharge.discharge_avalanche_V = p.discharge_switch.avalanche_V;
  finish(is_open, elements.charge);
  finish(is_open, elements.discharge);
  elements.is_two_way = can_charge && can_discharge && !is_open;
  elements.short_S = hardware.terminal_short_S;
  elements.polarity = hardware.is_cable_reversed ? -1.0 : 1.0;
  elements.is_plugged = inputs.is_plugged;
  return elements;
}

void settle(const PowerPathParameters& p, const PathElements& elements,
            const TerminalSource& source, const Thevenin& stack, double dt_s,
            PowerPathState& state) {
  constexpr double kShortest_s = 1e-15;  // a capacitor this stiff is a voltage source to rounding
  const LinkSource link{source, p.link_F / std::max(dt_s, kShortest_s), state.link_V, p.clamp_V,
                        p.clamp_Ohm};
  if (elements.is_two_way) {
    settle_conducting(elements, p.cable_Ohm, link, stack.emf_V, stack.r_Ohm + elements.charge.r_Ohm,
                      state);
    return;
  }
  // Every element is monotone: what the terminals show without the pack decides who conducts.
  const PathDirection& charge = elements.charge;
  const PathDirection& discharge = elements.discharge;
  settle_blocked(elements, p.cable_Ohm, link, state);
  const bool is_floating = !elements.is_plugged && !(elements.short_S > 0.0);
  const double drive_V = is_floating ? -stack.emf_V : state.terminal_V - stack.emf_V;
  if (drive_V > charge.start_V)
    settle_conducting(elements, p.cable_Ohm, link, stack.emf_V + charge.drop_V,
                      stack.r_Ohm + charge.r_Ohm, state);
  else if (drive_V < -discharge.start_V)
    settle_conducting(elements, p.cable_Ohm, link, stack.emf_V - discharge.drop_V,
                      stack.r_Ohm + discharge.r_Ohm, state);
}

bool advance_contacts(const PowerPathParameters& p, const Hardware& hardware,
                      const PathInputs& inputs, double dt_s, PowerPathState& state) {
  if (!p.has_relays) return false;
  const bool is_1 = advance(p.contact, hardware.main_relay_1, inputs.main_1, dt_s, state.main_1);
  const bool is_2 = advance(p.contact, hardware.main_relay_2, inputs.main_2, dt_s, state.main_2);
  const bool is_precharge =
      advance(p.contact, hardware.precharge_relay, inputs.precharge, dt_s, state.precharge);
  return is_1 || is_2 || is_precharge;
}

bool advance_devices(const PowerPathParameters& p, const Hardware& hardware,
                     const PathInputs& inputs, double dt_s, PowerPathState& state) {
  const double current_A2 = state.current_A * state.current_A;
  const bool is_melted = advance(p.fuse, current_A2, dt_s, state.fuse);
  const bool is_tripped = advance(as_it_is(p.breaker, hardware), current_A2, dt_s, state.breaker);
  if (hardware.is_breaker_off) reset(p.breaker, state.breaker);  // its lever has been pulled back
  return advance_contacts(p, hardware, inputs, dt_s, state) || is_melted || is_tripped;
}

void add_heat(const PowerPathParameters& p, const PathElements& elements,
              const PowerPathState& state, double dt_s, PathHeat& heat) {
  const PathDirection& direction = state.current_A > 0.0 ? elements.charge : elements.discharge;
  const double q_As = std::abs(state.current_A) * dt_s;
  const double i2_A2s = std::abs(state.current_A) * q_As;
  heat.shunt_J += elements.shunt_Ohm * i2_A2s;
  heat.switch_J += direction.switch_Ohm * i2_A2s + direction.knee_V * q_As;
  heat.charge_avalanche_J += direction.charge_avalanche_V * q_As;
  heat.discharge_avalanche_J += direction.discharge_avalanche_V * q_As;
  heat.contact_J += elements.contact_Ohm * i2_A2s;
  heat.precharge_J += elements.precharge_Ohm * i2_A2s;
  heat.cable_J += p.cable_Ohm * state.cable_A * state.cable_A * dt_s;
  heat.short_J += elements.short_S * state.terminal_V * state.terminal_V * dt_s;
  if (state.link_V < -p.clamp_V)
    heat.clamp_J += state.link_V * (state.link_V + p.clamp_V) / p.clamp_Ohm * dt_s;
}

double stored_J(const PowerPathParameters& p, const PowerPathState& state) {
  return 0.5 * (p.loop_H * state.current_A * state.current_A +
                p.cable_H * state.cable_A * state.cable_A + p.link_F * state.link_V * state.link_V);
}

PathHeat& PathHeat::operator+=(const PathHeat& other) {
  shunt_J += other.shunt_J;
  switch_J += other.switch_J;
  charge_avalanche_J += other.charge_avalanche_J;
  discharge_avalanche_J += other.discharge_avalanche_J;
  contact_J += other.contact_J;
  precharge_J += other.precharge_J;
  arc_J += other.arc_J;
  cable_J += other.cable_J;
  short_J += other.short_J;
  clamp_J += other.clamp_J;
  return *this;
}

double insulation_Ohm(const PowerPathParameters& p, const Hardware& hardware) {
  return 1.0 / (1.0 / p.insulation_Ohm + hardware.insulation_S);
}

double earth_fault_A(const PowerPathParameters& p, const Hardware& hardware, double terminal_V) {
  const double positive_Ohm = insulation_Ohm(p, hardware);
  const double pole_V = terminal_V * positive_Ohm / (positive_Ohm + p.insulation_Ohm);
  return pole_V * hardware.insulation_S;
}

}  // namespace doppelpack::models
