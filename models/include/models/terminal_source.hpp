// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

namespace doppelpack::models {

/// What acts on the far end of the cable, as one linear source with a voltage window: current
/// towards the pack = current_A - conductance_S * voltage, but the active part (current_A) never
/// drives the voltage above max_V in charge nor below min_V in discharge.
struct TerminalSource {
  double current_A = 0.0;
  double conductance_S = 0.0;
  double max_V = 60.0;
  double min_V = 0.0;
};

}  // namespace doppelpack::models
