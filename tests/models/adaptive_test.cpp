// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Steps chosen by error control against closed forms and against fine fixed steps.
#include "models/adaptive.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "adaptive_support.hpp"

namespace doppelpack::models {

namespace {

using testing::Bench;
using testing::expect_clean_books;
using testing::flat;
using testing::lfp_chemistry;
using testing::LongBench;
using testing::plain_chemistry;
using testing::worst_K;
using testing::worst_soc;
using testing::worst_V;

constexpr double kDay_s = 86400.0;

LongBench charging_bench() {
  LongBench bench(lfp_chemistry(), 16, 0.1);
  bench.inputs.source = {50.0, 0.0, 56.0, 0.0};
  return bench;
}

// 16 cells with an OCV of 3.2 V + 0.2 V SOC behind ohms: constant current, then an exponential.
TEST(Adaptive, charge_takes_as_long_as_its_closed_form_says) {
  Chemistry chemistry = plain_chemistry();
  chemistry.ocv_V = {{0.0, 1.0}, {3.2, 3.4}};
  chemistry.rc1.r_Ohm = 0.0;
  chemistry.rc2.r_Ohm = 0.0;
  LongBench bench(chemistry, 16, 0.2);
  bench.pack.path.charge_switch.on_per_K = 0.0;
  bench.pack.path.discharge_switch.on_per_K = 0.0;
  bench.inputs.source = {50.0, 0.0, 53.6, 0.0};
  StopAt taper;
  taper.charge_below_A = 2.0;
  const AdvanceResult result = bench.advance_by(kDay_s, taper);

  const double loop_Ohm = bench.state.string.stack_Ohm + bench.state.elements.charge.r_Ohm;
  const double slope_V_per_As = 16.0 * 0.2 / 360000.0;
  const double constant_s = (53.6 - 50.0 * loop_Ohm - 16.0 * 3.24) / (50.0 * slope_V_per_As);
  const double taper_s = loop_Ohm / slope_V_per_As * std::log(50.0 / 2.0);
  EXPECT_TRUE(result.is_stopped);
  EXPECT_GT(constant_s, 1000.0);
  EXPECT_NEAR(result.elapsed_s, constant_s + taper_s, 1e-3 * (constant_s + taper_s));
  EXPECT_LT(result.steps, 200);
  expect_clean_books(bench.state);
}

TEST(Adaptive, charge_ends_where_fixed_steps_of_10_ms_do) {
  LongBench adaptive = charging_bench();
  LongBench fixed = adaptive;
  for (const double seconds : {3600.0, 2950.0, 450.0}) {  // constant current, the bend, the taper
    adaptive.advance_by(seconds);
    fixed.run(seconds, 0.01);
    EXPECT_LT(worst_V(adaptive.state, fixed.state), 0.5e-3) << seconds;
    EXPECT_LT(worst_soc(adaptive.state, fixed.state), 1e-4) << seconds;
    EXPECT_LT(worst_K(adaptive.state, fixed.state), 0.1) << seconds;
  }
  EXPECT_LT(adaptive.state.current_A, 10.0);
  EXPECT_NEAR(adaptive.state.terminal_V, 56.0, 5e-3);
  EXPECT_NEAR(adaptive.state.current_A, fixed.state.current_A, 0.1);
  expect_clean_books(adaptive.state);
}

TEST(Adaptive, halving_the_tolerance_changes_less_than_the_tolerance) {
  LongBench whole = charging_bench();
  LongBench half = whole;
  half.tolerance = whole.tolerance.times(0.5);
  long more_steps = 0;
  for (const double seconds : {3600.0, 2950.0, 450.0}) {
    more_steps += half.advance_by(seconds).steps - whole.advance_by(seconds).steps;
    EXPECT_LT(worst_V(whole.state, half.state), whole.tolerance.cell_V);
    EXPECT_LT(worst_soc(whole.state, half.state), whole.tolerance.soc);
    EXPECT_LT(worst_K(whole.state, half.state), whole.tolerance.T_K);
  }
  EXPECT_GT(more_steps, 10);
}

// A current that changes every three seconds.
void follow_profile(double seconds, double dt_s, Bench& bench) {
  constexpr double kCurrents_A[] = {-80.0, 40.0, -20.0, 90.0, 0.0, -60.0};
  for (int i = 0; i < static_cast<int>(seconds / 3.0); ++i) {
    bench.inputs.source.current_A = kCurrents_A[i % 6];
    const auto steps = static_cast<long>(3.0 / dt_s + 0.5);
    for (long k = 0; k < steps; ++k)
      step(bench.pack, bench.hardware, bench.inputs, dt_s, bench.state);
  }
  bench.solve_now();
}

TEST(Adaptive, halving_fixed_steps_changes_next_to_nothing) {
  struct {
    double seconds, dt_s, cell_V, soc, T_K;
  } rows[] = {{60.0, 1e-3, 1e-9, 1e-11, 1e-7}, {1200.0, 1.0, 10e-6, 1e-10, 2e-3}};
  for (const auto& row : rows) {
    Bench whole(lfp_chemistry(), 16, 0.3);
    whole.run(0.01, 1e-3);
    Bench half = whole;
    follow_profile(row.seconds, row.dt_s, whole);
    follow_profile(row.seconds, 0.5 * row.dt_s, half);
    EXPECT_LT(worst_V(whole.state, half.state), row.cell_V) << row.dt_s;
    EXPECT_LT(worst_soc(whole.state, half.state), row.soc) << row.dt_s;
    EXPECT_LT(worst_K(whole.state, half.state), row.T_K) << row.dt_s;
  }
}

TEST(Adaptive, storage_for_months_is_self_discharge) {
  LongBench bench(lfp_chemistry(), 16, 0.9);
  bench.inputs.charge_gate = false;
  bench.inputs.discharge_gate = false;
  bench.pack.self_discharge_A.setConstant(0.7e-3);
  bench.pack.supply_A = 1e-3;
  const AdvanceResult result = bench.advance_by(180.0 * kDay_s);
  EXPECT_NEAR(result.elapsed_s, 180.0 * kDay_s, 1e-3);
  const double lost = 1.7e-3 * 180.0 * 24.0 / 100.0;
  // Its own heat of 40 mW makes the pack a few hundredths of a kelvin warmer than the room.
  for (int i = 0; i < 16; ++i) EXPECT_NEAR(0.9 - bench.state.cells.x(i, 0), lost, 1e-3 * lost) << i;
  EXPECT_LT(result.steps, 180 * 24 + 100);
  EXPECT_DOUBLE_EQ(result.longest_s, 3600.0);
  expect_clean_books(bench.state);
}

TEST(Adaptive, stops_where_it_is_told_to) {
  StopAt stop;
  stop.cell_below_V = 2.9;
  LongBench bench(lfp_chemistry(), 16, 0.5);
  bench.set_current(-50.0);
  EXPECT_TRUE(bench.advance_by(kDay_s, stop).is_stopped);
  EXPECT_NEAR(bench.state.cell_V.minCoeff(), 2.9, 1e-3);
  EXPECT_LE(bench.state.cell_V.minCoeff(), 2.9);

  stop = {};
  stop.passed_Ah = 12.5;
  bench.set_current(50.0);
  const AdvanceResult result = bench.advance_by(kDay_s, stop);
  EXPECT_TRUE(result.is_stopped);
  EXPECT_NEAR(result.elapsed_s, 900.0, 0.1);
  EXPECT_NEAR(bench.state.charge_Ah, 12.5, 2e-4);

  stop.passed_Ah = 1e9;
  EXPECT_FALSE(bench.advance_by(100.0, stop).is_stopped);
  stop.terminals_above_V = 40.0;
  const AdvanceResult none = bench.advance_by(100.0, stop);
  EXPECT_TRUE(none.is_stopped);
  EXPECT_EQ(none.elapsed_s, 0.0);
}

TEST(Adaptive, a_comparator_trips_and_the_rest_is_quiet) {
  LongBench bench(lfp_chemistry());
  bench.set_current(-400.0);  // above the 300 A of the short-circuit comparator
  bench.inputs.source.min_V = 20.0;
  const AdvanceResult result = bench.advance_by(60.0);
  EXPECT_NEAR(result.elapsed_s, 60.0, 1e-6);
  EXPECT_TRUE(bench.state.path.comparators.scd.is_latched);
  EXPECT_LT(bench.state.discharge_Ah, 400.0 * 2e-3 / 3600.0);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_FALSE(bench.state.is_transient);
}

TEST(Adaptive, steps_stay_short_while_a_cell_reacts) {
  LongBench bench(lfp_chemistry(), 16, 1.0, 25.0);
  bench.state.cells.T_degC[7] = 150.0;
  LongBench fixed = bench;
  bench.advance_by(1800.0);
  fixed.run(1800.0, 0.1);
  EXPECT_GT(fixed.state.runaway.early_reacted[7], 0.001);
  EXPECT_NEAR(bench.state.runaway.early_reacted[7], fixed.state.runaway.early_reacted[7],
              0.02 * fixed.state.runaway.early_reacted[7]);
  EXPECT_NEAR(bench.state.cells.T_degC[7], fixed.state.cells.T_degC[7], 0.2);
}

TEST(Adaptive, repeats_to_the_bit) {
  LongBench first = charging_bench();
  LongBench second = first;
  first.advance_by(6000.0);
  second.advance_by(6000.0);
  EXPECT_TRUE((first.state.cells.x == second.state.cells.x).all());
  EXPECT_TRUE((first.state.cells.T_degC == second.state.cells.T_degC).all());
  EXPECT_EQ(first.state.terminal_V, second.state.terminal_V);
}

}  // namespace

}  // namespace doppelpack::models
