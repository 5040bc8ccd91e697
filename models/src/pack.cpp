// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/pack.hpp"

#include <algorithm>
#include <cmath>

#include "pack_step.hpp"
#include "slow_step.hpp"
#include "string.hpp"

namespace doppelpack::models {

namespace {

// Heat becomes temperature in portions: the fastest thermal time constant is seconds.
constexpr double kSlowStep_s = 0.1;

// How long the stack counts as frozen while the power path runs in microseconds: a cell's fastest
// time constant is 15 s.
constexpr double kTransientPart_s = 100e-6;

PathInputs path_inputs(const Hardware& hardware, const PackInputs& inputs, const PackState& state) {
  PathInputs path;
  path.charge_gate = inputs.charge_gate;
  path.discharge_gate = inputs.discharge_gate;
  path.main_1 = inputs.main_1 && !hardware.is_main_1_undriven;
  path.main_2 = inputs.main_2 && !hardware.is_main_2_undriven;
  path.precharge = inputs.precharge && !hardware.is_precharge_undriven;
  path.is_plugged = inputs.is_plugged;
  path.switch_degC = state.thermal.mosfet_degC;
  path.source = inputs.source;
  return path;
}

bool is_same_path(const PackInputs& a, const PackInputs& b) {
  return a.charge_gate == b.charge_gate && a.discharge_gate == b.discharge_gate &&
         a.main_1 == b.main_1 && a.main_2 == b.main_2 && a.precharge == b.precharge &&
         a.is_plugged == b.is_plugged;
}

// The supply current flows through the cells only: seen from outside it lowers the stack's emf.
Thevenin stack_now(const PackParameters& p, PackState& state) {
  const double stack_Ohm = state.string.stack_Ohm;
  return {string_emf_V(p, state) - stack_Ohm * supply_A(p, state), stack_Ohm};
}

void read_instruments(const Thevenin& stack, PackState& state) {
  state.current_A = state.path.current_A;
  state.terminal_V = state.path.terminal_V;
  state.stack_V = stack.emf_V + stack.r_Ohm * state.current_A;
}

void begin_transient(PackState& state) {
  if (!state.is_transient) state.path.peak_A = 0.0;
  state.is_transient = true;
}

// Takes over whatever has changed outside since the last step.
void notice_changes(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                    PackState& state) {
  const bool is_same_hardware = state.seen_revision == hardware.revision;
  if (is_same_hardware && state.seen.bleeders == inputs.bleeders &&
      state.seen.is_supplied == inputs.is_supplied && is_same_path(state.seen, inputs)) [[likely]]
    return;
  if (!is_same_hardware || !is_same_path(state.seen, inputs)) {
    state.elements = compose(p.path, hardware, path_inputs(hardware, inputs, state), state.path);
    begin_transient(state);
  }
  state.seen = inputs;
  state.seen_revision = hardware.revision;
  refresh_string(p, hardware, inputs.bleeders, state);
}

// Books charge, energy and heat of a step at constant tap current, and lets the cells follow.
void advance_cells(const PackParameters& p, double dt_s, PackState& state) {
  const double bms_A = supply_A(p, state);
  const double tap_A = state.current_A - bms_A;
  advance_string(p, tap_A, dt_s, state);
  const double passed_Ah = state.current_A * dt_s / 3600.0;
  (passed_Ah > 0.0 ? state.charge_Ah : state.discharge_Ah) +=
      passed_Ah > 0.0 ? passed_Ah : -passed_Ah;
  AuditState& audit = state.audit;
  const double electrical_J = state.stack_V * tap_A * dt_s;
  audit.electrical_J += electrical_J;
  audit.turnover_J += std::abs(electrical_J);
  audit.bleeder_J += bleeder_heat_W(state) * dt_s;
  audit.longest_step_s = std::max(audit.longest_step_s, dt_s);
  state.supply_J += bms_A * state.stack_V * dt_s;
  state.waiting_s += dt_s;
}

// The currents of microseconds have a mean, which the cells followed, and a spread around it, which
// warmed their resistance in addition.
void add_ripple_heat(const PackParameters& p, double ripple_A2s, PackState& state) {
  for (Eigen::Index i = 0; i < p.series; ++i) {
    const double ripple_J = ripple_A2s * state.string.tap_Ohm[i] / p.parallel;
    for (Eigen::Index k = i; k < p.cell_count(); k += p.series)
      state.string.passive_J[k] += ripple_J;
    state.audit.electrical_J += ripple_A2s * state.string.tap_Ohm[i];
  }
}

void finish_step(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                 PackState& state) {
  // The margin keeps a hundred steps of 1 ms from being a rounding error short of 0.1 s.
  if (state.waiting_s < kSlowStep_s - 1e-6) return;
  const double dt_s = state.waiting_s;
  if (!state.is_transient &&
      advance_devices(p.path, hardware, path_inputs(hardware, inputs, state), dt_s, state.path))
    begin_transient(state);
  slow_step(p, hardware, inputs, state);
  state.elements = compose(p.path, hardware, path_inputs(hardware, inputs, state), state.path);
}

// Microseconds for dt_s. Less than one may be left over; the next call begins with it.
void transient_part(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                    double dt_s, PackState& state) {
  const Thevenin stack = stack_now(p, state);
  const PathInputs path = path_inputs(hardware, inputs, state);
  state.owed_s += dt_s;
  const int steps = static_cast<int>(state.owed_s / p.path.step_s + 1e-6);
  double charge_As = 0.0;
  double square_A2s = 0.0;
  for (int done = 0; done < steps;) {
    const TransientSums sums = run_transient(p.path, hardware, p.comparators, path, stack,
                                             steps - done, state.elements, state.path);
    done += sums.steps;
    charge_As += sums.charge_As;
    square_A2s += sums.square_A2s;
    state.path_heat += sums.heat;
    state.path.peak_A = std::max(state.path.peak_A, sums.peak_A);
  }
  state.owed_s -= steps * p.path.step_s;

  // The cells see the mean current; the instruments see the last.
  const double mean_A = charge_As / dt_s;
  state.current_A = mean_A;
  state.stack_V = stack.emf_V + stack.r_Ohm * mean_A;
  advance_cells(p, dt_s, state);
  add_ripple_heat(p, square_A2s - charge_As * mean_A, state);
  finish_step(p, hardware, inputs, state);
  read_instruments(stack, state);
  if (is_settled(p.path, hardware, path, stack, state.elements, state.path))
    state.is_transient = false;
}

}  // namespace

void notice_inputs(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                   PackState& state) {
  notice_changes(p, hardware, inputs, state);
}

void look(const PackParameters& p, const PackInputs& inputs, double dt_s, PackState& state) {
  const Thevenin stack = stack_now(p, state);
  settle(p.path, state.elements, inputs.source, stack, dt_s, state.path);
  read_instruments(stack, state);
  spread_current(p, state.current_A - supply_A(p, state), 0.0, state);
}

void pass_current(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                  const Thevenin& stack, double dt_s, PackState& state) {
  settle(p.path, state.elements, inputs.source, stack, dt_s, state.path);
  read_instruments(stack, state);
  add_heat(p.path, state.elements, state.path, dt_s, state.path_heat);
  advance_cells(p, dt_s, state);
  if (needs_transient(p.comparators, comparator_reading_A(hardware, state.current_A),
                      state.path.comparators)) [[unlikely]]
    begin_transient(state);
}

void finish_part(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
                 PackState& state) {
  finish_step(p, hardware, inputs, state);
}

void step_part(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
               double dt_s, PackState& state) {
  pass_current(p, hardware, inputs, stack_now(p, state), dt_s, state);
  finish_step(p, hardware, inputs, state);
}

Thevenin join(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
              PackState& state) {
  notice_changes(p, hardware, inputs, state);
  state.is_transient = false;
  return stack_now(p, state);
}

void show(const PackParameters& p, const Thevenin& stack, PackState& state) {
  read_instruments(stack, state);
  spread_current(p, state.current_A - supply_A(p, state), 0.0, state);
}

void follow(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
            const Thevenin& stack, double dt_s, PackState& state) {
  read_instruments(stack, state);
  add_heat(p.path, state.elements, state.path, dt_s, state.path_heat);
  advance_cells(p, dt_s, state);
  const double reading_A = comparator_reading_A(hardware, state.current_A);
  if (watch(p.comparators, reading_A, dt_s, state.path.comparators))
    state.elements = compose(p.path, hardware, path_inputs(hardware, inputs, state), state.path);
  finish_step(p, hardware, inputs, state);
  state.is_transient = false;
}

PackState make_pack_state(const PackParameters& p, const CellArray& soc, double T_degC) {
  PackState state;
  p.cell_model->initialise(p.cells, soc, T_degC, state.cells);
  state.thermal = make_thermal_state(p.thermal, T_degC);
  state.runaway = make_runaway_state(p.cell_count());
  state.ageing = make_ageing_state(soc);
  state.damage = make_damage_state(p.cell_count());
  make_string(p, state);
  const Hardware flawless =
      flawless_hardware(p.cell_count(), static_cast<int>(p.thermal.beads.size()), p.series);
  refresh_string(p, flawless, 0, state);
  const Thevenin stack = stack_now(p, state);
  state.path.link_V = stack.emf_V;
  start_slow_steps(p, state);
  state.elements =
      compose(p.path, flawless, path_inputs(flawless, PackInputs{}, state), state.path);
  solve(p, flawless, PackInputs{}, state);
  return state;
}

void step(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs, double dt_s,
          PackState& state) {
  notice_changes(p, hardware, inputs, state);
  double left_s = dt_s;
  while (state.is_transient && left_s > 0.0) {
    const double part_s = std::min(left_s, kTransientPart_s);
    transient_part(p, hardware, inputs, part_s, state);
    left_s -= part_s;
  }
  if (left_s <= 0.0) return;
  // Rounds up, with a margin against 60 parts of a second becoming 61.
  const int parts = 1 + static_cast<int>(left_s * (0.999999 / kLongestPart_s));
  const double part_s = left_s / parts;
  for (int i = 0; i < parts; ++i) step_part(p, hardware, inputs, part_s, state);
}

void solve(const PackParameters& p, const Hardware& hardware, const PackInputs& inputs,
           PackState& state) {
  notice_changes(p, hardware, inputs, state);
  refresh_string(p, hardware, inputs.bleeders, state);
  const Thevenin stack = stack_now(p, state);
  settle(p.path, state.elements, inputs.source, stack, kAtRest_s, state.path);
  state.is_transient = false;
  read_instruments(stack, state);
  spread_current(p, state.current_A - supply_A(p, state), 0.0, state);
}

void clear_comparators(PackState& state, const ComparatorSet& which) {
  ComparatorBankState& comparators = state.path.comparators;
  if (which.scd) comparators.scd = {};
  if (which.ocd) comparators.ocd = {};
  if (which.occ) comparators.occ = {};
  state.seen_revision = ~state.seen_revision;  // what the latches held open may close
}

double state_of_health(const PackParameters& p, const PackState& state) {
  double weakest = 1.0;
  for (Eigen::Index i = 0; i < p.series; ++i) {
    double now_Ah = 0.0;
    double new_Ah = 0.0;
    for (Eigen::Index k = i; k < p.cell_count(); k += p.series) {
      now_Ah += p.cells.capacity_Ah[k] * state.cells.capacity_factor[k];
      new_Ah += p.cells.capacity_Ah[k];
    }
    weakest = std::min(weakest, now_Ah / new_Ah);
  }
  return weakest;
}

}  // namespace doppelpack::models
