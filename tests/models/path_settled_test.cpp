// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where the transient may end and the quasi-static solution go on.

#include <gtest/gtest.h>

#include <cmath>

#include "path_support.hpp"

namespace doppelpack::models {

namespace {

using testing::PathBench;

TEST(Settled, transient_hands_over_to_the_quasi_static_solution) {
  PathBench bench;
  bench.state.link_V = 50.0;
  bench.inputs.source = {-80.0, 0.001, 60.0, 40.0};
  int ms = 0;
  do {
    bench.run(1000);
  } while (!bench.is_quiet() && ++ms < 100);
  EXPECT_GT(ms, 1);
  EXPECT_LT(ms, 20);
  const PowerPathState before = bench.state;
  bench.settle_for(1e-3);
  EXPECT_NEAR(bench.state.current_A, before.current_A, 0.15);
  EXPECT_NEAR(bench.state.link_V, before.link_V, 5e-3);
  EXPECT_NEAR(bench.state.terminal_V, before.terminal_V, 5e-3);
}

// At the peak of the current there is no inductive voltage, and all looks quasi-static.
TEST(Settled, peak_of_a_ringing_current_does_not_deceive) {
  PathBench bench;
  bench.p.step_s = 1e-8;  // to meet it closely
  bench.state.link_V = 54.8;
  double before_A = 0.0;
  do {
    before_A = bench.state.current_A;
    bench.run(1);
  } while (bench.state.current_A > before_A);
  PowerPathState look = bench.state;
  settle(bench.p, bench.elements, bench.inputs.source, bench.stack, 0.0, look);
  ASSERT_NEAR(look.current_A, bench.state.current_A, 1e-3 * look.current_A);
  EXPECT_FALSE(bench.is_quiet());
}

TEST(Settled, current_must_agree) {
  PathBench bench;
  bench.p.has_relays = true;  // 30 Ohm: strongly damped, so that only the current is asked for
  bench.hardware.main_relay_2 = bench.hardware.precharge_relay = ContactCondition::welded;
  bench.settle_for(0.0);
  EXPECT_TRUE(bench.is_quiet());
  bench.state.current_A = bench.state.cable_A = bench.state.current_A - 0.1;
  EXPECT_FALSE(bench.is_quiet());
  PathBench off;
  off.state.current_A = off.state.cable_A = -80.0;
  off.set_gates(false, false);
  off.recompose();
  EXPECT_FALSE(off.is_quiet());
}

TEST(Settled, link_that_runs_away_is_not_settled) {
  PathBench bench;
  bench.set_gates(false, false);
  bench.state.link_V = 50.0;
  bench.inputs.source = {4.0, 0.0, 60.0, 0.0};  // 0.4 V in a millisecond
  bench.recompose();
  EXPECT_TRUE(bench.is_quiet());
  bench.inputs.source.current_A = 6.0;
  EXPECT_FALSE(bench.is_quiet());
}

TEST(Settled, not_while_a_comparator_counts_or_a_contact_moves) {
  PathBench bench;
  bench.p.has_relays = true;
  bench.inputs.main_1 = bench.inputs.main_2 = true;
  bench.state.main_1.is_closed = bench.state.main_2.is_closed = true;
  bench.settle_for(kAtRest_s);
  ASSERT_TRUE(bench.is_quiet());
  bench.state.comparators.ocd.over_s = 1e-3;
  EXPECT_FALSE(bench.is_quiet());
  bench.state.comparators.ocd.is_latched = true;
  EXPECT_TRUE(bench.is_quiet());
  bench.inputs.main_1 = false;
  EXPECT_FALSE(bench.is_quiet());
}

TEST(OpenContact, withstands_any_voltage_but_a_group_breaks_down) {
  PathBench bench;
  bench.p.has_relays = true;
  bench.state.link_V = 200.0;
  bench.run(1000);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_EQ(bench.state.link_V, 200.0);
  bench.settle_for(1e-3);
  EXPECT_EQ(bench.state.current_A, 0.0);
  bench.p.has_relays = false;
  bench.p.charge_switch.avalanche_limit_J = 1e9;
  bench.set_gates(false, true);
  bench.run(5000);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_LT(bench.state.link_V, 52.8 + 115.0);
  bench.expect_books_balance();
}

}  // namespace

}  // namespace doppelpack::models
