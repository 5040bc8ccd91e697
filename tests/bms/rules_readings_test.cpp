// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Which readings the rules look at, and when.
#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Rules, trip_nothing_on_a_healthy_pack) {
  Bench bench;
  bench.start();
  for (const int32_t current_mA : {0, 80000, -100000}) {
    bench.set_current_mA(current_mA);
    bench.run_ms(5000);
    EXPECT_EQ(bench.out.report.protections | bench.out.report.warnings, 0u) << current_mA;
    EXPECT_TRUE(bench.are_gates(true, true));
  }
}

TEST(Rules, trip_at_once_with_a_delay_of_zero) {
  Bench bench;
  bench.config.rules[BMS_RULE_OCD2].protection.trip_delay_ms = 0;
  bench.start();
  bench.set_current_mA(-200000);
  bench.step();
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_OCD2));
  EXPECT_FALSE(bench.out.discharge_gate);
}

TEST(Rules, ignore_readings_that_are_not_fresh) {
  Bench bench;
  bench.start();
  bench.in.fresh = 0;
  bench.set_current_mA(-250000);
  bench.set_cells_mV(3800);
  bench.set_temperature_degC(90);
  bench.run_ms(5000);
  EXPECT_EQ(bench.out.report.protections, 0u);
}

TEST(Rules, let_the_last_reading_stand_between_two_conversions) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3650);
  bench.step();
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(999);
  EXPECT_FALSE(bench.is_protecting(BMS_RULE_CELL_OV));
  bench.step();
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_CELL_OV));
}

TEST(Rules, keep_full_scale_currents_apart) {
  Bench bench;
  bench.config.sensing.shunt_uA_per_count = 1000000;
  bench.start();
  bench.in.shunt_adc = INT32_MIN;
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_OCD2));
  EXPECT_FALSE(bench.is_protecting(BMS_RULE_OCC));
  EXPECT_EQ(bench.out.report.current_mA, -INT32_MAX);
}

TEST(Rules, have_distinct_words) {
  for (int i = 0; i < BMS_RULE_COUNT; ++i)
    for (int j = 0; j < i; ++j)
      EXPECT_STRNE(bms_rule_name(static_cast<bms_rule_t>(i)),
                   bms_rule_name(static_cast<bms_rule_t>(j)));
  EXPECT_STREQ(bms_rule_name(BMS_RULE_SCD), "scd");
  EXPECT_STREQ(bms_rule_name(BMS_RULE_COUNT), "unknown");
}

}  // namespace
}  // namespace bms_test
