// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "network.hpp"

#include <algorithm>

namespace doppelpack::models {

namespace {

bool is_conducting(MosfetCondition condition, bool gate) {
  return (gate ? 1.0 - condition.open_share : condition.closed_share) > 0.0;
}

// Where the source meets a linear pack. The active part gives way when the terminals would leave
// the window: they stay at its edge unless the pack alone is already beyond it.
OperatingPoint meet(const TerminalSource& source, double emf_V, double r_Ohm) {
  const double active_A = source.current_A;
  const double conductance_S = source.conductance_S;
  const double share = 1.0 / (1.0 + conductance_S * r_Ohm);
  const double passive_V = emf_V * share;
  const double active_V = (emf_V + r_Ohm * active_A) * share;

  const bool is_above = active_A > 0.0 && active_V > source.max_V;
  const bool is_below = active_A < 0.0 && active_V < source.min_V;
  if (!is_above && !is_below) return {(active_A - conductance_S * emf_V) * share, active_V};

  const double edge_V = is_above ? source.max_V : source.min_V;
  const bool is_idle = is_above ? passive_V >= edge_V : passive_V <= edge_V;
  if (is_idle) return {-conductance_S * passive_V, passive_V};
  return {(edge_V - emf_V) / r_Ohm, edge_V};
}

OperatingPoint blocked(const TerminalSource& source) {
  if (source.current_A <= 0.0) return {0.0, 0.0};
  if (source.conductance_S <= 0.0) return {0.0, source.max_V};
  return {0.0, std::min(source.max_V, source.current_A / source.conductance_S)};
}

}  // namespace

Path make_path(const PackParameters& p, const Hardware& hardware, bool charge_gate,
               bool discharge_gate) {
  const MosfetParameters& chg = p.charge_mosfet;
  const MosfetParameters& dsg = p.discharge_mosfet;
  Path path;
  path.can_charge = is_conducting(hardware.charge_mosfet, charge_gate);
  path.can_discharge = is_conducting(hardware.discharge_mosfet, discharge_gate);
  path.r_Ohm = p.shunt_Ohm + p.terminal_Ohm + (path.can_charge ? chg.on_Ohm : chg.diode_Ohm) +
               (path.can_discharge ? dsg.on_Ohm : dsg.diode_Ohm);
  if (path.can_charge && !path.can_discharge) path.diode_V = dsg.diode_V;
  if (path.can_discharge && !path.can_charge) path.diode_V = -chg.diode_V;
  return path;
}

OperatingPoint operating_point(const TerminalSource& source, const Thevenin& stack,
                               const Path& path) {
  if (!path.can_charge && !path.can_discharge) return blocked(source);
  const OperatingPoint point = meet(source, stack.emf_V + path.diode_V, stack.r_Ohm + path.r_Ohm);
  // Without a load the pack still shows at the terminals through a diode; a source must push.
  if (!path.can_discharge && point.current_A <= 0.0) return blocked(source);
  if (!path.can_charge && point.current_A > 0.0) return blocked(source);
  return point;
}

}  // namespace doppelpack::models
