// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "circuit.hpp"

#include <algorithm>

namespace doppelpack::models {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kWeakestShort_S = 1e-4;

bool has_terminal_V(const Circuit& circuit) {
  return circuit.has_short || circuit.elements.is_plugged;
}

// What pushes a current through the path while none flows.
double drive_V(const Circuit& circuit, const CircuitVector& x) {
  const double outside_V =
      circuit.has_short ? circuit.short_Ohm * x[kCable] : circuit.elements.polarity * x[kLink];
  return outside_V - circuit.stack.emf_V;
}

Flow flow_at(const Circuit& circuit, const CircuitVector& x) {
  if (!has_terminal_V(circuit)) return Flow::none;
  if (circuit.elements.is_two_way) return Flow::two_way;
  if (x[kPack] > 0.0) return Flow::charging;
  if (x[kPack] < 0.0) return Flow::discharging;
  const double drive = drive_V(circuit, x);
  if (drive > circuit.elements.charge.start_V) return Flow::charging;
  if (drive < -circuit.elements.discharge.start_V) return Flow::discharging;
  return Flow::none;
}

// The current that leaves the link through the cable.
double drawn_A(const Circuit& circuit, const CircuitVector& x) {
  return circuit.elements.is_plugged ? circuit.elements.polarity * x[kCable] : 0.0;
}

Stage stage_at(const Circuit& circuit, const CircuitVector& x) {
  const TerminalSource& source = circuit.source;
  if (source.current_A == 0.0) return Stage::active;
  const bool is_charging = source.current_A > 0.0;
  const double edge_V = is_charging ? source.max_V : source.min_V;
  if (x[kLink] != edge_V) return (x[kLink] < edge_V) == is_charging ? Stage::active : Stage::idle;
  // At the edge the direction in which either would move decides; pulled both ways it stays.
  const double sign = is_charging ? 1.0 : -1.0;
  const double idle_A = -source.conductance_S * edge_V - drawn_A(circuit, x);
  const double active_A = source.current_A - source.conductance_S * edge_V - drawn_A(circuit, x);
  if (sign * active_A <= 0.0) return Stage::active;
  return sign * idle_A >= 0.0 ? Stage::idle : Stage::held;
}

bool is_clamped_at(const Circuit& circuit, Stage stage, const CircuitVector& x) {
  const double edge_V = -circuit.parameters.clamp_V;
  if (x[kLink] != edge_V) return x[kLink] < edge_V;
  const double active_A = stage == Stage::active ? circuit.source.current_A : 0.0;
  return active_A - circuit.source.conductance_S * edge_V < drawn_A(circuit, x);
}

void limit(double low, double high, std::size_t index, Segment& segment) {
  segment.low[index] = std::max(segment.low[index], low);
  segment.high[index] = std::min(segment.high[index], high);
}

void bound_flow(const Circuit& circuit, Flow flow, Segment& segment) {
  if (flow == Flow::charging) limit(0.0, kInfinity, kPack, segment);
  if (flow == Flow::discharging) limit(-kInfinity, 0.0, kPack, segment);
  if (flow != Flow::none || !has_terminal_V(circuit)) return;
  const double low_V = circuit.stack.emf_V - circuit.elements.discharge.start_V;
  const double high_V = circuit.stack.emf_V + circuit.elements.charge.start_V;
  if (circuit.has_short)
    limit(low_V / circuit.short_Ohm, high_V / circuit.short_Ohm, kCable, segment);
  else if (circuit.elements.polarity > 0.0)
    limit(low_V, high_V, kLink, segment);
  else
    limit(-high_V, -low_V, kLink, segment);
}

void bound_stage(const Circuit& circuit, Mode mode, Segment& segment) {
  const TerminalSource& source = circuit.source;
  const double clamp_V = -circuit.parameters.clamp_V;
  if (mode.is_clamped)
    limit(-kInfinity, clamp_V, kLink, segment);
  else
    limit(clamp_V, kInfinity, kLink, segment);
  if (source.current_A == 0.0) return;
  const bool is_charging = source.current_A > 0.0;
  const double edge_V = is_charging ? source.max_V : source.min_V;
  if (mode.stage != Stage::held) {
    const bool is_below = is_charging == (mode.stage == Stage::active);
    limit(is_below ? -kInfinity : edge_V, is_below ? edge_V : kInfinity, kLink, segment);
  } else if (circuit.elements.is_plugged) {
    const double idle_A = circuit.elements.polarity * (-source.conductance_S * edge_V);
    const double active_A =
        circuit.elements.polarity * (source.current_A - source.conductance_S * edge_V);
    limit(std::min(idle_A, active_A), std::max(idle_A, active_A), kCable, segment);
  }
}

void write_currents(const Circuit& circuit, Flow flow, CircuitMatrix& a) {
  const PowerPathParameters& p = circuit.parameters;
  const double polarity = circuit.elements.polarity;
  const Thevenin branch = branch_of(circuit, flow);
  if (!circuit.has_short) {
    if (flow == Flow::none) return;
    const double per_H = 1.0 / (p.loop_H + p.cable_H);
    a[kPack] = {-(branch.r_Ohm + p.cable_Ohm) * per_H, 0.0, polarity * per_H,
                -branch.emf_V * per_H};
    a[kCable] = a[kPack];
    return;
  }
  if (flow != Flow::none)
    a[kPack] = {-(branch.r_Ohm + circuit.short_Ohm) / p.loop_H, circuit.short_Ohm / p.loop_H, 0.0,
                -branch.emf_V / p.loop_H};
  if (circuit.elements.is_plugged)
    a[kCable] = {circuit.short_Ohm / p.cable_H, -(circuit.short_Ohm + p.cable_Ohm) / p.cable_H,
                 polarity / p.cable_H, 0.0};
}

void write_link(const Circuit& circuit, Mode mode, CircuitMatrix& a) {
  if (mode.stage == Stage::held) return;
  const PowerPathParameters& p = circuit.parameters;
  const double clamp_S = mode.is_clamped ? 1.0 / p.clamp_Ohm : 0.0;
  const double active_A = mode.stage == Stage::active ? circuit.source.current_A : 0.0;
  a[kLink][kCable] = circuit.elements.is_plugged ? -circuit.elements.polarity / p.link_F : 0.0;
  a[kLink][kLink] = -(circuit.source.conductance_S + clamp_S) / p.link_F;
  a[kLink][kOne] = (active_A - clamp_S * p.clamp_V) / p.link_F;
}

void account_path(const Circuit& circuit, Flow flow, double charge_As, double square_A2s,
                  PathHeat& heat) {
  const PathElements& e = circuit.elements;
  const PathDirection direction = direction_of(circuit, flow);
  const double passed_As = flow == Flow::discharging ? -charge_As : charge_As;
  heat.shunt_J += e.shunt_Ohm * square_A2s;
  heat.contact_J += e.contact_Ohm * square_A2s;
  heat.precharge_J += e.precharge_Ohm * square_A2s;
  heat.switch_J += direction.switch_Ohm * square_A2s + direction.knee_V * passed_As;
  heat.charge_avalanche_J += direction.charge_avalanche_V * passed_As;
  heat.discharge_avalanche_J += direction.discharge_avalanche_V * passed_As;
  heat.arc_J += direction.arc_V * passed_As;
}

void account_link(const Circuit& circuit, Mode mode, const CircuitMatrix& m, TransientSums& sums) {
  const PowerPathParameters& p = circuit.parameters;
  if (mode.stage == Stage::held) {
    const double drawn = circuit.elements.is_plugged ? circuit.elements.polarity : 0.0;
    sums.source_As += drawn * m[kCable][kOne];
    sums.source_J += drawn * m[kCable][kLink];
  } else {
    const double active_A = mode.stage == Stage::active ? circuit.source.current_A : 0.0;
    const double conductance_S = circuit.source.conductance_S;
    sums.source_As += active_A * m[kOne][kOne] - conductance_S * m[kLink][kOne];
    sums.source_J += active_A * m[kLink][kOne] - conductance_S * m[kLink][kLink];
  }
  if (mode.is_clamped)
    sums.heat.clamp_J += (m[kLink][kLink] + p.clamp_V * m[kLink][kOne]) / p.clamp_Ohm;
}

// Everything on the terminals' other side.
void account_outside(const Circuit& circuit, Mode mode, const CircuitMatrix& m, double cable_Vs,
                     TransientSums& sums) {
  const PowerPathParameters& p = circuit.parameters;
  sums.heat.cable_J += p.cable_Ohm * m[kCable][kCable];
  if (circuit.has_short) {
    sums.heat.short_J +=
        circuit.short_Ohm * (m[kCable][kCable] - 2.0 * m[kCable][kPack] + m[kPack][kPack]);
    sums.terminal_Vs += circuit.short_Ohm * (m[kCable][kOne] - m[kPack][kOne]);
  } else if (circuit.elements.is_plugged) {
    sums.terminal_Vs +=
        circuit.elements.polarity * m[kLink][kOne] - p.cable_Ohm * m[kCable][kOne] - cable_Vs;
  } else {
    sums.terminal_Vs += terminal_V(circuit, mode, {}) * m[kOne][kOne];
  }
}

}  // namespace

Circuit make_circuit(const PowerPathParameters& parameters, const PathElements& elements,
                     const TerminalSource& source, const Thevenin& stack) {
  const bool has_short = elements.short_S >= kWeakestShort_S;
  return {parameters, elements, source, stack, has_short, has_short ? 1.0 / elements.short_S : 0.0};
}

PathDirection direction_of(const Circuit& circuit, Flow flow) {
  if (flow == Flow::none) return {};
  return flow == Flow::discharging ? circuit.elements.discharge : circuit.elements.charge;
}

Thevenin branch_of(const Circuit& circuit, Flow flow) {
  const PathDirection direction = direction_of(circuit, flow);
  const double sign = flow == Flow::discharging ? -1.0 : 1.0;
  return {circuit.stack.emf_V + sign * direction.drop_V, circuit.stack.r_Ohm + direction.r_Ohm};
}

Mode mode_at(const Circuit& circuit, const CircuitVector& x) {
  Mode mode;
  mode.flow = flow_at(circuit, x);
  mode.stage = stage_at(circuit, x);
  mode.is_clamped = is_clamped_at(circuit, mode.stage, x);
  return mode;
}

Mode mode_after(const Circuit& circuit, Mode before, const CircuitVector& x) {
  Mode mode = mode_at(circuit, x);
  if (before.flow != Flow::none || mode.flow != Flow::none || !has_terminal_V(circuit)) return mode;
  // Rounding must not hold back a current whose starting voltage has just been reached.
  constexpr double kRounding_V = 1e-9;
  const double drive = drive_V(circuit, x);
  if (drive > circuit.elements.charge.start_V - kRounding_V) mode.flow = Flow::charging;
  if (drive < -circuit.elements.discharge.start_V + kRounding_V) mode.flow = Flow::discharging;
  return mode;
}

Segment make_segment(const Circuit& circuit, Mode mode) {
  Segment segment;
  segment.low.fill(-kInfinity);
  segment.high.fill(kInfinity);
  write_currents(circuit, mode.flow, segment.equations);
  write_link(circuit, mode, segment.equations);
  bound_flow(circuit, mode.flow, segment);
  bound_stage(circuit, mode, segment);
  return segment;
}

double terminal_V(const Circuit& circuit, Mode mode, const CircuitVector& x) {
  if (circuit.has_short) return circuit.short_Ohm * (x[kCable] - x[kPack]);
  if (!circuit.elements.is_plugged) {
    const bool is_shown = circuit.elements.discharge.start_V < circuit.stack.emf_V;
    return is_shown ? circuit.stack.emf_V - circuit.elements.discharge.drop_V : 0.0;
  }
  const double outside_V = circuit.elements.polarity * x[kLink];
  if (mode.flow == Flow::none) return outside_V;
  const PowerPathParameters& p = circuit.parameters;
  const Thevenin branch = branch_of(circuit, mode.flow);
  const double loop_V = outside_V - branch.emf_V - (branch.r_Ohm + p.cable_Ohm) * x[kPack];
  return outside_V - p.cable_Ohm * x[kPack] - loop_V * (p.cable_H / (p.loop_H + p.cable_H));
}

void account(const Circuit& circuit, Mode mode, const CircuitMatrix& m, double inductive_Vs,
             TransientSums& sums) {
  sums.charge_As += m[kPack][kOne];
  sums.square_A2s += m[kPack][kPack];
  sums.cable_As += m[kCable][kOne];
  sums.emf_J -= circuit.stack.emf_V * m[kPack][kOne];
  sums.stack_J += circuit.stack.r_Ohm * m[kPack][kPack];
  account_path(circuit, mode.flow, m[kPack][kOne], m[kPack][kPack], sums.heat);
  account_outside(circuit, mode, m, inductive_Vs, sums);
  account_link(circuit, mode, m, sums);
}

}  // namespace doppelpack::models
