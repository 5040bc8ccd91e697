// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "slow_step.hpp"

#include "pack_audit.hpp"
#include "string.hpp"

namespace doppelpack::models {

namespace {

constexpr double kAgeingStep_s = 60.0;

// Everything that became warm in the window, by place.
void gather_heat(PackState& state) {
  HeatInput& heat = state.heat;
  const PathHeat& path = state.path_heat;
  heat.cell_J += state.cells.heat_J + state.string.passive_J;
  heat.link_J = state.string.link_J;
  heat.mosfet_J = path.switch_J + path.charge_avalanche_J + path.discharge_avalanche_J;
  heat.board_J = path.shunt_J + path.precharge_J + state.supply_J + state.audit.bleeder_J;
  heat.case_J = path.contact_J + path.arc_J;
  state.heat_J +=
      sum_of(heat.cell_J) + sum_of(heat.link_J) + (heat.mosfet_J + heat.board_J + heat.case_J);
}

void move_heat(const PackParameters& p, const PackInputs& inputs, PackState& state) {
  const double lost_J = advance_heat(p.thermal, state.heat, inputs.ambient_degC, state.waiting_s,
                                     state.cells.T_degC, state.thermal);
  state.to_ambient_J += lost_J;
  audit_heat(p, lost_J, state);
  clear(state.heat);
}

// Half of the window at the temperature it began with, half at the one it ends with.
void note_temperature(PackState& state) {
  state.ageing_window.cell_degC_s += state.cells.T_degC * (0.5 * state.waiting_s);
}

void grow_older(const PackParameters& p, PackState& state) {
  AgeingWindow& window = state.ageing_window;
  window.charged_Ah += state.cells.charged_As * (1.0 / 3600.0);
  window.discharged_Ah += state.cells.discharged_As * (1.0 / 3600.0);
  window.since_s += state.waiting_s;
  if (window.since_s < kAgeingStep_s) return;
  window.cell_degC_s *= 1.0 / window.since_s;
  age(p.ageing, state.cells.x.col(0), window.cell_degC_s, window.charged_Ah, window.discharged_Ah,
      p.cells.capacity_Ah, window.since_s, state.ageing);
  window.cell_degC_s.setZero();
  window.charged_Ah.setZero();
  window.discharged_Ah.setZero();
  window.since_s = 0.0;
}

// Ageing, damage and reactions as factors on what the cell was when new.
void apply_health(const PackParameters& p, PackState& state) {
  CellState& cells = state.cells;
  for (Eigen::Index i = 0; i < p.cell_count(); ++i) {
    const CellAgeing& age = state.ageing.cells[static_cast<std::size_t>(i)];
    const double harm =
        (1.0 + state.damage.resistance[i]) * runaway_r_factor(p.runaway, state.runaway, i);
    cells.capacity_factor[i] = age.capacity_factor * (1.0 - state.damage.loss[i]);
    cells.r0_factor[i] = age.resistance_factor_r0 * harm;
    cells.rc_factor[i] = age.resistance_factor_rc * harm;
  }
}

}  // namespace

void start_slow_steps(const PackParameters& p, PackState& state) {
  const CellArray none = CellArray::Zero(p.cell_count());
  state.ageing_window = {none, none, none, 0.0};
  state.heat = make_heat_input(p.thermal);
  start_audit(p, state);
}

void slow_step(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
               PackState& state) {
  CellState& cells = state.cells;
  string_emf_V(p, state);  // the OCV at the end of the window
  audit_window(p, state);
  advance_damage(p.damage, p.cells.capacity_Ah, state.cell_V, cells, state.heat.cell_J,
                 state.damage);
  const RunawayHeat reaction =
      advance_runaway(p.runaway, p.cells.capacity_Ah, cells.x.col(0), cells.T_degC, state.waiting_s,
                      state.runaway, state.heat.cell_J);
  state.vented_J += reaction.carried_out_J;
  gather_heat(state);
  note_temperature(state);
  move_heat(p, inputs, state);
  note_temperature(state);
  grow_older(p, state);
  apply_health(p, state);

  cells.heat_J.setZero();
  cells.charged_As.setZero();
  cells.discharged_As.setZero();
  state.string.passive_J.setZero();
  state.string.link_J.setZero();
  state.path_heat = {};
  state.supply_J = 0.0;
  state.waiting_s = 0.0;
  refresh_string(p, hardware, inputs.bleeders, state);
  open_window(p, state);
}

}  // namespace doppelpack::models
