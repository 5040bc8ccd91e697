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

TEST(PackHeat, adiabatic_cells_warm_by_their_own_heat) {
  Bench bench(plain_chemistry());
  HeatPathParameters alone;
  alone.face_W_per_K = alone.link_to_cell_W_per_K = alone.terminal_to_case_W_per_K = 0.0;
  alone.cell_to_case_W_per_K = alone.end_to_case_W_per_K = 0.0;
  testing::set_heat_paths(alone, bench.pack);
  bench.state = make_pack_state(bench.pack, CellArray::Constant(16, 0.5), 25.0);
  settle(bench, 100.0);
  bench.run(3000.0, 1.0);
  const double cell_degC = bench.state.cells.T_degC[8];
  const double link_degC = bench.state.thermal.link_degC[8];
  bench.run(100.0, 1.0);
  EXPECT_NEAR(bench.state.cells.T_degC[8] - cell_degC, 1e4 * 1.45e-3 * 100.0 / 2080.0, 1e-6);
  EXPECT_NEAR(bench.state.thermal.link_degC[8] - link_degC, 1e4 * 60e-6 * 100.0 / 20.0, 1e-6);
}

// In the steady state everything that becomes warm leaves through the case.
TEST(PackHeat, steady_state_gives_all_heat_to_the_ambient) {
  Bench bench(plain_chemistry());
  settle(bench, 50.0);
  bench.run(200000.0, 60.0);
  const double box_W = 2500.0 * (16 * (1.45e-3 + 60e-6) + 0.25e-3 + 0.5e-3 + 0.8e-3);
  // The channel is warmer than 25 degC and so has a little more resistance.
  const double channel_W = 2500.0 * 0.8e-3 * 0.008 * (bench.state.thermal.mosfet_degC - 25.0);
  EXPECT_NEAR(bench.state.thermal.case_degC, 25.0 + (box_W + channel_W) / 6.0, 2e-3);
  EXPECT_NEAR(bench.state.thermal.bead_degC[0], bench.state.cells.T_degC[0], 1e-6);
  EXPECT_GT(bench.state.thermal.mosfet_degC, bench.state.thermal.case_degC + 0.5);
}

TEST(PackHeat, box_keeps_what_it_does_not_lose) {
  Bench bench(plain_chemistry());
  testing::set_heat_paths({.case_to_ambient_W_per_K = 0.0}, bench.pack);
  bench.pack.supply_A = 0.5;
  bench.hardware.cell_short_S[2] = 0.5;
  bench.hardware.link_extra_Ohm[9] = 1e-3;
  bench.inputs.bleeders = 0x00FFU;
  bench.set_current(-80.0);
  bench.run(600.0, 0.1);
  const Bench fresh(plain_chemistry());
  const double gained_J =
      stored_J(bench.pack.thermal, bench.state.cells.T_degC, bench.state.thermal) -
      stored_J(fresh.pack.thermal, fresh.state.cells.T_degC, fresh.state.thermal);
  EXPECT_GT(bench.state.heat_J, 1e5);
  EXPECT_EQ(bench.state.to_ambient_J, 0.0);
  EXPECT_NEAR(gained_J, bench.state.heat_J, 1e-9 * bench.state.heat_J);
}

TEST(PackHeat, minute_steps_are_stable_and_agree_with_short_ones) {
  Bench fine(testing::lfp_chemistry());
  fine.set_current(-50.0);
  Bench coarse = fine;
  fine.run(1800.0, 0.05);
  coarse.run(1800.0, 60.0);
  for (int i = 0; i < 16; ++i)
    EXPECT_NEAR(fine.state.cells.T_degC[i], coarse.state.cells.T_degC[i], 2e-3);
  EXPECT_NEAR(fine.state.thermal.case_degC, coarse.state.thermal.case_degC, 5e-3);
  EXPECT_NEAR(fine.state.cells.x(3, 0), coarse.state.cells.x(3, 0), 1e-9);
}

// Where the energy went: chemical energy of the cells = heat in the box + what left the terminals.
TEST(PackHeat, electrical_energy_balance_of_the_whole_pack) {
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
