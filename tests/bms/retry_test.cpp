// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Automatic releases, latches, the RESET button, and the short circuit whose flag lives in the AFE.
#include "nvm_bench.hpp"

namespace bms_test {
namespace {

// The load stays: current flows as soon as the gate is closed.
void trip_by_load(Bench& bench) {
  bench.set_current_mA(-120000);
  bench.run_ms(kTrip_ms + 1);
  ASSERT_TRUE(bench.is_protecting(BMS_RULE_OCD));
  bench.set_current_mA(0);
}

void latch_by_load(Bench& bench) {
  for (int i = 0; i < 4; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms + 1);
  }
  ASSERT_TRUE(bench.is_protecting(BMS_RULE_OCD));
}

TEST(Retries, release_as_often_as_allowed_then_latch) {
  Bench bench;
  bench.start();
  for (int i = 0; i < 3; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms);
    EXPECT_TRUE(bench.is_protecting(BMS_RULE_OCD)) << i;
    bench.step();
    EXPECT_FALSE(bench.is_protecting(BMS_RULE_OCD)) << i;
  }
  trip_by_load(bench);
  bench.run_ms(60000);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_OCD));
  EXPECT_TRUE(bench.are_gates(true, false));
}

TEST(Retries, never_latch_when_they_are_endless) {
  Bench bench;
  bench.config.rules[BMS_RULE_OCD].max_retries = BMS_RETRY_FOREVER;
  bench.start();
  for (int i = 0; i < 100; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms + 1);
    ASSERT_FALSE(bench.is_protecting(BMS_RULE_OCD)) << i;
  }
}

TEST(Retries, are_forgiven_after_a_quiet_minute) {
  Bench bench;
  bench.start();
  for (int i = 0; i < 10; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms + 1);
    ASSERT_FALSE(bench.is_protecting(BMS_RULE_OCD)) << i;
    bench.run_ms(60000 - kTrip_ms - 1);  // the next trip comes 60 s after the release
  }
}

TEST(Retries, are_not_forgiven_just_before_a_quiet_minute) {
  Bench bench;
  bench.start();
  for (int i = 0; i < 4; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms + 1);
    bench.run_ms(60000 - kTrip_ms - 2);
  }
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_OCD));
}

TEST(Reset, clears_a_latch_whose_cause_is_gone) {
  Bench bench;
  bench.start();
  latch_by_load(bench);
  bench.run_ms(kRelease_ms);
  bench.press_reset();
  EXPECT_FALSE(bench.is_protecting(BMS_RULE_OCD));
  EXPECT_TRUE(bench.are_gates(true, true));
}

TEST(Reset, grants_all_retries_again) {
  Bench bench;
  bench.start();
  latch_by_load(bench);
  bench.press_reset();
  ASSERT_FALSE(bench.is_protecting(BMS_RULE_OCD));
  for (int i = 0; i < 3; ++i) {
    trip_by_load(bench);
    bench.run_ms(kRelease_ms + 1);
    EXPECT_FALSE(bench.is_protecting(BMS_RULE_OCD)) << i;
  }
}

TEST(Reset, does_not_release_what_is_still_there) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].max_retries = 0;
  bench.start();
  bench.set_cell_mV(0, 3700);
  bench.run_ms(kTrip_ms + 1);
  bench.press_reset();
  bench.run_ms(10000);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_CELL_OV));
  EXPECT_FALSE(bench.out.charge_gate);
}

TEST(ShortCircuit, opens_both_gates_in_the_step_that_sees_the_flag) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.in.fresh = 0;
  bench.step();
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_SCD));
  EXPECT_TRUE(bench.are_gates(false, false));
  EXPECT_FALSE(bench.out.report.is_charge_allowed);
  EXPECT_FALSE(bench.out.report.is_discharge_allowed);
  EXPECT_EQ(bench.out.report.ccl_mA, 0u);
  EXPECT_EQ(bench.out.report.dcl_mA, 0u);
}

TEST(ShortCircuit, stays_latched_after_the_short_is_gone) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  for (int i = 0; i < 100000; ++i) {
    bench.step();
    ASSERT_EQ(bench.out.clear_comparators, 0u);
    ASSERT_TRUE(bench.are_gates(false, false));
  }
}

TEST(ShortCircuit, is_cleared_by_reset_with_the_gates_closing_after_the_release_delay) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.run_ms(100);
  bench.in.buttons = BMS_BUTTON_RESET;
  bench.step();
  EXPECT_EQ(bench.out.clear_comparators, static_cast<uint32_t>(BMS_COMPARATOR_SCD));
  EXPECT_TRUE(bench.are_gates(false, false));
  bench.in.buttons = 0;
  bench.run_ms(kRelease_ms);
  EXPECT_EQ(bench.out.clear_comparators, 0u);
  EXPECT_TRUE(bench.are_gates(false, false));
  bench.step();
  EXPECT_TRUE(bench.are_gates(true, true));
}

TEST(ShortCircuit, is_latched_again_while_the_short_persists) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.run_ms(100);
  bench.press_reset();
  bench.run_ms(kRelease_ms);
  ASSERT_TRUE(bench.are_gates(true, true));
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.run_ms(10000);
  EXPECT_TRUE(bench.are_gates(false, false));
  EXPECT_EQ(bench.in.comparator_flags, static_cast<uint32_t>(BMS_COMPARATOR_SCD));
}

// A jammed RESET button must not turn one latch into endless retries.
TEST(ShortCircuit, is_not_retried_by_a_button_that_is_held) {
  Bench bench;
  bench.start();
  bench.in.buttons = BMS_BUTTON_RESET;
  bench.step();
  int closings = 0;
  for (int i = 0; i < 30000; ++i) {
    const bool was_closed = bench.out.discharge_gate;
    bench.in.comparator_flags |= was_closed ? BMS_COMPARATOR_SCD : 0;
    bench.step();
    closings += !was_closed && bench.out.discharge_gate;
  }
  EXPECT_EQ(closings, 0);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_SCD));
}

TEST(ShortCircuit, never_closes_the_gates_while_the_comparator_holds_its_flag) {
  Bench bench;
  bench.start();
  bench.is_shorted = true;
  bench.run_ms(10);
  bench.press_reset();
  bench.run_ms(10000);
  EXPECT_TRUE(bench.are_gates(false, false));
}

TEST(ShortCircuit, retries_by_itself_where_the_policy_allows_it) {
  Bench bench;
  bench.config.rules[BMS_RULE_SCD].max_retries = 2;
  bench.start();
  for (int i = 0; i < 2; ++i) {
    bench.in.comparator_flags = BMS_COMPARATOR_SCD;
    bench.step();
    ASSERT_TRUE(bench.are_gates(false, false));
    bench.run_ms(kRelease_ms + 1);
    EXPECT_TRUE(bench.are_gates(true, true)) << i;
  }
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.run_ms(60000);
  EXPECT_TRUE(bench.are_gates(false, false));
}

TEST(ShortCircuit, does_not_block_the_afe_for_ever_when_nobody_watches_it) {
  Bench bench;
  bench.config.rules[BMS_RULE_SCD].protection.is_enabled = false;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.step();
  EXPECT_EQ(bench.out.clear_comparators, static_cast<uint32_t>(BMS_COMPARATOR_SCD));
  EXPECT_TRUE(bench.are_gates(true, true));
}

TEST(Retries, are_forgiven_after_a_minute_to_the_microsecond) {
  for (const bool is_over : {true, false}) {
    NvmBench bench;
    bench.config.rules[BMS_RULE_OCC].protection = {true, 110000, 50000, 0, 0};
    bench.config.rules[BMS_RULE_OCC].max_retries = 1;
    bench.start();
    bench.set_current_mA(110000);
    bench.step();
    bench.set_current_mA(0);
    bench.step();
    ASSERT_EQ(bench.out.report.protections, 0u);
    const uint64_t next_us = bench.core().now_us + bench.dt_us;
    bench.core().rules.released_us[BMS_RULE_OCC] = next_us - 60000000 + (is_over ? 0 : 1);
    bench.set_current_mA(110000);
    bench.step();
    ASSERT_TRUE(bench.is_protecting(BMS_RULE_OCC));
    EXPECT_EQ(bench.out.report.latched, is_over ? 0u : BMS_RULE_BIT(BMS_RULE_OCC));
  }
}

}  // namespace
}  // namespace bms_test
