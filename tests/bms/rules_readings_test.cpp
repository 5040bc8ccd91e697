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

TEST(Rules, let_the_last_reading_stand_for_each_level_alone) {
  for (const int level : {0, 1}) {
    Bench bench;
    bms_rule_config_t& rule = bench.config.rules[BMS_RULE_CELL_OV];
    rule.protection.is_enabled = false;
    rule.warning.is_enabled = false;
    (level == 0 ? rule.warning : rule.limiting) = {true, 3550, 3500, 300, 200};
    bench.start();
    bench.set_cell_mV(0, 3550);
    bench.step();
    bench.in.fresh = BMS_FRESH_CURRENT;
    bench.run_ms(300);
    const uint32_t cell_ov = BMS_RULE_BIT(BMS_RULE_CELL_OV);
    EXPECT_EQ(bench.out.report.warnings, level == 0 ? cell_ov : 0);
    EXPECT_EQ(bench.out.report.limitings, level == 1 ? cell_ov : 0);
  }
}

TEST(Rules, open_by_default_what_the_fault_matrix_says) {
  constexpr int kCharge = BMS_OPENS_CHARGE, kDischarge = BMS_OPENS_DISCHARGE;
  constexpr int kBoth = kCharge | kDischarge, kPaths = BMS_OPENS_ALL_PATHS;
  const std::pair<bms_rule_t, int> rows[] = {{BMS_RULE_CELL_OV, kCharge},
                                             {BMS_RULE_CELL_UV, kDischarge},
                                             {BMS_RULE_PACK_OV, kCharge},
                                             {BMS_RULE_PACK_UV, kDischarge},
                                             {BMS_RULE_OCC, kCharge},
                                             {BMS_RULE_OCD, kDischarge},
                                             {BMS_RULE_OCD2, kDischarge},
                                             {BMS_RULE_SCD, kBoth},
                                             {BMS_RULE_OTC, kCharge},
                                             {BMS_RULE_OTD, kDischarge},
                                             {BMS_RULE_UTC, kCharge},
                                             {BMS_RULE_UTD, kDischarge},
                                             {BMS_RULE_CELL_FAILURE_HIGH, kPaths},
                                             {BMS_RULE_CELL_FAILURE_LOW, kPaths},
                                             {BMS_RULE_CELL_ZERO, kPaths},
                                             {BMS_RULE_SPREAD, kBoth},
                                             {BMS_RULE_SPREAD_FAILURE, kPaths},
                                             {BMS_RULE_T_SPREAD, kBoth},
                                             {BMS_RULE_MOSFET_OT, kBoth},
                                             {BMS_RULE_INSULATION, kPaths},
                                             {BMS_RULE_SOC_LOW, kDischarge}};
  EXPECT_EQ(std::size(rows), static_cast<std::size_t>(BMS_RULE_COUNT));
  for (const auto& [rule, opens] : rows)
    EXPECT_EQ(bms_rule_default_opens(rule), opens) << bms_rule_name(rule);
}

}  // namespace
}  // namespace bms_test
