// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The power path in microseconds: short circuits, inrush, switching under current.
#pragma once

#include "models/power_path.hpp"

namespace doppelpack::models {

/// What happened during a run. Charges and energies are integrals of the exact solution, not of
/// samples:
///   emf_J + source_J + stored_J before = stack_J + heat.total_J() + stored_J after
/// to rounding.
struct TransientSums {
  int steps = 0;  ///< done; fewer than asked for if a comparator tripped
  bool is_tripped = false;
  bool is_changed = false;  ///< something in the path switched, melted or tripped: see `elements`
  double charge_As = 0.0;   ///< through the stack, positive in charge
  double square_A2s = 0.0;  ///< integral of current_A^2: heat in a cell per its resistance
  double cable_As = 0.0;
  double source_As = 0.0;    ///< out of the stage into the link, its conductance included
  double terminal_Vs = 0.0;  ///< integral of the terminals' voltage
  double peak_A = 0.0;       ///< magnitude of current_A, at the ends of steps
  double emf_J = 0.0;        ///< out of the stack's emf
  double source_J = 0.0;     ///< out of the stage
  double stack_J = 0.0;      ///< heat in the stack's own resistance
  PathHeat heat;
};

/// Advance by at most `steps` (> 0) of parameters.step_s with the stack frozen: emf, and resistance
/// without that of the RC pairs. Between two events the circuit is linear,
///   loop_H  di/dt  = terminal_V - stack - drops - r i       terminal_V = (i_cable - i) / short_S
///   cable_H di_cable/dt = +-link_V - cable_Ohm i_cable - terminal_V
///   link_F  dlink_V/dt = stage + clamp -+ i_cable
/// (without a short both currents are one), and advances by its matrix exponential; the events (a
/// current about to reverse against a diode, the link at an edge of the stage's window or at the
/// inverter's diodes) are found within the step. A group switched off under current breaks down at
/// its avalanche voltage until the current is zero; an open contact draws an arc likewise.
///
/// Comparators, fuse, breaker, contacts and the avalanche limit act at the ends of steps;
/// `elements` follows (in: composed from this state). A comparator that trips opens its group and
/// ends the run there and then. A short weaker than 1e-4 S is left out. To be called with hundreds
/// of steps at a time: starting costs a few microseconds of computing time.
TransientSums run_transient(const PowerPathParameters& parameters, const Hardware& hardware,
                            const ComparatorBank& bank, const PathInputs& inputs,
                            const Thevenin& stack, int steps, PathElements& elements,
                            PowerPathState& state);

/// True if settle() can take over: no comparator counts, no contact moves or bounces, nothing is in
/// avalanche, the currents agree with the quasi-static ones to 0.05 A + 1e-3 |i| now and after the
/// next millisecond, over which the link will stay within 5 mV. Where the loop is strongly damped
/// and the link follows its quasi-static course anyway (pre-charge), it may drift by 0.5 V in it.
bool is_settled(const PowerPathParameters& parameters, const Hardware& hardware,
                const PathInputs& inputs, const Thevenin& stack, const PathElements& elements,
                const PowerPathState& state);

}  // namespace doppelpack::models
