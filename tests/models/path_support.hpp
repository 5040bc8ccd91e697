// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A power path between a plain stack and a plain link, and the audit of its energy.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "models/transient.hpp"

namespace doppelpack::models::testing {

/// What a switch in this condition does with its gate.
inline bool is_conducting(MosfetCondition condition, bool gate) {
  if (condition == MosfetCondition::kStuckClosed) return true;
  if (condition == MosfetCondition::kStuckOpen) return false;
  return gate;
}

/// Gates closed, nothing on the link. The loop without cable: 9 mOhm stack + 1.5 mOhm box.
struct PathBench {
  PowerPathParameters p;
  Hardware hardware;
  PathInputs inputs;
  ComparatorBank bank;
  Thevenin stack{52.8, 9e-3};
  PowerPathState state;
  PathElements elements;
  TransientSums sums;
  double worst_J = 0.0;  ///< energy lost from or won over the books by any run
  double turnover_J = 0.0;

  PathBench() {
    p.fuse.melt_A2s = 0.0;
    p.shunt_Ohm = 0.2e-3;
    p.terminal_Ohm = 0.5e-3;
    p.charge_switch.on_Ohm = p.discharge_switch.on_Ohm = 0.4e-3;
    p.cable_Ohm = 0.0;
    bank.scd.threshold_A = 0.0;
    set_gates(true, true);
    inputs.source = {0.0, 0.0, 1000.0, 0.0};
  }
  void set_gates(bool charge, bool discharge) {
    inputs.charge_gate = charge;
    inputs.discharge_gate = discharge;
  }
  double loop_Ohm() const { return stack.r_Ohm + 1.5e-3 + p.cable_Ohm; }
  void recompose() { elements = compose(p, hardware, inputs, state); }
  void settle_for(double dt_s) {
    recompose();
    settle(p, elements, inputs.source, stack, dt_s, state);
  }
  /// One call, its books closed.
  TransientSums run_once(int steps) {
    const double before_J = stored_J(p, state);
    const TransientSums part =
        run_transient(p, hardware, bank, inputs, stack, steps, elements, state);
    const double error_J = part.emf_J + part.source_J + before_J - stored_J(p, state) -
                           part.stack_J - part.heat.total_J();
    worst_J = std::max(worst_J, std::abs(error_J));
    turnover_J += std::abs(part.emf_J) + std::abs(part.source_J) + part.heat.total_J();
    sums.charge_As += part.charge_As;
    sums.square_A2s += part.square_A2s;
    sums.cable_As += part.cable_As;
    sums.terminal_Vs += part.terminal_Vs;
    sums.peak_A = std::max(sums.peak_A, part.peak_A);
    sums.heat.discharge_avalanche_J += part.heat.discharge_avalanche_J;
    sums.heat.arc_J += part.heat.arc_J;
    return part;
  }
  /// Until `steps` are done or a comparator trips, in calls of a millisecond. Returns the steps.
  int run(int steps) {
    recompose();
    int done = 0;
    while (done < steps) {
      const TransientSums part = run_once(std::min(1000, steps - done));
      done += part.steps;
      sums.is_tripped = part.is_tripped;
      if (part.is_tripped) break;
    }
    return done;
  }
  bool is_quiet() const { return is_settled(p, hardware, inputs, stack, elements, state); }
  void expect_books_balance() const {
    EXPECT_GT(turnover_J, 0.0);
    EXPECT_LT(worst_J, 1e-9 * turnover_J);
  }
};

}  // namespace doppelpack::models::testing
