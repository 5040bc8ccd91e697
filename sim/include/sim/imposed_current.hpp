// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the controls `imposed_*` of the inverter put onto the terminals in place of its power stage: it
// has neither lag nor ramp nor limits of its own but a highest voltage.
#pragma once

#include <algorithm>

#include "models/power_stage.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {

/// imposed_A and the current that imposed_W makes at dc_V; below 20 V as at 20 V, or a power at next to no
/// voltage would be any current.
inline models::ImposedCurrent imposed_current(const InverterState& inverter, double dc_V) {
  constexpr double kLowest_V = 20.0;
  return {inverter.imposed_A + inverter.imposed_W / std::max(dc_V, kLowest_V),
          inverter.imposed_max_V, 0.0};
}

/// Where it stops charging if nobody says: far beyond what charges the cells, below any avalanche.
inline double beyond_full_V(double cvl_V) {
  constexpr double kBeyondFull = 1.5;
  return kBeyondFull * cvl_V;
}

}  // namespace doppelpack::sim
