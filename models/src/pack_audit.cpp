// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pack_audit.hpp"

#include <algorithm>
#include <cmath>

#include "pack_step.hpp"
#include "string.hpp"

namespace doppelpack::models {

namespace {

// Rounding of sums over a window leaves some 1e-13; anything above this is an error of ours.
constexpr double kRounding = 1e-9;
// The string's energy is counted with the voltage at the start of each step: of first order in the
// step over the fastest time constant of a cell (15 s), times the share of the RC voltage (1 %).
constexpr double kEnergyShare = 1e-3;
constexpr double kEnergySharePerSecond = 1e-2;

double capacity_As(const PackParameters& p, const PackState& state, Eigen::Index cell) {
  return 3600.0 * p.cells.capacity_Ah[cell] * state.cells.capacity_factor[cell];
}

void audit_charge(const PackParameters& p, PackState& state) {
  const CellState& cells = state.cells;
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    const double capacity = capacity_As(p, state, i);
    const double stored_As = (cells.x(i, 0) - state.audit.soc[i]) * capacity;
    const double flowed_As =
        cells.charged_As[i] * p.cells.coulombic_efficiency - cells.discharged_As[i];
    check(Invariant::charge, static_cast<int>(i), stored_As - flowed_As, kRounding * capacity,
          state.audit);
  }
}

struct Chemical {
  double taken_J = 0.0;        ///< by all cells together
  double turned_over_J = 0.0;  ///< more than that where cells in parallel feed each other
  double turning_J = 0.0;      ///< what the instant hysteresis may turn over within a step
};

// The OCV over the charge, less what the entropy gave as heat.
Chemical chemical_energy(const PackParameters& p, const PackState& state) {
  const CellState& cells = state.cells;
  Chemical sum;
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    const double stored_As = (cells.x(i, 0) - state.audit.soc[i]) * capacity_As(p, state, i);
    const double mean_V = 0.5 * (state.audit.ocv_V[i] + cells.ocv_V[i]);
    const double passed_As = cells.charged_As[i] - cells.discharged_As[i];
    const double thermal_V = 0.5 * (state.audit.thermal_V[i] + cells.thermal_V[i]);
    sum.taken_J += stored_As * mean_V - thermal_V * passed_As;
    sum.turned_over_J += std::abs(stored_As * mean_V);
    sum.turning_J += 2.0 * p.cells.hysteresis_instant_V * std::abs(passed_As);
  }
  return sum;
}

// A cell that reacts loses its voltage to the reaction: no balance of the circuit holds any more.
bool is_burning(const PackParameters& p, const PackState& state) {
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    if (state.runaway.main_reacted[i] > 0.0) return true;
  }
  return false;
}

void audit_energy(const PackParameters& p, PackState& state) {
  if (is_burning(p, state)) return;
  const double heat_J = sum_of(state.cells.heat_J) + sum_of(state.string.passive_J) +
                        sum_of(state.string.link_J) + state.audit.bleeder_J;
  const double electrical_J = state.audit.electrical_J;
  const Chemical chemical = chemical_energy(p, state);
  const double residual_J = electrical_J - chemical.taken_J - heat_J;
  const double share = kEnergyShare + kEnergySharePerSecond * state.audit.longest_step_s;
  const double turnover_J = std::max(state.audit.turnover_J, chemical.turned_over_J);
  const double limit_J = share * (turnover_J + std::abs(heat_J)) + chemical.turning_J + 1e-6;
  check(Invariant::energy, -1, residual_J, limit_J, state.audit);
}

void audit_kirchhoff(const PackParameters& p, PackState& state) {
  const StringState& s = state.string;
  const double tap_A = state.current_A - supply_A(p, state);
  const double limit_A = kRounding * (1.0 + std::abs(tap_A));
  const double off_V = sum_of(state.cell_V) - state.stack_V;
  check(Invariant::voltage_law, -1, off_V, kRounding * (1.0 + std::abs(state.stack_V)),
        state.audit);
  for (Eigen::Index i = 0; i < p.series; ++i) {
    const double tap_off_A = tap_A - s.bleeder_S[i] * state.cell_V[i] - s.link_A[i];
    check(Invariant::current_law, static_cast<int>(i), tap_off_A, limit_A, state.audit);
    double cells_A = 0.0;
    const double inner_V = state.cell_V[i] - s.link_Ohm[i] * s.link_A[i];
    for (Eigen::Index k = i; k < p.cell_count(); k += p.series)
      cells_A += state.cell_current_A[k] + s.leak_A[k] + s.short_S[k] * inner_V;
    // Cells in parallel share by differences of nearly equal voltages.
    const double limit = limit_A + 1e-12 * std::abs(inner_V) / s.group_Ohm[i];
    check(Invariant::current_law, static_cast<int>(i), cells_A - s.link_A[i], limit, state.audit);
  }
}

void audit_ranges(const PackParameters& p, PackState& state) {
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    check(Invariant::soc, static_cast<int>(i), state.cells.x(i, 0) - 0.5, 0.7, state.audit);
    check(Invariant::temperature, static_cast<int>(i), state.cells.T_degC[i] - 470.0, 530.0,
          state.audit);
  }
}

}  // namespace

void start_audit(const PackParameters& p, PackState& state) {
  state.audit.soc.setZero(p.cell_count());
  state.audit.ocv_V.setZero(p.cell_count());
  state.audit.thermal_V.setZero(p.cell_count());
  state.audit.stored_heat_J = stored_J(p.thermal, state.cells.T_degC, state.thermal);
  open_window(p, state);
}

void open_window(const PackParameters& /*p*/, PackState& state) {
  AuditState& audit = state.audit;
  audit.soc = state.cells.x.col(0);
  audit.ocv_V = state.cells.ocv_V;
  audit.thermal_V = state.cells.thermal_V;
  audit.electrical_J = 0.0;
  audit.turnover_J = 0.0;
  audit.bleeder_J = 0.0;
  audit.longest_step_s = 0.0;
}

void audit_window(const PackParameters& p, PackState& state) {
  ++state.audit.windows;
  audit_charge(p, state);
  audit_energy(p, state);
  audit_kirchhoff(p, state);
  audit_ranges(p, state);
}

void audit_heat(const PackParameters& p, double lost_J, PackState& state) {
  AuditState& audit = state.audit;
  const HeatInput& heat = state.heat;
  const double produced_J =
      sum_of(heat.cell_J) + sum_of(heat.link_J) + (heat.mosfet_J + heat.board_J + heat.case_J);
  const double stored = stored_J(p.thermal, state.cells.T_degC, state.thermal);
  const double residual_J = produced_J - (stored - audit.stored_heat_J) - lost_J;
  // Differences of the heat of the whole box, some megajoules.
  const double limit_J = kRounding * (std::abs(produced_J) + std::abs(lost_J)) +
                         1e-12 * std::max(std::abs(stored), 1e6);
  check(Invariant::heat, -1, residual_J, limit_J, audit);
  audit.stored_heat_J = stored;
}

}  // namespace doppelpack::models
