// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Limits over SOC and limiting rules, their ramps, the CVL that holds back, and asked charges.
#include "bench.hpp"

namespace bms_test {
namespace {

TEST(LimitsOverSoc, fall_along_their_curves) {
  const struct {
    uint16_t soc_permille;
    uint32_t ccl_mA, dcl_mA;
  } rows[] = {{0, 80000, 0},        {100, 80000, 50000},  {200, 80000, 100000},
              {900, 80000, 100000}, {950, 60000, 100000}, {1000, 40000, 100000}};
  for (const auto& row : rows) {
    Bench bench;
    bench.config.limits.ccl_over_soc = make_curve({{900, 1000}, {1000, 500}});
    bench.config.limits.dcl_over_soc = make_curve({{0, 0}, {200, 1000}});
    bench.factory.soc_permille = row.soc_permille;
    bench.start();
    EXPECT_EQ(bench.out.report.ccl_mA, row.ccl_mA) << row.soc_permille;
    EXPECT_EQ(bench.out.report.dcl_mA, row.dcl_mA) << row.soc_permille;
  }
}

TEST(LimitsOverSoc, follow_without_a_new_reading_of_the_cells) {
  Bench bench;
  bench.config.limits.dcl_over_soc = make_curve({{0, 0}, {1000, 1000}});
  bench.start();
  EXPECT_EQ(bench.out.report.dcl_mA, 50000u);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.set_current_mA(-100000);
  bench.run_ms(2 * 3600);  // 0.2 Ah of 100 Ah
  EXPECT_EQ(bench.out.report.dcl_mA, 49800u);
}

TEST(Limitings, lower_the_limits_to_the_lowest_of_those_active_and_at_once) {
  Bench bench;
  bench.config.rules[BMS_RULE_OTD].limiting = {true, 550, 520, 0, 0};
  bench.config.rules[BMS_RULE_OTD].limited_ccl_permille = 1000;
  bench.config.rules[BMS_RULE_OTD].limited_dcl_permille = 300;
  bench.config.rules[BMS_RULE_OCD].limiting = {true, 110000, 90000, 100, 100};
  bench.config.rules[BMS_RULE_OCD].limited_ccl_permille = 700;
  bench.config.rules[BMS_RULE_OCD].limited_dcl_permille = 500;
  bench.config.rules[BMS_RULE_OTC] = {};
  bench.config.limits.ccl_over_ddegC = make_curve({{0, 1000}});
  bench.config.limits.dcl_over_ddegC = make_curve({{0, 1000}});
  bench.start();
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.set_current_mA(-112000);
  bench.run_ms(101);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_LIMIT);
  EXPECT_EQ(bench.out.report.ccl_mA, 56000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 50000u);
  bench.in.fresh = kAllFresh;
  bench.set_temperature_degC(57);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, 56000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 30000u);
  bench.set_current_mA(0);
  bench.run_ms(101);
  EXPECT_EQ(bench.out.report.ccl_mA, 80000u);
}

TEST(Ramps, rise_no_faster_than_told_and_fall_at_once) {
  Bench bench;
  bench.config.limits.rise_mA_per_s = 10000;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.run_ms(99);
  EXPECT_EQ(bench.out.report.ccl_mA, 0u);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, 1000u);
  bench.run_ms(99);
  EXPECT_EQ(bench.out.report.ccl_mA, 1000u);
  bench.run_ms(1);
  EXPECT_EQ(bench.out.report.ccl_mA, 2000u);
  bench.run_ms(20000);
  EXPECT_EQ(bench.out.report.ccl_mA, 80000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 100000u);
  bench.set_cell_mV(0, 3500);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, 44000u);
}

TEST(Ramps, may_be_told_to_fall_slowly_but_not_when_the_path_opens) {
  Bench bench;
  bench.config.limits.fall_mA_per_s = 20000;
  bench.start();
  EXPECT_EQ(bench.out.report.ccl_mA, 80000u);
  bench.set_cell_mV(0, 3500);
  bench.run_ms(1000);
  EXPECT_EQ(bench.out.report.ccl_mA, 60000u);
  bench.run_ms(10000);
  EXPECT_EQ(bench.out.report.ccl_mA, 44000u);
  bench.set_cell_mV(0, 3700);
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_CELL_OV));
  EXPECT_EQ(bench.out.report.ccl_mA, 0u);
}

TEST(Ramps, fall_to_their_end_without_going_beyond) {
  Bench bench;
  bench.config.limits.fall_mA_per_s = 70000;
  bench.config.limits.rise_mA_per_s = 10000;
  bench.config.limits.ccl_over_cell_mV = make_curve({{3450, 1000}, {3550, 100}, {3650, 0}});
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.run_ms(10000);
  ASSERT_EQ(bench.out.report.ccl_mA, 80000u);
  bench.set_cell_mV(0, 3500);
  for (const uint32_t ccl_mA : {73000u, 66000u, 59000u, 52000u, 45000u, 44000u, 44000u}) {
    bench.run_ms(100);
    EXPECT_EQ(bench.out.report.ccl_mA, ccl_mA);
  }
}

TEST(Ramps, reach_their_end_without_going_beyond_even_when_they_are_very_slow) {
  Bench bench;
  bench.config.limits.ccl_mA = 25;
  bench.config.limits.rise_mA_per_s = 91;  // 9.1 mA in a tenth of a second: 10
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.run_ms(200);
  EXPECT_EQ(bench.out.report.ccl_mA, 20u);
  bench.run_ms(100);
  EXPECT_EQ(bench.out.report.ccl_mA, 25u);
}

TEST(Cvl, holds_back_for_the_highest_cell) {
  const struct {
    uint32_t others_mV, cell_mV, cvl_mV;
  } rows[] = {
      {3300, 3300, 56000},  // in balance: sixteen times 3.5 V, at any voltage
      {3480, 3480, 56000},
      {3450, 3500, 55250},  // 15 * 3.45 V + 3.5 V: the cell is there, and nothing may rise
      {3450, 3510, 55100},  // each millivolt above takes a string's worth, less its own
      {3400, 4000, 47000},  // no lower than the discharge voltage limit
  };
  for (const auto& row : rows) {
    Bench bench;
    bench.config.limits.cvl_cell_mV = 3500;
    bench.config.rules[BMS_RULE_CELL_OV] = {};
    bench.start();
    bench.set_cells_mV(row.others_mV);
    bench.set_cell_mV(2, row.cell_mV);
    bench.step();
    EXPECT_EQ(bench.out.report.cvl_mV, row.cvl_mV) << row.others_mV << " " << row.cell_mV;
  }
}

TEST(Cvl, is_never_above_the_configured_one) {
  Bench bench;
  bench.config.limits.cvl_cell_mV = 3600;
  bench.start();
  EXPECT_EQ(bench.out.report.cvl_mV, 56800u);
}

TEST(Cvl, keeps_above_its_floor_whatever_a_cell_reads) {
  Bench bench;
  bench.config.limits.cvl_cell_mV = 3500;
  bench.config.limits.cvl_floor_mV = 50000;
  bench.config.rules[BMS_RULE_CELL_OV] = {};
  bench.start();
  bench.set_cell_mV(0, 6500);
  bench.step();
  EXPECT_EQ(bench.out.report.cvl_mV, 50000u);
  bench.config.cell_count = 32;
  bench.config.rules[BMS_RULE_PACK_OV] = {};
  bench.start();
  bench.set_cells_mV(0);
  bench.set_cell_mV(0, 6500);
  bench.step();
  EXPECT_EQ(bench.out.report.cvl_mV, 50000u);
}

TEST(Cvl, is_the_configured_one_without_a_target_and_keeps_between_readings) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3600);
  bench.step();
  EXPECT_EQ(bench.out.report.cvl_mV, 56800u);
  bench.config.limits.cvl_cell_mV = 3500;
  bench.start();
  const uint32_t cvl_mV = bench.out.report.cvl_mV;
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.set_cell_mV(0, 3300);
  bench.step();
  EXPECT_EQ(bench.out.report.cvl_mV, cvl_mV);
}

TEST(AskedCharges, come_from_active_rules_and_after_the_configured_days) {
  constexpr uint64_t kDay_ms = 24 * 3600000;
  Bench bench;
  bench.config.rules[BMS_RULE_UTC].asks = BMS_REQUEST_FORCE_CHARGE2;
  bench.config.limits.full_charge_days = 1;
  bench.start();
  bench.set_temperature_degC(4);
  bench.run_ms(301);
  EXPECT_EQ(bench.out.report.requests, static_cast<uint32_t>(BMS_REQUEST_FORCE_CHARGE2));
  bench.in.fresh = 0;
  bench.dt_us = 100000;
  bench.run_ms(kDay_ms - 400);
  EXPECT_FALSE(bench.out.report.requests & BMS_REQUEST_FULL_CHARGE);
  bench.run_ms(200);
  EXPECT_TRUE(bench.out.report.requests & BMS_REQUEST_FULL_CHARGE);
}

TEST(Cvl, has_a_floor_of_one_millivolt_if_that_is_configured) {
  Bench bench;
  bench.config.limits.cvl_cell_mV = 1;
  bench.config.limits.cvl_floor_mV = 1;
  bench.set_cell_mV(0, 3400);
  bench.start();
  EXPECT_EQ(bench.out.report.cvl_mV, 1u);
}

TEST(Cvl, has_no_floor_where_none_is_configured) {
  Bench bench;
  bench.config.limits.cvl_cell_mV = 3500;
  bench.config.limits.discharge_voltage_limit_mV = 0;
  bench.start();
  bench.set_cells_mV(0);
  bench.set_cell_mV(3, 6000);  // 2.5 V too high: 40 V for the string
  bench.step();
  EXPECT_EQ(bench.out.report.cvl_mV, 0u);
}

}  // namespace
}  // namespace bms_test
