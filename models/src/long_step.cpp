// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "long_step.hpp"

#include <algorithm>
#include <cmath>

#include "pack_step.hpp"
#include "string.hpp"

namespace doppelpack::models {

namespace {

// The second finds what is nearly a straight line; more are for the steep ends of the OCV curve.
constexpr int kMostTrials = 8;
constexpr double kSame_V = 1e-5;  // current found, in terms of the voltage it makes in a cell

// How much the trial current is off, to find a slope: below half of what turns the hysteresis.
constexpr double kOffsetShare = 0.01;
constexpr double kOffset_per_h = 5e-5;

Thevenin stack_of(const PackParameters& p, double emf_V, const PackState& state) {
  const double stack_Ohm = state.string.stack_Ohm;
  return {emf_V - stack_Ohm * supply_A(p, state), stack_Ohm};
}

// The cells after dt_s at the currents in trial_A.
void try_currents(const PackParameters& p, double dt_s, const PackState& state, LongStepWork& work,
                  CellArray& end_V) {
  work.trial = state.cells;
  p.cell_model->advance(p.cells, work.trial_A, dt_s, work.trial);
  p.cell_model->thevenin(p.cells, work.trial, end_V);
}

// What the mean of each emf gains per ampere.
void find_slopes(const PackParameters& p, double dt_s, const PackState& state, LongStepWork& work) {
  for (Eigen::Index i = 0; i < work.trial_A.size(); ++i) {
    const double amperes = work.found_A[i];
    const double off_A = kOffsetShare * std::abs(amperes) + kOffset_per_h * p.cells.capacity_Ah[i];
    work.trial_A[i] = amperes + (amperes < 0.0 ? -off_A : off_A);
  }
  try_currents(p, dt_s, state, work, work.off_V);
  for (Eigen::Index i = 0; i < work.trial_A.size(); ++i) {
    const double per_A = (work.off_V[i] - work.end_V[i]) / (work.trial_A[i] - work.found_A[i]);
    work.slope_Ohm[i] = std::max(0.0, 0.5 * per_A);
  }
}

// Folds the string with each cell as its mean; r_Ohm of the cells stays what heats them.
double fold_means_V(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                    LongStepWork& work, PackState& state) {
  CellArray& emf_V = state.string.emf_V;
  CellArray& r_Ohm = state.cells.r_Ohm;
  for (Eigen::Index i = 0; i < emf_V.size(); ++i) {
    emf_V[i] = 0.5 * (work.start_V[i] + work.end_V[i]) - work.slope_Ohm[i] * work.found_A[i];
    work.own_Ohm[i] = r_Ohm[i];
    r_Ohm[i] += work.slope_Ohm[i];
  }
  refresh_taps(p, hardware, inputs.bleeders, state);
  r_Ohm = work.own_Ohm;
  return fold_string_V(p, state);
}

// The currents that this stack lets flow; the path itself stays where it is.
void find_currents(const PackParameters& p, const PackInputs& inputs, const Thevenin& stack,
                   double dt_s, PackState& state) {
  PowerPathState path = state.path;
  settle(p.path, state.elements, inputs.source, stack, dt_s, path);
  spread_current(p, path.current_A - supply_A(p, state), 0.0, state);
}

bool are_same(const PackState& state, const LongStepWork& work) {
  for (Eigen::Index i = 0; i < work.found_A.size(); ++i) {
    const double off_V =
        (state.cell_current_A[i] - work.found_A[i]) * (state.cells.r_Ohm[i] + work.slope_Ohm[i]);
    if (!(std::abs(off_V) <= kSame_V)) return false;
  }
  return true;
}

struct MeanStack {
  Thevenin stack;
  bool is_found = false;
};

// Until the currents assumed are what flows. A string of single cells at constant current needs
// one trial and no slopes; cells in parallel share one more trial between two with slopes.
MeanStack find_mean_stack(const PackParameters& p, const Hardware& hardware,
                          const PackInputs& inputs, double dt_s, LongStepWork& work,
                          PackState& state) {
  Thevenin stack = stack_of(p, string_emf_V(p, state), state);
  work.start_V = state.string.emf_V;
  work.slope_Ohm.setZero();
  const bool is_parallel = p.parallel > 1;
  find_currents(p, inputs, stack, dt_s, state);
  for (int trial = 0; trial < kMostTrials; ++trial) {
    work.found_A = state.cell_current_A;
    work.trial_A = work.found_A;
    try_currents(p, dt_s, state, work, work.end_V);
    work.end_thermal_V = work.trial.thermal_V;
    if (is_parallel ? trial != 1 : trial > 0) find_slopes(p, dt_s, state, work);
    stack = stack_of(p, fold_means_V(p, hardware, inputs, work, state), state);
    find_currents(p, inputs, stack, dt_s, state);
    if (are_same(state, work)) return {stack, true};
  }
  return {stack, false};
}

}  // namespace

bool long_step(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
               double dt_s, LongStepWork& work, PackState& state) {
  const MeanStack mean = find_mean_stack(p, hardware, inputs, dt_s, work, state);
  state.cells.thermal_V = 0.5 * (state.cells.thermal_V + work.end_thermal_V);
  const double longest_s = state.audit.longest_step_s;
  pass_current(p, hardware, inputs, mean.stack, dt_s, state);
  // Counted with the mean voltage, its energy is no further off than that of a second.
  state.audit.longest_step_s = std::max(longest_s, std::min(dt_s, 1.0));
  finish_part(p, hardware, inputs, state);
  look(p, inputs, dt_s, state);
  return mean.is_found;
}

}  // namespace doppelpack::models
