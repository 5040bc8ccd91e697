// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "thermal.hpp"

#include "models/exponential.hpp"

namespace doppelpack::models {

double sum_of(const CellArray& values) {
  const Eigen::Index count = values.size();
  double part[4] = {0.0, 0.0, 0.0, 0.0};  // four chains: an addition takes four cycles
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    part[0] += values[i];
    part[1] += values[i + 1];
    part[2] += values[i + 2];
    part[3] += values[i + 3];
  }
  for (; i < count; ++i) part[0] += values[i];
  return (part[0] + part[2]) + (part[1] + part[3]);
}

namespace {

// Heat arriving at each cell from its neighbours and the case.
void find_flows(const ThermalParameters& p, const CellArray& T_degC, double case_degC,
                CellArray& flow_W) {
  const Eigen::Index last = T_degC.size() - 1;
  const double* __restrict degC = T_degC.data();
  double* __restrict flow = flow_W.data();
  const double neighbour = p.neighbour_W_per_K;
  const double to_case = p.cell_to_case_W_per_K;
  for (Eigen::Index i = 1; i < last; ++i)
    flow[i] = neighbour * ((degC[i - 1] - degC[i]) + (degC[i + 1] - degC[i])) +
              to_case * (case_degC - degC[i]);

  const double end_to_case = to_case + p.end_to_case_W_per_K;
  if (last == 0) {  // a single cell is both ends
    flow[0] = (end_to_case + p.end_to_case_W_per_K) * (case_degC - degC[0]);
    return;
  }
  flow[0] = neighbour * (degC[1] - degC[0]) + end_to_case * (case_degC - degC[0]);
  flow[last] = neighbour * (degC[last - 1] - degC[last]) + end_to_case * (case_degC - degC[last]);
}

}  // namespace

void spread_heat(const PackParameters& parameters, double ambient_degC, PackState& state) {
  const ThermalParameters& p = parameters.thermal;
  const double dt_s = state.waiting_s;
  CellArray& T_degC = state.cells.T_degC;
  find_flows(p, T_degC, state.case_degC, state.flow_W);

  // Neighbour flows cancel in the sum: what is left went out of the case.
  const double into_case_W =
      p.case_to_ambient_W_per_K * (ambient_degC - state.case_degC) - sum_of(state.flow_W);
  state.heat_J += sum_of(state.waiting_J) + state.case_waiting_J;
  T_degC += (state.waiting_J + state.flow_W * dt_s) * (1.0 / p.cell_J_per_K);
  state.case_degC += (state.case_waiting_J + into_case_W * dt_s) / p.case_J_per_K;
  state.waiting_J.setZero();
  state.case_waiting_J = 0.0;
  state.waiting_s = 0.0;

  const double closed_in = 1.0 - exponential(-dt_s / p.ntc_tau_s);
  for (std::size_t i = 0; i < parameters.ntc_cell.size(); ++i) {
    double& bead_degC = state.ntc_degC[static_cast<Eigen::Index>(i)];
    bead_degC += closed_in * (T_degC[parameters.ntc_cell[i]] - bead_degC);
  }
}

}  // namespace doppelpack::models
