// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/pack.hpp"

#include <bit>

#include "models/pair.hpp"
#include "network.hpp"
#include "thermal.hpp"

namespace doppelpack::models {

namespace {

// A stiff source sees the RC pairs and the steep ends of the OCV curve as resistance that grows
// with the length of a step: 1 s keeps it below the true one down to -20 degC and 0 % SOC.
constexpr double kLongestPart_s = 1.0;

// Heat becomes temperature in portions: the fastest thermal time constant is tens of seconds.
constexpr double kThermalStep_s = 0.1;

constexpr int kMostBleeders = 32;

template <typename Visit>
void for_each_bleeder(std::uint32_t bleeders, int cell_count, Visit visit) {
  if (cell_count < kMostBleeders) bleeders &= (1U << static_cast<unsigned>(cell_count)) - 1U;
  for (; bleeders != 0; bleeders &= bleeders - 1U) visit(std::countr_zero(bleeders));
}

void place_bleeders(const PackParameters& p, std::uint32_t bleeders, PackState& state) {
  state.bleeder_S.setZero();
  if (bleeders == 0) return;
  const double conductance_S = 1.0 / p.bleeder_Ohm;
  for_each_bleeder(bleeders, p.cell_count, [&](int i) { state.bleeder_S[i] = conductance_S; });
}

// Folds shorts, self-discharge, links and bleeders into emf_V and r_Ohm, so that the voltage at the
// taps is u = emf + r i, i the current from tap to tap. With v = emf + r (b - S v - leak) the cell,
// u = v + link b, b = i - g u:
//   u = ((emf - r leak) + series i) / (D + g series),  D = 1 + r S,  series = r + link D.
void fold_taps(const PackParameters& p, const Hardware& hardware, PackState& state) {
  const double* const short_S = hardware.cell_short_S.data();
  const double* const extra_Ohm = hardware.link_extra_Ohm.data();
  const double* const leak_A = p.self_discharge_A.data();
  const double* const bleeder_S = state.bleeder_S.data();
  double* const emf_V = state.emf_V.data();
  double* const r_Ohm = state.r_Ohm.data();
  const Pair link_Ohm = both(p.link_Ohm);
  for_pairs(p.cell_count, [=]<int kCells>(std::ptrdiff_t i, std::integral_constant<int, kCells>) {
    const Pair r = load<kCells>(r_Ohm + i);
    const Pair divider = 1.0 + r * load<kCells>(short_S + i);
    const Pair series_Ohm = r + (link_Ohm + load<kCells>(extra_Ohm + i)) * divider;
    const Pair per_total = 1.0 / (divider + load<kCells>(bleeder_S + i) * series_Ohm);
    const Pair emf = load<kCells>(emf_V + i) - r * load<kCells>(leak_A + i);
    store<kCells>(emf_V + i, emf * per_total);
    store<kCells>(r_Ohm + i, series_Ohm * per_total);
  });
}

// The way back: what a current between the taps means for each cell.
void spread_current(const PackParameters& p, const Hardware& hardware, double tap_A,
                    PackState& state) {
  const double* const short_S = hardware.cell_short_S.data();
  const double* const extra_Ohm = hardware.link_extra_Ohm.data();
  const double* const leak_A = p.self_discharge_A.data();
  const double* const bleeder_S = state.bleeder_S.data();
  const double* const emf_V = state.emf_V.data();
  const double* const r_Ohm = state.r_Ohm.data();
  double* const cell_V = state.cell_V.data();
  double* const cell_current_A = state.cell_current_A.data();
  double* const passive_W = state.passive_W.data();
  const Pair link_Ohm = both(p.link_Ohm);
  for_pairs(p.cell_count, [=]<int kCells>(std::ptrdiff_t i, std::integral_constant<int, kCells>) {
    const Pair tap_V = load<kCells>(emf_V + i) + load<kCells>(r_Ohm + i) * tap_A;
    const Pair link_A = tap_A - load<kCells>(bleeder_S + i) * tap_V;
    const Pair link_V = (link_Ohm + load<kCells>(extra_Ohm + i)) * link_A;
    const Pair inner_V = tap_V - link_V;
    const Pair lost_A = load<kCells>(short_S + i) * inner_V + load<kCells>(leak_A + i);
    store<kCells>(cell_V + i, tap_V);
    store<kCells>(cell_current_A + i, link_A - lost_A);
    store<kCells>(passive_W + i, link_V * link_A + lost_A * inner_V);
  });
}

// Heat in the box outside the cells and their links: switches, shunt, terminals, BMS, bleeders.
double case_heat_W(const PackParameters& p, const PackInputs& inputs, const PackState& state) {
  double heat_W = (state.terminal_V - state.stack_V) * state.current_A;
  if (state.current_A == 0.0) heat_W = 0.0;
  heat_W += p.supply_A * state.stack_V;
  for_each_bleeder(inputs.bleeders, p.cell_count, [&](int i) {
    heat_W += state.bleeder_S[i] * state.cell_V[i] * state.cell_V[i];
  });
  return heat_W;
}

void step_part(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
               double dt_s, PackState& state) {
  solve(p, hardware, inputs, state);

  p.cell_model->advance(p.cells, state.cell_current_A, dt_s, state.cells, state.heat_W);
  const double passed_Ah = state.current_A * dt_s / 3600.0;
  (passed_Ah > 0.0 ? state.charge_Ah : state.discharge_Ah) +=
      passed_Ah > 0.0 ? passed_Ah : -passed_Ah;

  state.waiting_J += (state.heat_W + state.passive_W) * dt_s;
  state.case_waiting_J += case_heat_W(p, inputs, state) * dt_s;
  state.waiting_s += dt_s;
  // The margin keeps a hundred steps of 1 ms from being a rounding error short of 0.1 s.
  if (state.waiting_s > kThermalStep_s - 1e-6) spread_heat(p, inputs.ambient_degC, state);
}

}  // namespace

PackState make_pack_state(const PackParameters& parameters, const CellArray& soc, double T_degC) {
  PackState state;
  parameters.cell_model->initialise(parameters.cells, soc, T_degC, state.cells);
  state.case_degC = T_degC;
  const auto ntc_count = static_cast<Eigen::Index>(parameters.ntc_cell.size());
  state.ntc_degC = CellArray::Constant(ntc_count, T_degC);
  for (CellArray* array :
       {&state.cell_V, &state.emf_V, &state.r_Ohm, &state.cell_current_A, &state.heat_W,
        &state.bleeder_S, &state.passive_W, &state.flow_W, &state.waiting_J})
    array->setZero(parameters.cell_count);
  solve(parameters, flawless_hardware(parameters.cell_count, static_cast<int>(ntc_count)),
        PackInputs{}, state);
  return state;
}

void step(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
          double dt_s, PackState& state) {
  // Rounds up, with a margin against 60 parts of a second becoming 61.
  const int parts = 1 + static_cast<int>(dt_s * (0.999999 / kLongestPart_s));
  const double part_s = dt_s / parts;
  for (int i = 0; i < parts; ++i) step_part(parameters, hardware, inputs, part_s, state);
}

void solve(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
           PackState& state) {
  const double direction = state.current_A < 0.0 ? -1.0 : 1.0;
  parameters.cell_model->thevenin(parameters.cells, state.cells, direction, state.emf_V,
                                  state.r_Ohm);
  place_bleeders(parameters, inputs.bleeders, state);
  fold_taps(parameters, hardware, state);

  // The supply current flows through the cells only: seen from outside it lowers the stack's emf.
  const double stack_r_Ohm = sum_of(state.r_Ohm);
  const double stack_emf_V = sum_of(state.emf_V) - stack_r_Ohm * parameters.supply_A;
  TerminalSource source = inputs.source;
  source.conductance_S += hardware.terminal_short_S;
  const OperatingPoint point =
      operating_point(source, {stack_emf_V, stack_r_Ohm},
                      make_path(parameters, hardware, inputs.charge_gate, inputs.discharge_gate));

  state.current_A = point.current_A;
  state.terminal_V = point.terminal_V;
  state.stack_V = stack_emf_V + stack_r_Ohm * point.current_A;
  spread_current(parameters, hardware, point.current_A - parameters.supply_A, state);
}

}  // namespace doppelpack::models
