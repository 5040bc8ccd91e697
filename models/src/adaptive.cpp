// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/adaptive.hpp"

#include <algorithm>
#include <cmath>

#include "long_step.hpp"
#include "pack_step.hpp"

namespace doppelpack::models {

namespace {

constexpr double kMillisecond_s = 1e-3;
constexpr double kShortestLong_s = 0.1;  // of a half: below, step_part() does as well
constexpr double kShortestPair_s = 2.0 * kMillisecond_s;  // taken whatever its error
constexpr double kFirstPair_s = 2.0;  // after a change; the fastest time constant is seconds
constexpr double kEventPair_s = 0.5;  // no need to find the end of a phase closer than that
constexpr double kNever_s = 1e12;
constexpr double kHotShare = 0.1;  // of the change of temperature: a reaction gains 10 % per K
constexpr double kSafety = 0.8;
constexpr double kMostGrowth = 4.0;
constexpr double kMostShrink = 0.2;

struct Run {
  const PackParameters& p;
  const Hardware& hardware;
  const PackInputs& inputs;
  const StepTolerance& tolerance;
  const StopAt& stop;
  PackState& state;
  AdaptiveWorkspace& w;
  double start_Ah = 0.0;
  AdvanceResult result;
};

double passed_Ah(const PackState& state) {
  return state.charge_Ah + state.discharge_Ah;
}

// How far the state is beyond where to stop, as a share of what does not matter; below 0: not yet.
double beyond(const StopAt& stop, double start_Ah, const PackState& state) {
  constexpr double kVolt = 1e-3;
  constexpr double kCrumb_Ah = 1e-9;  // where nothing may pass
  double most = -std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 0; i < state.cell_V.size(); ++i)
    most = std::max(
        {most, (state.cell_V[i] - stop.cell_above_V), (stop.cell_below_V - state.cell_V[i])});
  most = std::max(
      {most, state.terminal_V - stop.terminals_above_V, stop.terminals_below_V - state.terminal_V});
  most /= kVolt;
  if (stop.charge_below_A > 0.0)
    most = std::max(most, (stop.charge_below_A - state.current_A) / (0.01 * stop.charge_below_A));
  if (std::isfinite(stop.passed_Ah))
    most = std::max(most, (passed_Ah(state) - start_Ah - stop.passed_Ah) /
                              std::max(1e-5 * stop.passed_Ah, kCrumb_Ah));
  return most;
}

// False: must be taken back.
bool take(Run& run, double dt_s, PackState& state) {
  if (dt_s >= kShortestLong_s)
    return long_step(run.p, run.hardware, run.inputs, dt_s, run.w.work, state);
  step_part(run.p, run.hardware, run.inputs, dt_s, state);
  return true;
}

// What is not a number is infinitely far off.
double worst(const Eigen::Ref<const CellArray>& a, const Eigen::Ref<const CellArray>& b) {
  double most = 0.0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double off = std::abs(a[i] - b[i]);
    most = off <= most ? most : off < std::numeric_limits<double>::infinity() ? off : 1e300;
  }
  return most;
}

// The error of the pair of steps just taken, over the tolerance.
double error_of(const Run& run) {
  const PackState& halves = run.state;
  const PackState& whole = run.w.whole;
  const StepTolerance& t = run.tolerance;
  const double ohmic_V =
      worst(halves.cell_current_A, whole.cell_current_A) * halves.string.stack_Ohm / run.p.series;
  return std::max({worst(halves.string.emf_V, whole.string.emf_V) / t.cell_V, ohmic_V / t.cell_V,
                   worst(halves.cells.x.col(0), whole.cells.x.col(0)) / t.soc,
                   worst(halves.cells.T_degC, whole.cells.T_degC) / t.T_K});
}

// What changed in the pair, of which each half may have its share.
double change_of(const Run& run) {
  const PackState& before = run.w.before;
  const StepTolerance& t = run.tolerance;
  double T_change_K = t.T_change_K;
  if (before.cells.T_degC.maxCoeff() >= run.p.runaway.quiet_degC) T_change_K *= kHotShare;
  return 0.5 * std::max(worst(run.state.cells.x.col(0), before.cells.x.col(0)) / t.soc_change,
                        worst(run.state.cells.T_degC, before.cells.T_degC) / T_change_K);
}

// One pair of steps. Returns how much longer the next should be; below 0: taken back.
double try_pair(Run& run, double pair_s) {
  PackState& state = run.state;
  run.w.before = state;
  run.w.whole = state;
  run.w.whole.ageing_window.since_s = -kNever_s;  // what it ages nobody asks
  const bool is_found = take(run, pair_s, run.w.whole) && take(run, 0.5 * pair_s, state) &&
                        take(run, 0.5 * pair_s, state);
  const bool is_shortest = pair_s <= kShortestPair_s;
  if (!is_found) {
    state = run.w.before;
    return -0.5;
  }
  const double error = error_of(run);
  const double change = change_of(run);
  const double shrink = std::max(kMostShrink, std::min(kSafety / std::sqrt(std::max(error, 1e-9)),
                                                       1.0 / std::max(change, 1e-9)));
  const bool is_fast = state.is_transient || run.w.whole.is_transient;
  if (!is_shortest && (is_fast || !(error <= 1.0 && change <= 1.25))) {
    state = run.w.before;
    return -(is_fast ? kMostShrink : std::min(shrink, 0.5));
  }
  return std::min(shrink, kMostGrowth);
}

// Where the pair should have ended, seen as a straight line to what it went beyond.
double share_before_stop(double before, double after) {
  return std::clamp(before / (before - after), 0.1, 0.9);
}

double longest_pair_s(const Run& run) {
  const RunawayParameters& reactions = run.p.runaway;
  const double hot_s =
      longest_runaway_step_s(reactions, run.p.cells.capacity_Ah, run.p.thermal.paths.cell_J_per_K,
                             run.state.cells.T_degC, run.state.runaway);
  return 2.0 * std::min(run.tolerance.longest_s, std::max(hot_s, kMillisecond_s));
}

void count(Run& run, double pair_s) {
  run.result.elapsed_s += pair_s;
  run.result.steps += 2;
  run.result.longest_s = std::max(run.result.longest_s, 0.5 * pair_s);
}

// What to try: not beyond the end, and not so that a crumb is left for the step after.
double next_pair_s(const Run& run, double left_s) {
  const double wanted_s = std::min(run.w.pair_s, longest_pair_s(run));
  if (wanted_s >= left_s) return left_s;
  return 2.0 * wanted_s > left_s ? 0.5 * left_s : wanted_s;
}

// Quasi-static, until the duration is over, the stop is reached or something fast begins.
void run_slow(Run& run, double duration_s) {
  look(run.p, run.inputs, kFirstPair_s, run.state);
  double before = beyond(run.stop, run.start_Ah, run.state);
  run.result.is_stopped = before >= 0.0;
  while (!run.result.is_stopped && !run.state.is_transient) {
    const double left_s = duration_s - run.result.elapsed_s;
    if (left_s < 1e-9 * duration_s) return;
    const double pair_s = next_pair_s(run, left_s);
    const double growth = try_pair(run, pair_s);
    if (growth < 0.0) {
      ++run.result.rejected;
      run.w.pair_s = std::max(-growth * pair_s, kShortestPair_s);
      continue;
    }
    const double after = beyond(run.stop, run.start_Ah, run.state);
    if (after > 1.0 && pair_s > kEventPair_s) {
      ++run.result.rejected;
      run.state = run.w.before;
      run.w.pair_s = pair_s * share_before_stop(before, after);
      continue;
    }
    count(run, pair_s);
    before = after;
    run.result.is_stopped = after >= 0.0;
    // A pair that the end cut short says little about the next.
    run.w.pair_s = std::max(pair_s * growth, std::min(run.w.pair_s, 4.0 * pair_s));
  }
}

}  // namespace

StepTolerance StepTolerance::times(double factor) const {
  return {cell_V * factor,     soc * factor,        T_K * factor,
          soc_change * factor, T_change_K * factor, longest_s};
}

AdvanceResult& AdvanceResult::operator+=(const AdvanceResult& other) {
  elapsed_s += other.elapsed_s;
  is_stopped = other.is_stopped;
  steps += other.steps;
  rejected += other.rejected;
  longest_s = std::max(longest_s, other.longest_s);
  return *this;
}

AdaptiveWorkspace make_adaptive_workspace(const PackState& state) {
  AdaptiveWorkspace w;
  w.before = state;
  w.whole = state;
  w.work.trial = state.cells;
  const CellArray none = CellArray::Zero(state.cell_current_A.size());
  for (CellArray* array :
       {&w.work.found_A, &w.work.trial_A, &w.work.start_V, &w.work.end_V, &w.work.off_V,
        &w.work.slope_Ohm, &w.work.own_Ohm, &w.work.end_thermal_V})
    *array = none;
  return w;
}

AdvanceResult advance(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                      double duration_s, const StepTolerance& tolerance, PackState& state,
                      AdaptiveWorkspace& w, const StopAt& stop) {
  Run run{p, hardware, inputs, tolerance, stop, state, w, passed_Ah(state), {}};
  const TerminalSource& source = inputs.source;
  const bool is_same_source = source.current_A == w.source.current_A &&
                              source.conductance_S == w.source.conductance_S &&
                              source.max_V == w.source.max_V && source.min_V == w.source.min_V;
  if (!is_same_source || w.pair_s <= 0.0) w.pair_s = kFirstPair_s;
  w.source = source;
  notice_inputs(p, hardware, inputs, state);
  while (!run.result.is_stopped && duration_s - run.result.elapsed_s > 1e-9 * duration_s) {
    if (!state.is_transient) {
      run_slow(run, duration_s);
      continue;
    }
    const double dt_s = std::min(kMillisecond_s, duration_s - run.result.elapsed_s);
    step(p, hardware, inputs, dt_s, state);
    run.result.elapsed_s += dt_s;
    w.pair_s = std::min(w.pair_s, kFirstPair_s);
  }
  return run.result;
}

}  // namespace doppelpack::models
