// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bank of plain packs, and what must hold on its busbar.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/bank.hpp"
#include "support.hpp"

namespace doppelpack::models::testing {

/// A plain pack of 16 cells from end to end, both gates on, without cable.
constexpr double kPack_Ohm = 16 * (0.5e-3 + 60e-6) + 0.25e-3 + 0.5e-3 + 2 * 0.4e-3;
constexpr double kCable_Ohm = 1.5e-3;

/// All gates closed, nothing on the busbar, no link capacitor.
struct BankBench {
  BankParameters bank;
  std::vector<Hardware> hardware;
  BankInputs inputs;
  BankState state;

  BankBench(int series, int parallel, const PackParameters& module, double cable_Ohm = 1.5e-3) {
    bank.series = series;
    bank.parallel = parallel;
    bank.link_F = 0.0;
    for (int m = 0; m < bank.module_count(); ++m) {
      bank.modules.push_back(module);
      bank.modules.back().path.cable_Ohm = m % series == 0 ? cable_Ohm : 0.0;
      bank.modules.back().comparators.scd.threshold_A = 0.0;
    }
    PackInputs gates_on;
    gates_on.charge_gate = gates_on.discharge_gate = true;
    inputs.modules.assign(bank.modules.size(), gates_on);
    inputs.source.max_V = 1000.0;
    hardware.assign(bank.modules.size(), flawless_hardware(module.cell_count(), 2, module.series));
  }
  void start(const std::vector<double>& soc, double T_degC = 25.0) {
    std::vector<CellArray> cells;
    for (std::size_t m = 0; m < soc.size(); ++m) {
      cells.push_back(CellArray::Constant(bank.modules[m].cell_count(), soc[m]));
      inputs.modules[m].ambient_degC = T_degC;
    }
    state = make_bank_state(bank, cells, T_degC);
  }
  void run(double seconds, double dt_s) {
    for (Hardware& h : hardware) ++h.revision;
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) step(bank, hardware, inputs, dt_s, state);
  }
  void solve_now() {
    for (Hardware& h : hardware) ++h.revision;
    solve(bank, hardware, inputs, state);
  }
  void set_gates(int module, bool charge, bool discharge) {
    PackInputs& gates = inputs.modules[static_cast<std::size_t>(module)];
    gates.charge_gate = charge;
    gates.discharge_gate = discharge;
  }
  PackState& module(int m) { return state.modules[static_cast<std::size_t>(m)]; }
  double branch_A(int b) const { return state.branches[static_cast<std::size_t>(b)].bus_A; }

  /// The stage's law and the currents into the branches, at rest or with an empty link.
  void expect_currents_cancel() const {
    double into_A = 0.0;
    double scale_A = 1.0;
    for (const BranchState& branch : state.branches) {
      into_A += branch.bus_A;
      scale_A += std::abs(branch.bus_A);
    }
    const TerminalSource& stage = inputs.source;
    double active_A = into_A + stage.conductance_S * state.bus_V;
    if (state.bus_V < -bank.clamp_V) active_A += (state.bus_V + bank.clamp_V) / bank.clamp_Ohm;
    const double tolerance_A = 1e-9 * std::max(1.0, scale_A / 1000.0);
    EXPECT_NEAR(state.source_A, into_A, tolerance_A);
    const double edge_V = stage.current_A > 0.0 ? stage.max_V : stage.min_V;
    if (state.bus_V == edge_V) {
      EXPECT_GE(active_A, std::min(0.0, stage.current_A) - tolerance_A);
      EXPECT_LE(active_A, std::max(0.0, stage.current_A) + tolerance_A);
      return;
    }
    const bool gives_way = stage.current_A > 0.0 ? state.bus_V > edge_V : state.bus_V < edge_V;
    EXPECT_NEAR(active_A, gives_way ? 0.0 : stage.current_A, tolerance_A);
  }
  /// From the busbar through cable, switches and cells to B-, for branches that conduct.
  void expect_voltages_agree() const {
    for (int b = 0; b < bank.parallel; ++b) {
      const BranchState& branch = state.branches[static_cast<std::size_t>(b)];
      const double current_A = branch.current_A;
      if (current_A == 0.0 || !branch.elements.is_plugged) continue;
      const double polarity = branch.elements.polarity;
      double sum_V = 0.0;
      for (int i = 0; i < bank.series; ++i) {
        const auto m = static_cast<std::size_t>(b * bank.series + i);
        const PathElements& path = state.modules[m].elements;
        sum_V += state.modules[m].stack_V;
        sum_V += current_A > 0.0 ? path.charge.drop_V + path.charge.r_Ohm * current_A
                                 : path.discharge.r_Ohm * current_A - path.discharge.drop_V;
        sum_V += bank.modules[m].path.cable_Ohm * polarity * branch.bus_A;
      }
      EXPECT_NEAR(polarity * state.bus_V, sum_V, 1e-9 * std::max(1.0, std::abs(sum_V) / 100.0));
    }
  }
};

}  // namespace doppelpack::models::testing
