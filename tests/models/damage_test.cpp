// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cells beyond their limits, in a pack: what abuse leaves behind.
#include "models/damage.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::Bench;
using testing::lfp_chemistry;

TEST(Damage, leaves_a_well_treated_pack_alone) {
  Bench bench(lfp_chemistry());
  bench.set_current(-100.0);
  bench.run(600.0, 0.1);
  EXPECT_EQ(bench.state.damage.loss.maxCoeff(), 0.0);
  EXPECT_EQ(bench.state.damage.short_S.maxCoeff(), 0.0);
}

// 10 Ah too much into a full pack: the voltage climbs beyond 4.1 V, what cannot be stored is heat.
TEST(Damage, over_charge_costs_capacity_for_good_and_heats) {
  Bench bench(lfp_chemistry(), 16, 1.0);
  bench.set_current(50.0);
  bench.run(720.0, 0.1);
  EXPECT_GT(bench.state.cell_V[0], 4.1);
  EXPECT_LE(bench.state.cells.x(0, 0), 1.0551);
  EXPECT_GT(bench.state.damage.loss[0], 0.05);
  EXPECT_GT(bench.state.damage.resistance[0], 0.2);
  // 4.5 Ah at 5.4 V found no place.
  EXPECT_GT(bench.state.heat_J, 16 * 4.0 * 3600.0 * 5.0);
  const double soh = state_of_health(bench.pack, bench.state);
  EXPECT_NEAR(soh, 1.0 - bench.state.damage.loss[0], 1e-12);
  bench.set_current(-50.0);
  bench.run(720.0, 0.1);
  EXPECT_NEAR(state_of_health(bench.pack, bench.state), soh, 1e-12);
}

// One cell is empty long before the others drive it through zero.
TEST(Damage, reversal_grows_a_short_for_good) {
  Bench bench(lfp_chemistry());
  bench.state.cells.x(4, 0) = 0.01;
  bench.solve_now();
  bench.state = make_pack_state(bench.pack, bench.state.cells.x.col(0), 25.0);
  bench.set_current(-50.0);
  bench.run(720.0, 0.1);
  EXPECT_LT(bench.state.cell_V[4], 0.0);
  EXPECT_GT(bench.state.cell_V[5], 3.0);
  EXPECT_GE(bench.state.cells.x(4, 0), -0.0551);
  const double short_S = bench.state.damage.short_S[4];
  EXPECT_GT(short_S, 0.05);
  EXPECT_EQ(bench.state.damage.short_S[5], 0.0);
  bench.set_current(0.0);
  bench.run(60.0, 0.1);
  EXPECT_GE(bench.state.damage.short_S[4], short_S);  // nothing heals
  EXPECT_FALSE(bench.state.audit.has_failed());
}

// The far end of abuse: a cell that heats itself, and its neighbour feels it.
TEST(Damage, hot_cell_runs_away_and_takes_its_voltage_along) {
  Bench bench(lfp_chemistry(), 16, 1.0);
  bench.state.cells.T_degC[7] = 190.0;
  bench.state.audit.stored_heat_J += (190.0 - 25.0) * 2080.0;
  bench.run(1800.0, 0.1);
  EXPECT_EQ(bench.state.runaway.is_vented[7], 1);
  EXPECT_LT(bench.state.cell_V[7], 0.5);
  EXPECT_GT(bench.state.cell_V[6], 3.2);
  EXPECT_GT(bench.state.cells.T_degC[6], 30.0);
  EXPECT_GT(bench.state.vented_J, 1e4);
  const Violation& violation = bench.state.audit.first;
  EXPECT_FALSE(bench.state.audit.has_failed()) << name_of(violation.invariant) << violation.size;
}

}  // namespace

}  // namespace doppelpack::models
