// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/sense_lines.hpp"

#include <algorithm>

#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

// (1 - exp(-x)) / x, x >= 0: how much of a step counts when it is followed by a decay.
double mean_decay(double x) {
  if (x <= 0.0) return 1.0;
  return (x < 1e-3 ? small_decay(x) : 1.0 - exponential(-x)) / x;
}

void place_wires(const SenseLineParameters& p, const Hardware& hardware, SenseLineState& state) {
  state.is_any_guarded = false;
  for (std::size_t k = 0; k < state.is_guarded.size(); ++k) {
    const SenseWireCondition& wire = hardware.sense_wires[k];
    const auto line = static_cast<Eigen::Index>(k);
    state.wire_S[line] = wire.is_open ? 0.0 : 1.0 / (p.wire_Ohm[line] + wire.extra_Ohm);
    state.is_guarded[k] = wire != SenseWireCondition{};
    state.is_any_guarded = state.is_any_guarded || state.is_guarded[k];
  }
}

void place_bleeders(const SenseLineParameters& p, std::uint32_t bleeders, SenseLineState& state) {
  const Eigen::Index cells = state.bleeder_S.size() - 1;
  for (Eigen::Index i = 0; i < cells; ++i)
    state.bleeder_S[i] = (bleeders >> static_cast<unsigned>(i) & 1U) != 0 ? 1.0 / p.bleeder_Ohm : 0;
}

// Kirchhoff's current law at the board side of every wire, w its voltage, u that of the input:
//   (wire + filter + bleeder below + bleeder above) w_k - below w_(k-1) - above w_(k+1)
//     = wire tap_k + filter u_k
// The filters keep the diagonal dominant whatever is open. Elimination from line 0 up.
void prepare_network(const SenseLineParameters& p, SenseLineState& state) {
  const double filter_S = 1.0 / p.filter_Ohm;
  double below_S = 0.0;
  double carry = 0.0;
  for (Eigen::Index k = 0; k < state.input_V.size(); ++k) {
    const double above_S = state.bleeder_S[k];
    const double total_S = state.wire_S[k] + filter_S + below_S + above_S;
    state.pivot_Ohm[k] = 1.0 / (total_S - below_S * carry);
    carry = above_S * state.pivot_Ohm[k];
    state.carry[k] = carry;
    below_S = above_S;
  }
}

// What a step does to a capacitor, fed by its node through the filter, or by its tap through wire
// and filter: C du/dt = source (node - u) - leak u - drain, u decaying with all that hangs on it.
void prepare_filters(const SenseLineParameters& p, const Hardware& hardware,
                     SenseLineState& state) {
  const double filter_S = 1.0 / p.filter_Ohm;
  const double step_V_per_A = state.dt_s / p.filter_F;
  const bool is_bleeding = state.inputs.bleeders != 0;
  double below_S = 0.0;
  for (Eigen::Index k = 0; k < state.input_V.size(); ++k) {
    const double behind_S = state.wire_S[k] + below_S + state.bleeder_S[k];
    const double series_S = filter_S * behind_S / (filter_S + behind_S);
    const double source_S = is_bleeding ? filter_S : series_S;
    const double leak_S = hardware.sense_wires[static_cast<std::size_t>(k)].leak_S;
    const double rise_V_per_A = step_V_per_A * mean_decay((series_S + leak_S) * step_V_per_A);
    const bool is_pulled = (state.inputs.pull_downs >> static_cast<unsigned>(k) & 1U) != 0;
    state.keep[k] = 1.0 - (source_S + leak_S) * rise_V_per_A;
    state.gain[k] = source_S * rise_V_per_A;
    state.drop_V[k] = (p.leakage_A[k] + (is_pulled ? p.pull_down_A : 0.0)) * rise_V_per_A;
    below_S = state.bleeder_S[k];
  }
}

bool can_be_at_ease(const SenseLineState& state) {
  constexpr double kForgotten = 1e-4;
  return !state.is_any_guarded && state.inputs == SenseLineInputs{} &&
         std::all_of(state.keep.begin(), state.keep.end(),
                     [](double keep) { return keep < kForgotten; });
}

void prepare(const SenseLineParameters& p, const Hardware& hardware, const SenseLineInputs& inputs,
             double dt_s, SenseLineState& state) {
  state.revision = hardware.revision;
  state.inputs = inputs;
  state.dt_s = dt_s;
  place_wires(p, hardware, state);
  place_bleeders(p, inputs.bleeders, state);
  prepare_network(p, state);
  prepare_filters(p, hardware, state);
  state.is_at_ease = can_be_at_ease(state);
}

// Calls visit(k, voltage of tap k) for every line; returns that of the last one. Sums pairs first,
// for a chain of half the length.
template <typename Visit>
double for_each_tap(const CellArray& cell_V, const Visit& visit) {
  const double* const cells = cell_V.data();
  const Eigen::Index count = cell_V.size();
  double tap_V = 0.0;
  visit(0, tap_V);
  Eigen::Index i = 0;
  for (; i + 1 < count; i += 2) {
    visit(i + 1, tap_V + cells[i]);
    tap_V += cells[i] + cells[i + 1];
    visit(i + 2, tap_V);
  }
  if (i < count) visit(i + 1, tap_V += cells[i]);
  return tap_V;
}

void put_at_ease(const CellArray& cell_V, SenseLineState& state) {
  for_each_tap(cell_V, [&state](Eigen::Index k, double tap_V) {
    state.input_V[k] = tap_V - state.leak_V[k];
  });
}

// From the taps to the board side of the wires, with the currents of bleeders and filters.
void solve_network(const SenseLineParameters& p, SenseLineState& state) {
  const double filter_S = 1.0 / p.filter_Ohm;
  const Eigen::Index lines = state.input_V.size();
  double from_below_A = 0.0;
  for (Eigen::Index k = 0; k < lines; ++k) {
    const double driven_A = state.wire_S[k] * state.node_V[k] + filter_S * state.input_V[k];
    state.node_V[k] = (driven_A + from_below_A) * state.pivot_Ohm[k];
    from_below_A = state.bleeder_S[k] * state.node_V[k];
  }
  for (Eigen::Index k = lines - 2; k >= 0; --k)
    state.node_V[k] += state.carry[k] * state.node_V[k + 1];
}

void charge(Eigen::Index line, double node_V, SenseLineState& state) {
  double& input_V = state.input_V[line];
  input_V = (state.keep[line] * input_V + state.gain[line] * node_V) - state.drop_V[line];
}

double charge_from_taps(const CellArray& cell_V, SenseLineState& state) {
  return for_each_tap(cell_V, [&state](Eigen::Index k, double tap_V) { charge(k, tap_V, state); });
}

double charge_while_bleeding(const SenseLineParameters& p, const CellArray& cell_V,
                             SenseLineState& state) {
  const double stack_V =
      for_each_tap(cell_V, [&state](Eigen::Index k, double tap_V) { state.node_V[k] = tap_V; });
  solve_network(p, state);
  for (Eigen::Index k = 0; k < state.node_V.size(); ++k) charge(k, state.node_V[k], state);
  return stack_V;
}

// Down the string against the line above, then up again against the line below: several open lines
// beside each other end between the healthy ones around them.
void clamp_guarded(double stack_V, SenseLineState& state) {
  const auto lines = static_cast<std::ptrdiff_t>(state.is_guarded.size());
  double above_V = stack_V;
  for (std::ptrdiff_t k = lines - 1; k >= 0; --k) {
    if (state.is_guarded[static_cast<std::size_t>(k)])
      state.input_V[k] = std::min(state.input_V[k], above_V);
    above_V = state.input_V[k];
  }
  double below_V = 0.0;
  for (std::ptrdiff_t k = 0; k < lines; ++k) {
    if (state.is_guarded[static_cast<std::size_t>(k)])
      state.input_V[k] = std::max(state.input_V[k], below_V);
    below_V = state.input_V[k];
  }
}

}  // namespace

SenseLineState make_sense_line_state(const SenseLineParameters& parameters,
                                     const CellArray& cell_V) {
  SenseLineState state;
  const Eigen::Index lines = cell_V.size() + 1;
  for (CellArray* array :
       {&state.input_V, &state.leak_V, &state.keep, &state.gain, &state.drop_V, &state.wire_S,
        &state.bleeder_S, &state.pivot_Ohm, &state.carry, &state.node_V})
    array->setZero(lines);
  state.is_guarded.assign(static_cast<std::size_t>(lines), false);
  state.leak_V = parameters.leakage_A * (parameters.wire_Ohm + parameters.filter_Ohm);
  put_at_ease(cell_V, state);
  return state;
}

void advance(const SenseLineParameters& parameters, const Hardware& hardware,
             const SenseLineInputs& inputs, const CellArray& cell_V, double dt_s,
             SenseLineState& state) {
  const SenseLineInputs acting{bleeding(hardware, inputs.bleeders), inputs.pull_downs};
  if (dt_s != state.dt_s || acting != state.inputs || hardware.revision != state.revision) {
    if (state.is_at_ease) put_at_ease(cell_V, state);
    prepare(parameters, hardware, acting, dt_s, state);
  }
  if (state.is_at_ease) return;
  const double stack_V = acting.bleeders == 0 ? charge_from_taps(cell_V, state)
                                              : charge_while_bleeding(parameters, cell_V, state);
  if (state.is_any_guarded) clamp_guarded(stack_V, state);
}

double cell_input_V(const SenseLineState& state, const CellArray& cell_V, Eigen::Index cell) {
  if (state.is_at_ease) return cell_V[cell] + (state.leak_V[cell] - state.leak_V[cell + 1]);
  return state.input_V[cell + 1] - state.input_V[cell];
}

}  // namespace doppelpack::models
