// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A source from outside that takes the place of the virtual inverter's power stage: it has neither lag
// nor ramp nor limits of its own but a highest voltage.
#pragma once

#include <algorithm>

#include "models/terminal_source.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {

/// What acts on the terminals: imposed_A and the current that imposed_W makes at dc_V; below 20 V as at
/// 20 V, or a power at next to no voltage would be any current. Nothing while it is not connected.
inline models::TerminalSource imposed_source(const InverterState& inverter, double dc_V) {
  constexpr double kLowest_V = 20.0;
  if (!inverter.is_connected) return {0.0, 0.0, inverter.imposed_max_V, 0.0};
  const double current_A = inverter.imposed_A + inverter.imposed_W / std::max(dc_V, kLowest_V);
  return {current_A, 0.0, inverter.imposed_max_V, 0.0};
}

/// Where it stops charging if nobody says: far beyond what charges the cells, below any avalanche.
inline double beyond_full_V(double cvl_V) {
  constexpr double kBeyondFull = 1.5;
  return kBeyondFull * cvl_V;
}

}  // namespace doppelpack::sim
