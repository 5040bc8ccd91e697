// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "nvm_bench.hpp"

namespace bms_test {
namespace {

bool requests(const Bench& bench, bms_request_t request) {
  return (bench.out.report.requests & request) != 0;
}

TEST(Limits, are_the_configured_ones_in_the_middle_of_everything) {
  Bench bench;
  bench.start();
  EXPECT_EQ(bench.out.report.cvl_mV, 56800u);
  EXPECT_EQ(bench.out.report.discharge_voltage_limit_mV, 47000u);
  EXPECT_EQ(bench.out.report.ccl_mA, 80000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 100000u);
}

// Curves of make_config, worked out by hand.
TEST(Limits, fall_along_the_cell_voltage) {
  const struct {
    uint32_t cell_mV, ccl_mA, dcl_mA;
  } rows[] = {{3450, 80000, 100000}, {3500, 44000, 100000}, {3549, 8720, 100000},
              {3550, 8000, 100000},  {3600, 4000, 100000},  {2900, 80000, 100000},
              {2700, 80000, 50000},  {2501, 80000, 200}};
  for (const auto& row : rows) {
    Bench bench;
    bench.start();
    bench.set_cell_mV(7, row.cell_mV);
    bench.step();
    EXPECT_EQ(bench.out.report.ccl_mA, row.ccl_mA) << row.cell_mV;
    EXPECT_EQ(bench.out.report.dcl_mA, row.dcl_mA) << row.cell_mV;
  }
}

TEST(Limits, fall_with_the_coldest_and_with_the_hottest_ntc) {
  const struct {
    double degC;
    double ccl_mA, dcl_mA;
  } rows[] = {{5, 8000, 100000},   {10, 16000, 100000}, {12.5, 48000, 100000}, {45, 80000, 100000},
              {50, 52000, 100000}, {-10, 0, 50000},     {55, 24000, 50000}};
  for (const auto& row : rows) {
    Bench bench;
    bench.start();
    bench.set_ntc_degC(1, row.degC);
    bench.step();
    EXPECT_NEAR(bench.out.report.ccl_mA, row.ccl_mA, 0.3 * 12800) << row.degC;
    EXPECT_NEAR(bench.out.report.dcl_mA, row.dcl_mA, 0.3 * 10000) << row.degC;
  }
}

TEST(Limits, take_the_lowest_of_their_factors_not_the_product) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3500);  // 550 permille
  bench.set_ntc_degC(0, 50);   // 650 permille
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, 44000u);
}

TEST(Limits, are_flat_outside_their_points_and_for_a_single_point) {
  Bench bench;
  bench.config.limits.ccl_over_cell_mV = make_curve({{3000, 700}});
  bench.config.limits.dcl_over_cell_mV = make_curve({{3000, 250}, {3100, 500}});
  bench.start();
  EXPECT_EQ(bench.out.report.ccl_mA, 56000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 50000u);
  bench.set_cells_mV(2950);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, 56000u);
  EXPECT_EQ(bench.out.report.dcl_mA, 25000u);
}

TEST(Limits, take_any_points_without_overflow) {
  Bench bench;
  bench.config.limits.ccl_mA = UINT32_MAX;
  bench.config.limits.ccl_over_cell_mV = make_curve({{INT32_MIN, 0}, {INT32_MAX, 1000}});
  bench.start();
  EXPECT_EQ(bench.out.report.ccl_mA, UINT32_MAX / 2);  // 500 permille, rounded down
}

TEST(Limits, return_when_the_protection_does) {
  Bench bench;
  bench.start();
  bench.set_cells_mV(3400);
  bench.set_cell_mV(0, 3660);
  bench.run_ms(1001);
  EXPECT_EQ(bench.out.report.ccl_mA, 0u);
  EXPECT_EQ(bench.out.report.dcl_mA, 100000u);
  EXPECT_EQ(bench.out.report.cvl_mV, 56800u);
  bench.set_cell_mV(0, 3450);
  bench.run_ms(2001);
  EXPECT_EQ(bench.out.report.ccl_mA, 80000u);
}

TEST(Requests, are_silent_on_a_healthy_pack) {
  Bench bench;
  bench.start();
  EXPECT_EQ(bench.out.report.requests, 0u);
}

TEST(Requests, ask_for_charge_as_soc_falls) {
  const struct {
    uint16_t soc_permille;
    uint32_t requests;
  } rows[] = {{101, 0},
              {100, BMS_REQUEST_FORCE_CHARGE2},
              {51, BMS_REQUEST_FORCE_CHARGE2},
              {50, BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2},
              {0, BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2}};
  for (const auto& row : rows) {
    Bench bench;
    bench.factory.soc_permille = row.soc_permille;
    bench.start();
    EXPECT_EQ(bench.out.report.requests, row.requests) << row.soc_permille;
  }
}

TEST(Requests, force_charge_while_a_cell_or_the_pack_is_near_or_under_its_limit) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 2800);
  bench.run_ms(301);
  EXPECT_EQ(bench.out.report.warnings, BMS_RULE_BIT(BMS_RULE_CELL_UV));
  EXPECT_TRUE(requests(bench, BMS_REQUEST_FORCE_CHARGE));
  bench.set_cell_mV(0, 3300);
  bench.run_ms(201);
  EXPECT_FALSE(requests(bench, BMS_REQUEST_FORCE_CHARGE));
  bench.config.rules[BMS_RULE_CELL_UV].warning.is_enabled = false;
  bench.config.rules[BMS_RULE_PACK_UV].warning.is_enabled = false;
  bench.start();
  bench.set_pack_mV(43200);
  bench.run_ms(1001);
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_PACK_UV));
  EXPECT_TRUE(requests(bench, BMS_REQUEST_FORCE_CHARGE));
}

TEST(Requests, ask_for_a_full_charge_after_thirty_days_without_one) {
  constexpr uint64_t kThirtyDays_us = uint64_t{30} * 24 * 3600 * 1000000;
  NvmBench bench;
  bench.start();
  bench.core().soc.anchored_us -= kThirtyDays_us - 500000;
  bench.run_ms(498);
  EXPECT_FALSE(requests(bench, BMS_REQUEST_FULL_CHARGE));
  bench.step();
  EXPECT_TRUE(requests(bench, BMS_REQUEST_FULL_CHARGE));
  bench.set_cell_mV(0, 3460);
  bench.run_ms(10001);  // full
  EXPECT_FALSE(requests(bench, BMS_REQUEST_FULL_CHARGE));
}

// It wraps after 49.7 days.
TEST(Uptime, may_wrap_within_a_delay) {
  NvmBench bench;
  bench.config.rules[BMS_RULE_CELL_OV].max_retries = BMS_RETRY_FOREVER;
  bench.config.failures[BMS_FAILURE_SUM] = {true, false, BMS_LATCH_BUTTON, 0, 1000};
  bench.set_stack_mV(16 * 3300);
  bench.start();
  bench.core().out.report.uptime_ms = UINT32_MAX - 500;
  bench.set_cell_mV(0, 3650);
  bench.set_stack_mV(0);
  bench.run_ms(1000);
  EXPECT_LT(bench.out.report.uptime_ms, 1000u);
  EXPECT_FALSE(bench.is_protecting(BMS_RULE_CELL_OV));
  EXPECT_FALSE(bench.has_failed(BMS_FAILURE_SUM));
  bench.step();
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_CELL_OV));
  EXPECT_TRUE(bench.has_failed(BMS_FAILURE_SUM));
}

}  // namespace
}  // namespace bms_test
