// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bank of plain packs, and what must hold on its busbar.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "models/bank.hpp"
#include "support.hpp"

namespace doppelpack::models::testing {

/// A plain pack of 16 cells from end to end, both gates on, without cable.
constexpr double kPack_Ohm = 16 * (0.5e-3 + 60e-6) + 0.25e-3 + 0.5e-3 + 2 * 0.4e-3;
constexpr double kCable_Ohm = 1.5e-3;

/// All gates closed, nothing on the busbar, no link capacitor.
struct BankBench {
  struct : BankParameters {
    std::vector<PackParameters> modules;
  } bank;
  struct {
    std::vector<PackInputs> modules;
    TerminalSource source;
  } inputs;
  struct State : BankState {
    std::vector<PackState> modules;
  } state;
  std::vector<Hardware> hardware;

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
    static_cast<BankState&>(state) = make_bank_state(bank);
    state.modules.clear();
    for (std::size_t m = 0; m < soc.size(); ++m) {
      const PackParameters& module = bank.modules[m];
      state.modules.push_back(
          make_pack_state(module, CellArray::Constant(module.cell_count(), soc[m]), T_degC));
      inputs.modules[m].ambient_degC = T_degC;
    }
  }
  void step_by(double dt_s) {
    with_modules([&](auto modules) { step(bank, modules, inputs.source, dt_s, state); });
  }
  void run(double seconds, double dt_s) {
    for (Hardware& h : hardware) ++h.revision;
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) step_by(dt_s);
  }
  void solve_now() {
    for (Hardware& h : hardware) ++h.revision;
    with_modules([&](auto modules) { solve(bank, modules, inputs.source, state); });
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

 private:
  /// On the stack: stepping never allocates, and a copy of the bench has modules of its own.
  template <typename Use>
  void with_modules(const Use& use) {
    with_modules(use, std::make_index_sequence<16>());
  }
  template <typename Use, std::size_t... kIndex>
  void with_modules(const Use& use, std::index_sequence<kIndex...>) {
    const std::size_t last = hardware.size() - 1;
    const auto module = [&](std::size_t m) {
      return BankModule{bank.modules[m], hardware[m], inputs.modules[m], state.modules[m]};
    };
    const std::array modules{module(std::min(kIndex, last))...};
    use(std::span<const BankModule>(modules).first(hardware.size()));
  }
};

}  // namespace doppelpack::models::testing
