// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A cycler: the laboratory device that charges and discharges a pack by a program, without BMS or
// bus. Both MOSFET groups conduct all the time; currents are constant, or what keeps a voltage.
#pragma once

#include <limits>
#include <vector>

#include "models/adaptive.hpp"

namespace doppelpack::models {

struct CyclerPhase {
  double current_A = 0.0;  ///< positive in charge; 0 rests
  /// In charge the cycler holds the terminals there, in discharge it ends the phase there.
  double terminals_V = std::numeric_limits<double>::quiet_NaN();
  double cell_V = std::numeric_limits<double>::quiet_NaN();  ///< ends when any cell gets there
  double taper_A = 0.0;  ///< ends the holding; 0: only time does
  double passed_Ah = std::numeric_limits<double>::infinity();  ///< ends it likewise
  double longest_s = std::numeric_limits<double>::infinity();  ///< must be finite for a rest
  /// Positions this far above the lowest are bled while it lasts; looked at every 10 minutes.
  double balance_above_V = std::numeric_limits<double>::infinity();
};

/// What a phase did.
struct CyclerSums {
  AdvanceResult advance;
  double charge_Ah = 0.0;
  double discharge_Ah = 0.0;  ///< magnitude

  CyclerSums& operator+=(const CyclerSums& other);
};

/// One phase from where the pack is. A phase without any end (infinite longest_s and nothing else)
/// ends after a year.
CyclerSums run_phase(const PackParameters& parameters, const Hardware& hardware,
                     const CyclerPhase& phase, double ambient_degC, const StepTolerance& tolerance,
                     PackState& state, AdaptiveWorkspace& workspace);

/// All phases, one after the other.
CyclerSums run_cycle(const PackParameters& parameters, const Hardware& hardware,
                     const std::vector<CyclerPhase>& phases, double ambient_degC,
                     const StepTolerance& tolerance, PackState& state,
                     AdaptiveWorkspace& workspace);

}  // namespace doppelpack::models
