// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::Bench;
using testing::plain_chemistry;

// Heat only from a bleeder-free, gate-closed current; RC pairs settled first.
void settle(Bench& bench, double amperes) {
  bench.pack.cells.capacity_Ah.setConstant(1e9);  // SOC stands still
  bench.set_current(amperes);
}

TEST(Thermal, adiabatic_cells_warm_by_heat_over_capacity) {
  Bench bench(plain_chemistry());
  bench.pack.thermal.cell_to_case_W_per_K = 0.0;
  bench.pack.thermal.end_to_case_W_per_K = 0.0;
  settle(bench, 100.0);
  bench.run(3000.0, 1.0);
  const double before_degC = bench.state.cells.T_degC[8];
  bench.run(1000.0, 1.0);
  const double heat_W = 1e4 * (1.45e-3 + 60e-6);  // cell and its link
  EXPECT_NEAR(bench.state.cells.T_degC[8] - before_degC, heat_W * 1000.0 / 2080.0, 1e-6);
}

// Every cell alike: cells sit above the case by q / G, the case above ambient by the sum.
TEST(Thermal, steady_state_of_equal_cells) {
  Bench bench(plain_chemistry());
  bench.pack.thermal.end_to_case_W_per_K = 0.0;
  settle(bench, 50.0);
  bench.run(150000.0, 60.0);
  const double cell_W = 2500.0 * (1.45e-3 + 60e-6);
  const double path_W = 2500.0 * (0.25e-3 + 0.5e-3 + 0.8e-3);
  const double case_degC = 25.0 + (16.0 * cell_W + path_W) / 6.0;
  EXPECT_NEAR(bench.state.case_degC, case_degC, 1e-3);
  for (int i = 0; i < 16; ++i)
    EXPECT_NEAR(bench.state.cells.T_degC[i], case_degC + cell_W / 0.4, 1e-3);
  EXPECT_NEAR(bench.state.ntc_degC[0], bench.state.cells.T_degC[0], 1e-6);
}

TEST(Thermal, heat_of_one_cell_spreads_symmetrically) {
  Bench bench(plain_chemistry(), 15);
  bench.hardware.cell_short_S[7] = 1.0;  // 11 W in the middle
  settle(bench, 0.0);
  bench.run(3600.0, 10.0);
  const CellArray& T = bench.state.cells.T_degC;
  for (int i = 0; i < 7; ++i) EXPECT_NEAR(T[i], T[14 - i], 1e-9);
  for (int i = 2; i < 7; ++i) EXPECT_LT(T[i], T[i + 1]);
  EXPECT_GT(T[0], T[1]);  // the warm case reaches the ends first
  EXPECT_GT(T[7] - T[6], 0.5);
}

TEST(Thermal, box_keeps_what_it_does_not_lose) {
  Bench bench(plain_chemistry());
  bench.pack.thermal.case_to_ambient_W_per_K = 0.0;
  bench.pack.supply_A = 0.5;
  bench.hardware.cell_short_S[2] = 0.5;
  bench.hardware.link_extra_Ohm[9] = 1e-3;
  bench.inputs.bleeders = 0x00FFU;
  bench.set_current(-80.0);
  bench.run(600.0, 0.1);
  double stored_J = 4000.0 * (bench.state.case_degC - 25.0);
  for (int i = 0; i < 16; ++i) stored_J += 2080.0 * (bench.state.cells.T_degC[i] - 25.0);
  EXPECT_GT(bench.state.heat_J, 1e5);
  EXPECT_NEAR(stored_J, bench.state.heat_J, 1e-9 * bench.state.heat_J);
}

TEST(Thermal, cooling_box_follows_one_exponential) {
  Bench bench(plain_chemistry(), 1);
  bench.pack.thermal.cell_to_case_W_per_K = 1e-9;  // case alone
  bench.pack.thermal.end_to_case_W_per_K = 0.0;
  bench.state.case_degC = 65.0;
  bench.run(1000.0, 1.0);
  EXPECT_NEAR(bench.state.case_degC, 25.0 + 40.0 * std::exp(-1000.0 * 6.0 / 4000.0), 0.02);
}

TEST(Thermal, beads_lag_exactly) {
  Bench bench(plain_chemistry());
  bench.pack.thermal.cell_J_per_K = 1e12;
  bench.state.cells.T_degC.setConstant(60.0);
  Bench coarse = bench;
  bench.run(40.0, 0.1);
  coarse.run(40.0, 20.0);
  EXPECT_NEAR(bench.state.ntc_degC[1], 60.0 - 35.0 * std::exp(-1.0), 1e-6);
  EXPECT_NEAR(coarse.state.ntc_degC[1], bench.state.ntc_degC[1], 1e-6);
}

TEST(Thermal, minute_steps_are_stable_and_agree_with_short_ones) {
  Bench fine(testing::lfp_chemistry());
  fine.set_current(-50.0);
  Bench coarse = fine;
  fine.run(1800.0, 0.05);
  coarse.run(1800.0, 60.0);
  for (int i = 0; i < 16; ++i)
    EXPECT_NEAR(fine.state.cells.T_degC[i], coarse.state.cells.T_degC[i], 2e-3);
  EXPECT_NEAR(fine.state.case_degC, coarse.state.case_degC, 5e-3);
  EXPECT_NEAR(fine.state.cells.x(3, 0), coarse.state.cells.x(3, 0), 1e-9);
}

// Where the energy went: chemical energy of the cells = heat in the box + what left the terminals.
TEST(Thermal, electrical_energy_balance_of_the_whole_pack) {
  Bench bench(plain_chemistry());
  bench.pack.supply_A = 0.1;
  bench.pack.self_discharge_A.setConstant(0.01);
  bench.hardware.cell_short_S[4] = 0.2;
  bench.inputs.bleeders = 0x8001U;
  bench.inputs.charge_gate = false;  // discharge through the body diode
  bench.set_current(-60.0);
  bench.run(3000.0, 1.0);  // RC pairs settled
  const CellArray soc = bench.state.cells.x.col(0);
  const double heat_before_J = bench.state.heat_J;
  double out_J = 0.0;
  for (int i = 0; i < 1000; ++i) {
    bench.run(1.0, 1.0);
    out_J -= bench.state.terminal_V * bench.state.current_A;
  }
  double chemical_J = 0.0;
  for (int i = 0; i < 16; ++i) chemical_J += (soc[i] - bench.state.cells.x(i, 0)) * 360000.0 * 3.3;
  EXPECT_NEAR(chemical_J, out_J + bench.state.heat_J - heat_before_J, 1e-7 * chemical_J);
}

}  // namespace

}  // namespace doppelpack::models
