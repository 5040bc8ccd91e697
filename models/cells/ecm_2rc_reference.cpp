// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The equations of ecm-2rc written down cell by cell and nothing else: every curve and every
// factor is evaluated in every step. Some twenty times slower; what ecm-2rc is tested against.
#include <algorithm>
#include <cmath>

#include "models/cell_model.hpp"
#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

struct Column {
  enum Index { soc, v1, v2, hysteresis, sign, count };
};

constexpr std::string_view kStateNames[] = {"soc", "v1_V", "v2_V", "hysteresis", "sign"};
static_assert(std::size(kStateNames) == Column::count);

double arrhenius(double activation_J_per_mol, double T_degC) {
  const double bounded_degC = std::clamp(T_degC, -40.0, 80.0);
  return exponential(activation_J_per_mol / 8.314462618 *
                     (1.0 / (bounded_degC + 273.15) - 1.0 / 298.15));
}

double cold_K(double T_degC) {
  return std::clamp(25.0 - T_degC, 0.0, 65.0);
}

double stretched_soc(const CellParameters& p, const CellState& state, Eigen::Index i) {
  const double reach = 1.0 - p.cold_capacity_per_K * cold_K(state.T_degC[i]);
  return 1.0 - (1.0 - state.x(i, Column::soc)) / reach;
}

double gap_V(const CellParameters& p, const CellState& state, Eigen::Index i) {
  const double growth = std::min(1.0 + p.hysteresis_per_K * cold_K(state.T_degC[i]), 1.8);
  return p.hysteresis_V(stretched_soc(p, state, i)) * growth;
}

double r0_Ohm(const CellParameters& p, const CellState& state, Eigen::Index i) {
  return p.r0_Ohm[i] * arrhenius(p.r0_activation_J_per_mol, state.T_degC[i]) * state.r0_factor[i];
}

double thermal_V(const CellParameters& p, const CellState& state, Eigen::Index i) {
  return (state.T_degC[i] + 273.15) * p.entropic_V_per_K(stretched_soc(p, state, i));
}

void refresh(const CellParameters& p, CellState& state) {
  for (Eigen::Index i = 0; i < state.x.rows(); ++i) {
    state.r_Ohm[i] = r0_Ohm(p, state, i);
    state.thermal_V[i] = thermal_V(p, state, i);
  }
}

void initialise(const CellParameters& p, const CellArray& soc, double T_degC, CellState& state) {
  const Eigen::Index count = soc.size();
  state.x.setZero(count, Column::count);
  state.x.col(Column::soc) = soc;
  state.T_degC.setConstant(count, T_degC);
  for (CellArray* factor : {&state.capacity_factor, &state.r0_factor, &state.rc_factor})
    factor->setOnes(count);
  for (CellArray* array : {&state.charged_As, &state.discharged_As, &state.heat_J, &state.r_Ohm,
                           &state.thermal_V, &state.ocv_V})
    array->setZero(count);
  refresh(p, state);
}

void thevenin(const CellParameters& p, CellState& state, CellArray& emf_V) {
  for (Eigen::Index i = 0; i < state.x.rows(); ++i) {
    state.ocv_V[i] = p.ocv_V(stretched_soc(p, state, i));
    emf_V[i] = state.ocv_V[i] + gap_V(p, state, i) * state.x(i, Column::hysteresis) +
               p.hysteresis_instant_V * state.x(i, Column::sign) + state.x(i, Column::v1) +
               state.x(i, Column::v2);
  }
}

void advance_cell(const CellParameters& p, Eigen::Index i, double current_A, double dt_s,
                  CellState& state) {
  const double T_degC = state.T_degC[i];
  const double x = stretched_soc(p, state, i);
  const double capacity_Ah = p.capacity_Ah[i] * state.capacity_factor[i];
  const bool is_charge = current_A > 0.0;
  const double sign = is_charge ? 1.0 : -1.0;
  const double lost_A = is_charge ? (1.0 - p.coulombic_efficiency) * current_A : 0.0;
  const double dz = (current_A - lost_A) * dt_s / (3600.0 * capacity_Ah);

  const double h = state.x(i, Column::hysteresis);
  const double h_new = sign + (h - sign) * exponential(-p.hysteresis_gamma * std::abs(dz));
  const double threshold_A =
      std::max(1e-4 * capacity_Ah, 2.0 * p.hysteresis_instant_V / r0_Ohm(p, state, i));
  const bool is_noticed = std::abs(current_A) > threshold_A;
  const double s = is_noticed ? sign : state.x(i, Column::sign);

  const double factor = (is_charge ? p.rc_factor_charge(x) : p.rc_factor_discharge(x)) *
                        state.rc_factor[i] * current_A;
  const auto relaxed = [&](double v_V, double r_Ohm, double activation, double tau_s) {
    const double end_V = r_Ohm * arrhenius(activation, T_degC) * factor;
    return end_V + (v_V - end_V) * exponential(-dt_s / tau_s);
  };
  const double v1_V = state.x(i, Column::v1);
  const double v2_V = state.x(i, Column::v2);
  const double v1_new = relaxed(v1_V, p.r1_Ohm[i], p.rc1_activation_J_per_mol, p.tau1_s);
  const double v2_new = relaxed(v2_V, p.r2_Ohm[i], p.rc2_activation_J_per_mol, p.tau2_s);

  const double over_V = r0_Ohm(p, state, i) * current_A + 0.5 * (v1_V + v1_new + v2_V + v2_new) +
                        p.hysteresis_instant_V * s + thermal_V(p, state, i) +
                        gap_V(p, state, i) * 0.5 * (h + h_new);
  state.heat_J[i] += (current_A * over_V + lost_A * state.ocv_V[i]) * dt_s;
  (is_charge ? state.charged_As : state.discharged_As)[i] += std::abs(current_A) * dt_s;
  state.x(i, Column::soc) += dz;
  state.x(i, Column::v1) = v1_new;
  state.x(i, Column::v2) = v2_new;
  state.x(i, Column::hysteresis) = h_new;
  state.x(i, Column::sign) = s;
}

void advance(const CellParameters& p, const CellArray& current_A, double dt_s, CellState& state) {
  for (Eigen::Index i = 0; i < state.x.rows(); ++i) advance_cell(p, i, current_A[i], dt_s, state);
}

}  // namespace

extern const CellModel ecm_2rc_reference;
const CellModel ecm_2rc_reference{
    .key = "ecm-2rc-reference",
    .title = "The same, straight from the equations; slow, for comparison",
    .state_names = kStateNames,
    .initialise = initialise,
    .refresh = refresh,
    .thevenin = thevenin,
    .advance = advance,
};

}  // namespace doppelpack::models
