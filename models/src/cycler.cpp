// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/cycler.hpp"

#include <algorithm>
#include <cmath>

namespace doppelpack::models {

namespace {

constexpr double kYear_s = 365.0 * 86400.0;
constexpr double kBalancePeriod_s = 600.0;

PackInputs inputs_of(const CyclerPhase& phase, double ambient_degC) {
  PackInputs inputs;
  inputs.charge_gate = true;
  inputs.discharge_gate = true;
  inputs.main_1 = true;
  inputs.main_2 = true;
  inputs.ambient_degC = ambient_degC;
  const bool is_holding = phase.current_A > 0.0 && !std::isnan(phase.terminals_V);
  inputs.source = {phase.current_A, 0.0,
                   is_holding ? phase.terminals_V : std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity()};
  return inputs;
}

StopAt stop_of(const CyclerPhase& phase) {
  StopAt stop;
  const bool is_charge = phase.current_A > 0.0;
  if (!std::isnan(phase.cell_V)) (is_charge ? stop.cell_above_V : stop.cell_below_V) = phase.cell_V;
  if (!std::isnan(phase.terminals_V) && phase.current_A < 0.0)
    stop.terminals_below_V = phase.terminals_V;
  if (is_charge && phase.taper_A > 0.0) stop.charge_below_A = phase.taper_A;
  return stop;
}

std::uint32_t bleeders_of(const CyclerPhase& phase, const CellArray& cell_V) {
  constexpr Eigen::Index kMostBleeders = 32;
  double lowest_V = cell_V[0];
  for (Eigen::Index i = 1; i < cell_V.size(); ++i) lowest_V = std::min(lowest_V, cell_V[i]);
  std::uint32_t bleeders = 0;
  for (Eigen::Index i = 0; i < std::min(cell_V.size(), kMostBleeders); ++i)
    if (cell_V[i] - lowest_V > phase.balance_above_V)
      bleeders |= std::uint32_t{1} << static_cast<unsigned>(i);
  return bleeders;
}

}  // namespace

CyclerSums& CyclerSums::operator+=(const CyclerSums& other) {
  advance += other.advance;
  charge_Ah += other.charge_Ah;
  discharge_Ah += other.discharge_Ah;
  return *this;
}

CyclerSums run_phase(const PackParameters& p, const Hardware& hardware, const CyclerPhase& phase,
                     double ambient_degC, const StepTolerance& tolerance, PackState& state,
                     AdaptiveWorkspace& workspace) {
  PackInputs inputs = inputs_of(phase, ambient_degC);
  StopAt stop = stop_of(phase);
  CyclerSums sums;
  sums.charge_Ah = -state.charge_Ah;
  sums.discharge_Ah = -state.discharge_Ah;
  const bool is_balancing = std::isfinite(phase.balance_above_V);
  const double longest_s = std::min(phase.longest_s, kYear_s);
  double passed_Ah = 0.0;
  while (!sums.advance.is_stopped && sums.advance.elapsed_s < longest_s * (1.0 - 1e-9)) {
    const double left_s = longest_s - sums.advance.elapsed_s;
    if (is_balancing) inputs.bleeders = bleeders_of(phase, state.cell_V);
    stop.passed_Ah = phase.passed_Ah - passed_Ah;
    const double before_Ah = state.charge_Ah + state.discharge_Ah;
    sums.advance +=
        advance(p, hardware, inputs, is_balancing ? std::min(left_s, kBalancePeriod_s) : left_s,
                tolerance, state, workspace, stop);
    passed_Ah += state.charge_Ah + state.discharge_Ah - before_Ah;
  }
  sums.charge_Ah += state.charge_Ah;
  sums.discharge_Ah += state.discharge_Ah;
  return sums;
}

CyclerSums run_cycle(const PackParameters& p, const Hardware& hardware,
                     const std::vector<CyclerPhase>& phases, double ambient_degC,
                     const StepTolerance& tolerance, PackState& state,
                     AdaptiveWorkspace& workspace) {
  CyclerSums sums;
  for (const CyclerPhase& phase : phases)
    sums += run_phase(p, hardware, phase, ambient_degC, tolerance, state, workspace);
  return sums;
}

}  // namespace doppelpack::models
