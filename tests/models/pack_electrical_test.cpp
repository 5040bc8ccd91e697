// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <cmath>

#include "path_support.hpp"
#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::Bench;
using testing::is_conducting;
using testing::kPlainEmf_V;
using testing::plain_chemistry;

// Behind the electromotive force of rested plain cells.
constexpr double kStack_Ohm = 16 * (0.5e-3 + 60e-6);
constexpr double kOutside_Ohm = 0.25e-3 + 0.5e-3;  // shunt and terminals
constexpr double kOn_Ohm = 2 * 0.4e-3;
constexpr double kLoop_Ohm = kStack_Ohm + kOutside_Ohm + kOn_Ohm;

TEST(Pack, voltages_add_up_along_the_string) {
  Bench bench(plain_chemistry());
  bench.set_current(100.0);
  bench.solve_now();
  EXPECT_NEAR(bench.state.current_A, 100.0, 1e-9);
  for (int i = 0; i < 16; ++i) EXPECT_NEAR(bench.state.cell_V[i], 3.3 + 0.056, 1e-9);
  EXPECT_NEAR(bench.state.stack_V, kPlainEmf_V + 100.0 * kStack_Ohm, 1e-9);
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V + 100.0 * kLoop_Ohm, 1e-9);
}

TEST(Pack, open_terminals_show_the_stack) {
  Bench bench(plain_chemistry());
  bench.solve_now();
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V, 1e-9);
}

TEST(Pack, prospective_short_circuit_current) {
  Bench bench(plain_chemistry());
  bench.hardware.terminal_short_S = 1.0 / 1.5e-3;  // cable of the reference, 6.2
  bench.solve_now();
  const double expected_A = -kPlainEmf_V / (kLoop_Ohm + 1.5e-3);
  EXPECT_NEAR(bench.state.current_A, expected_A, 1e-6);
  EXPECT_NEAR(bench.state.terminal_V, -expected_A * 1.5e-3, 1e-6);
  EXPECT_LT(bench.state.current_A, -2000.0);
}

TEST(Pack, terminal_short_ignores_the_window_of_the_stage) {
  Bench bench(plain_chemistry());
  bench.inputs.source = {-100.0, 0.0, 60.0, 48.0};
  bench.hardware.terminal_short_S = 1.0 / 1.5e-3;
  bench.solve_now();
  EXPECT_LT(bench.state.terminal_V, 10.0);
  EXPECT_NEAR(bench.state.current_A, -kPlainEmf_V / (kLoop_Ohm + 1.5e-3),
              1e-6);  // the stage gave up
}

TEST(Pack, charge_stops_rising_at_the_window) {
  Bench bench(plain_chemistry());
  bench.inputs.source = {200.0, 0.001, kPlainEmf_V + 0.5, 0.0};
  bench.solve_now();
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V + 0.5, 1e-9);
  EXPECT_NEAR(bench.state.current_A, 0.5 / kLoop_Ohm, 1e-6);
  bench.inputs.source.max_V = kPlainEmf_V - 1.0;  // pack already above: the active part idles
  bench.solve_now();
  EXPECT_NEAR(bench.state.current_A, -0.001 * bench.state.terminal_V, 1e-12);
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V / (1.0 + 0.001 * kLoop_Ohm), 1e-9);
}

TEST(Pack, discharge_stops_at_the_lower_edge) {
  Bench bench(plain_chemistry());
  bench.inputs.source = {-200.0, 0.0, 60.0, kPlainEmf_V - 0.4};
  bench.solve_now();
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V - 0.4, 1e-9);
  EXPECT_NEAR(bench.state.current_A, -0.4 / kLoop_Ohm, 1e-6);
  bench.inputs.source.min_V = kPlainEmf_V + 1.0;
  bench.solve_now();
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_NEAR(bench.state.terminal_V, kPlainEmf_V, 1e-9);
}

TEST(Pack, window_only_binds_when_reached) {
  Bench bench(plain_chemistry());
  bench.inputs.source = {50.0, 0.01, 60.0, 0.0};
  bench.solve_now();
  const double expected_A = (50.0 - 0.01 * kPlainEmf_V) / (1.0 + 0.01 * kLoop_Ohm);
  EXPECT_NEAR(bench.state.current_A, expected_A, 1e-9);
  EXPECT_NEAR(50.0 - 0.01 * bench.state.terminal_V, bench.state.current_A, 1e-9);
}

TEST(Mosfets, truth_table) {
  const MosfetCondition conditions[] = {MosfetCondition::kHealthy, MosfetCondition::kStuckClosed,
                                        MosfetCondition::kStuckOpen};
  for (const MosfetCondition chg_condition : conditions)
    for (const MosfetCondition dsg_condition : conditions)
      for (const bool chg_gate : {false, true})
        for (const bool dsg_gate : {false, true})
          for (const double amperes : {50.0, -50.0}) {
            Bench bench(plain_chemistry());
            bench.hardware.charge_mosfet = chg_condition;
            bench.hardware.discharge_mosfet = dsg_condition;
            bench.inputs.charge_gate = chg_gate;
            bench.inputs.discharge_gate = dsg_gate;
            bench.inputs.source = {amperes, 0.0, 60.0, 0.0};
            bench.solve_now();
            const bool chg = is_conducting(chg_condition, chg_gate);
            const bool dsg = is_conducting(dsg_condition, dsg_gate);
            const bool passes = amperes > 0.0 ? chg : dsg;
            EXPECT_NEAR(bench.state.current_A, passes ? amperes : 0.0, 1e-9);
            if (!passes) continue;
            const bool has_diode = amperes > 0.0 ? !dsg : !chg;
            const double outside_V = has_diode ? 0.722 + 50.0 * (0.00278 + 0.4e-3) : 50.0 * kOn_Ohm;
            const double inside_V = kPlainEmf_V + amperes * (kStack_Ohm + kOutside_Ohm);
            EXPECT_NEAR(bench.state.terminal_V, inside_V + std::copysign(outside_V, amperes), 1e-9);
          }
}

TEST(Mosfets, body_diode_meets_the_reference_points) {
  for (const auto& [amperes, volts] : {std::pair{10.0, 0.75}, std::pair{100.0, 1.0}}) {
    Bench bench(plain_chemistry());
    bench.inputs.discharge_gate = false;
    bench.set_current(amperes);
    bench.solve_now();
    const double ohmic_V = amperes * (kOutside_Ohm + 0.4e-3);
    EXPECT_NEAR(bench.state.terminal_V - bench.state.stack_V - ohmic_V, volts, 1e-3);
  }
}

TEST(Mosfets, blocked_terminals_show_the_source_alone) {
  Bench bench(plain_chemistry());
  bench.inputs.charge_gate = bench.inputs.discharge_gate = false;
  const auto terminal_V = [&](const TerminalSource& source) {
    bench.inputs.source = source;
    bench.solve_now();
    EXPECT_EQ(bench.state.current_A, 0.0);
    return bench.state.terminal_V;
  };
  EXPECT_EQ(terminal_V({10.0, 0.0, 56.0, 40.0}), 56.0);
  EXPECT_EQ(terminal_V({10.0, 0.5, 56.0, 40.0}), 20.0);
  EXPECT_EQ(terminal_V({0.0, 0.001, 56.0, 40.0}), 0.0);
  EXPECT_EQ(terminal_V({-10.0, 0.0, 56.0, 40.0}), 0.0);
  // A diode lets the pack show itself outwards, never the other way.
  bench.inputs.discharge_gate = true;
  EXPECT_NEAR(terminal_V({0.0, 0.0, 56.0, 40.0}), kPlainEmf_V - 0.722, 1e-9);
  bench.inputs.discharge_gate = false;
  bench.inputs.charge_gate = true;
  EXPECT_EQ(terminal_V({0.0, 0.0, 56.0, 40.0}), 0.0);
}

TEST(Mosfets, charger_below_the_diode_knee_cannot_charge) {
  Bench bench(plain_chemistry());
  bench.inputs.discharge_gate = false;
  bench.inputs.source = {50.0, 0.0, kPlainEmf_V + 0.7, 0.0};
  bench.solve_now();
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_EQ(bench.state.terminal_V, kPlainEmf_V + 0.7);
}

TEST(Links, loose_link_shows_on_its_own_tap) {
  Bench bench(plain_chemistry());
  bench.hardware.link_extra_Ohm[5] = 1e-3;
  bench.set_current(-100.0);
  bench.solve_now();
  EXPECT_NEAR(bench.state.cell_V[5], 3.3 - 0.056 - 0.1, 1e-9);
  EXPECT_NEAR(bench.state.cell_V[4], 3.3 - 0.056, 1e-9);
  EXPECT_NEAR(bench.state.cell_V[6], 3.3 - 0.056, 1e-9);
  EXPECT_NEAR(bench.state.stack_V, kPlainEmf_V - 100.0 * kStack_Ohm - 0.1, 1e-9);
}

TEST(Drains, internal_short_loads_only_its_cell) {
  Bench bench(plain_chemistry());
  bench.hardware.cell_short_S[3] = 2.0;
  bench.solve_now();
  const double expected_V = 3.3 / (1.0 + 2.0 * 0.5e-3);
  EXPECT_NEAR(bench.state.cell_V[3], expected_V, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[3], -2.0 * expected_V, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[4], 0.0, 1e-12);
}

TEST(Drains, bleeder_sits_across_the_taps) {
  Bench bench(plain_chemistry());
  bench.inputs.bleeders = 1U << 7U;
  bench.solve_now();
  const double expected_A = 3.3 / (68.0 + 0.56e-3);
  EXPECT_NEAR(bench.state.cell_current_A[7], -expected_A, 1e-12);
  EXPECT_NEAR(bench.state.cell_V[7], expected_A * 68.0, 1e-9);
  EXPECT_EQ(bench.state.cell_current_A[8], 0.0);
}

TEST(Drains, bleeder_short_link_and_leak_together_obey_kirchhoff) {
  Bench bench(plain_chemistry());
  bench.pack.self_discharge_A[2] = 0.01;
  bench.pack.supply_A = 0.2;
  bench.hardware.cell_short_S[2] = 0.7;
  bench.hardware.link_extra_Ohm[2] = 5e-3;
  bench.inputs.bleeders = 1U << 2U;
  bench.set_current(30.0);
  bench.solve_now();
  const double cell_A = bench.state.cell_current_A[2];
  const double inner_V = 3.3 + 0.5e-3 * cell_A;
  const double link_A = cell_A + 0.7 * inner_V + 0.01;
  const double tap_V = inner_V + 5.06e-3 * link_A;
  EXPECT_NEAR(bench.state.cell_V[2], tap_V, 1e-12);
  EXPECT_NEAR(link_A + tap_V / 68.0, 30.0 - 0.2, 1e-9);
}

TEST(Drains, supply_and_self_discharge_empty_a_resting_pack) {
  Bench bench(plain_chemistry());
  bench.pack.supply_A = 0.012;
  bench.pack.self_discharge_A.setConstant(0.001);
  testing::set_heat_paths({.cell_J_per_K = 1e12}, bench.pack);  // self-discharge doubles every 10 K
  bench.inputs.charge_gate = bench.inputs.discharge_gate = false;
  bench.run(24 * 3600.0, 60.0);
  EXPECT_NEAR(bench.state.cells.x(0, 0), 0.5 - 0.013 * 24.0 / 100.0, 1e-9);
  EXPECT_EQ(bench.state.discharge_Ah, 0.0);
}

TEST(Pack, counts_throughput_by_direction) {
  Bench bench(plain_chemistry());
  bench.set_current(90.0);
  bench.run(120.0, 1.0);
  bench.set_current(-30.0);
  bench.run(240.0, 1.0);
  EXPECT_NEAR(bench.state.charge_Ah, 3.0, 1e-6);
  EXPECT_NEAR(bench.state.discharge_Ah, 2.0, 1e-6);
}

TEST(Pack, solve_lets_no_time_pass) {
  Bench bench(testing::lfp_chemistry());
  bench.set_current(70.0);
  bench.run(1.0, 0.01);
  const PackState before = bench.state;
  bench.set_current(-70.0);
  bench.solve_now();
  EXPECT_TRUE((bench.state.cells.x == before.cells.x).all());
  EXPECT_TRUE((bench.state.cells.T_degC == before.cells.T_degC).all());
  EXPECT_EQ(bench.state.heat_J, before.heat_J);
  EXPECT_NE(bench.state.terminal_V, before.terminal_V);
}

// The hardest loop: a stiff source at long steps, cold cells with large RC resistance.
TEST(Pack, minute_steps_on_a_stiff_source_do_not_oscillate) {
  for (const double T_degC : {25.0, -20.0}) {
    Bench bench(testing::lfp_chemistry(), 16, 0.6, T_degC);
    bench.inputs.source = {500.0, 0.0, 54.0, 0.0};
    double before_A = 1e9;
    for (int minute = 0; minute < 60; ++minute) {
      step(bench.pack, bench.hardware, bench.inputs, 60.0, bench.state);
      EXPECT_GE(bench.state.current_A, 0.0);
      if (T_degC == 25.0) {
        EXPECT_LE(bench.state.current_A, before_A + 1e-6) << minute;
      }
      before_A = bench.state.current_A;
    }
  }
}

TEST(Pack, minute_steps_agree_with_short_ones_on_a_stiff_source) {
  Bench coarse(testing::lfp_chemistry(), 16, 0.5);
  coarse.inputs.source = {500.0, 0.0, 53.6, 0.0};
  Bench fine = coarse;
  coarse.run(600.0, 60.0);
  fine.run(600.0, 0.01);
  EXPECT_NEAR(coarse.state.cells.x(0, 0), fine.state.cells.x(0, 0), 2e-4);
  EXPECT_NEAR(coarse.state.cells.T_degC[0], fine.state.cells.T_degC[0], 0.01);
}

class CellCount : public ::testing::TestWithParam<int> {};

TEST_P(CellCount, any_string_adds_up) {
  const int n = GetParam();
  Bench bench(plain_chemistry(), n);
  bench.set_current(-40.0);
  bench.inputs.bleeders = 0xFFFFFFFFU;  // bits beyond the string must do nothing
  bench.run(0.1, 1e-3);
  double sum_V = 0.0;
  for (int i = 0; i < n; ++i) {
    sum_V += bench.state.cell_V[i];
    EXPECT_EQ(bench.state.cell_V[i], bench.state.cell_V[0]);
    EXPECT_NEAR(bench.state.cells.x(i, 0), 0.5 - (40.0 + 3.28 / 68.0) * 0.1 / 360000.0, 1e-8);
  }
  EXPECT_NEAR(bench.state.stack_V, sum_V, 1e-9);
  EXPECT_EQ(bench.state.cell_V.size(), n);
}

INSTANTIATE_TEST_SUITE_P(Pack, CellCount, ::testing::Values(1, 2, 3, 15, 16, 17, 30, 32));

}  // namespace

}  // namespace doppelpack::models
