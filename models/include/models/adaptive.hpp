// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Hours and years: the pack at constant inputs, in steps as long as the tolerance allows. Every
// step is taken once as a whole and once in two halves; where the two differ by more than the
// tolerance it is taken back and made shorter. The halves are what counts. Nothing depends on
// anything but the arguments: the same calls give the same bits.
//
// Accuracy, held by tests/models/adaptive_test.cpp. With the default tolerance a CC/CV charge stays
// within 0.5 mV per cell, 0.01 % SOC and 0.1 K of the same in steps of 10 ms, and the fade of daily
// cycles within 1 % of that in steps of 10 s. In normal operation step() alone, over a current that
// changes every few seconds, differs by less than 1 nV, 1e-11 of SOC and 0.1 uK between steps of 1
// and 0.5 ms, and by less than 10 uV, 1e-10 of SOC and 2 mK between 1 and 0.5 s.
#pragma once

#include <limits>

#include "models/pack.hpp"

namespace doppelpack::models {

/// By how much a step may differ from its two halves, at its end and in any cell.
struct StepTolerance {
  double cell_V = 1e-3;  ///< inner voltage, RC pairs and hysteresis included; ohmic drop likewise
  double soc = 2e-5;
  double T_K = 0.02;
  // Bounds of what changes within one step, for ageing, whose laws are curves over both.
  double soc_change = 0.05;
  double T_change_K = 2.0;
  double longest_s = 3600.0;  ///< >= 0.001

  /// All of it but longest_s, times factor.
  StepTolerance times(double factor) const;
};

/// Where to end before the duration is over; what is left at its default never is.
struct StopAt {
  double cell_above_V = std::numeric_limits<double>::infinity();
  double cell_below_V = -std::numeric_limits<double>::infinity();
  double terminals_above_V = std::numeric_limits<double>::infinity();
  double terminals_below_V = -std::numeric_limits<double>::infinity();
  double charge_below_A = -std::numeric_limits<double>::infinity();  ///< taper, also at its start
  double passed_Ah = std::numeric_limits<double>::infinity();        ///< either way, since the call
};

struct AdvanceResult {
  double elapsed_s = 0.0;
  bool is_stopped =
      false;          ///< by StopAt: passed by at most 1 mV, 1 % of a taper or 1e-5 of a charge
  long steps = 0;     ///< that count, milliseconds of transients not among them
  long rejected = 0;  ///< taken back, each a whole and two halves
  double longest_s = 0.0;  ///< of the steps that count

  AdvanceResult& operator+=(const AdvanceResult& other);
};

/// What a long step works with.
struct LongStepWork {
  CellState trial;
  // per cell
  CellArray found_A;
  CellArray trial_A;
  CellArray start_V;
  CellArray end_V;
  CellArray off_V;
  CellArray slope_Ohm;
  CellArray own_Ohm;
  CellArray end_thermal_V;
};

/// Memory of advance(), so that it allocates nothing. Belongs to one pack.
struct AdaptiveWorkspace {
  PackState before;
  PackState whole;
  LongStepWork work;
  TerminalSource source;  ///< the last one seen: a new one begins with short steps
  double pair_s = 0.0;    ///< what to try next, two halves
};

AdaptiveWorkspace make_adaptive_workspace(const PackState& state);

/// Advance by duration_s (>= 0), or to where `stop` says. While something fast is going on it takes
/// milliseconds by step() and does not stop; what makes it so (a comparator, a contact) is found to
/// 1 ms. While a cell reacts, steps stay within longest_runaway_step_s(). Ageing acts in every step
/// of 60 s and more, and once a minute in shorter ones. Allocates nothing. Give the network its
/// modes once (add_modes()), or long steps cost many times as much. A current above 90 % of a fast
/// comparator's threshold is microseconds all the time: no choice for a run of hours.
AdvanceResult advance(const PackParameters& parameters, const Hardware& hardware,
                      const PackInputs& inputs, double duration_s, const StepTolerance& tolerance,
                      PackState& state, AdaptiveWorkspace& workspace, const StopAt& stop = {});

}  // namespace doppelpack::models
