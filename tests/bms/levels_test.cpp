// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What a rule does beside warning and protecting: it limits, asks, opens what its product wants.
#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Limiting, has_a_threshold_a_delay_and_a_release_of_its_own) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].limiting = {true, 3600, 3520, 500, 700};
  bench.start();
  bench.set_cell_mV(5, 3599);
  bench.run_ms(2000);
  EXPECT_EQ(bench.out.report.limitings, 0u);
  bench.set_cell_mV(5, 3600);
  bench.run_ms(500);
  EXPECT_EQ(bench.out.report.limitings, 0u);
  bench.step();
  EXPECT_EQ(bench.out.report.limitings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  EXPECT_EQ(bench.out.report.protections, 0u);
  EXPECT_TRUE(bench.are_gates(true, true));
  bench.set_cell_mV(5, 3521);
  bench.run_ms(2000);
  EXPECT_EQ(bench.out.report.limitings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  bench.set_cell_mV(5, 3520);
  bench.run_ms(700);
  EXPECT_EQ(bench.out.report.limitings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  bench.step();
  EXPECT_EQ(bench.out.report.limitings, 0u);
}

TEST(Limiting, of_a_current_trips_below_its_protection) {
  Bench bench;
  bench.config.rules[BMS_RULE_OCD] = {};
  bench.config.rules[BMS_RULE_OCC] = {};
  bench.config.rules[BMS_RULE_OCD2].warning.is_enabled = false;
  bench.config.rules[BMS_RULE_OCD2].limiting = {true, 90000, 80000, 0, 0};
  bench.start();
  bench.set_current_mA(-89999);
  bench.step();
  EXPECT_EQ(bench.out.report.limitings, 0u);
  bench.set_current_mA(-90000);
  bench.step();
  EXPECT_EQ(bench.out.report.limitings, BMS_RULE_BIT(BMS_RULE_OCD2));
  bench.set_current_mA(-80000);  // below every trip: it must be seen all the same
  bench.step();
  EXPECT_EQ(bench.out.report.limitings, 0u);
}

TEST(Opens, what_the_configuration_says) {
  Bench bench;
  bench.config.rules[BMS_RULE_OTD].opens = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  bench.start();
  bench.set_ntc_degC(2, 61);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_TRUE(bench.are_gates(false, false));
  EXPECT_FALSE(bench.out.report.is_charge_allowed);
}

TEST(Opens, the_default_when_the_configuration_says_nothing) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].opens = 0;
  bench.start();
  bench.set_cell_mV(5, 3700);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_TRUE(bench.are_gates(false, true));
}

TEST(Opens, both_gates_for_a_rule_that_is_a_failure) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].is_failure = true;
  bench.start();
  bench.set_cell_mV(5, 3700);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_TRUE(bench.are_gates(false, false));
}

TEST(Opens, spares_no_body_diode_where_more_than_one_gate_is_opened) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_CHARGE | BMS_OPENS_CONTACTS;
  bench.start();
  bench.set_cell_mV(5, 3700);
  bench.run_ms(kTrip_ms + 1);
  bench.set_current_mA(-50000);
  bench.run_ms(100);
  EXPECT_TRUE(bench.are_gates(false, false)) << "contacts open without current";
}

TEST(Opens, by_default_one_gate_both_or_everything) {
  EXPECT_EQ(bms_rule_default_opens(BMS_RULE_UTC), BMS_OPENS_CHARGE);
  EXPECT_EQ(bms_rule_default_opens(BMS_RULE_SOC_LOW), BMS_OPENS_DISCHARGE);
  EXPECT_EQ(bms_rule_default_opens(BMS_RULE_SCD), BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE);
  EXPECT_EQ(bms_rule_default_opens(BMS_RULE_CELL_ZERO), BMS_OPENS_ALL_PATHS);
  EXPECT_EQ(bms_rule_default_opens(BMS_RULE_COUNT), 0);
}

TEST(Asks, from_the_warning_on_until_nothing_of_it_is_left) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].asks = BMS_REQUEST_FULL_CHARGE;
  bench.start();
  EXPECT_EQ(bench.out.report.requests, 0u);
  bench.set_cell_mV(5, 3560);
  bench.run_ms(301);
  EXPECT_EQ(bench.out.report.requests, static_cast<uint32_t>(BMS_REQUEST_FULL_CHARGE));
  bench.config.rules[BMS_RULE_CELL_OV].warning.is_enabled = false;
  bench.start();
  bench.set_cell_mV(5, 3700);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_EQ(bench.out.report.requests, static_cast<uint32_t>(BMS_REQUEST_FULL_CHARGE));
  bench.set_cell_mV(5, 3300);
  bench.run_ms(kRelease_ms + 1);
  EXPECT_EQ(bench.out.report.requests, 0u);
}

TEST(SocLow, warns_and_opens_by_the_counted_charge) {
  Bench bench;
  bench.config.rules[BMS_RULE_SOC_LOW] = make_rule(150, 200, 100, 180);
  bench.factory.soc_permille = 149;
  bench.start();
  bench.run_ms(1002);
  EXPECT_TRUE(bench.is_warning(BMS_RULE_SOC_LOW));
  EXPECT_FALSE(bench.is_protecting(BMS_RULE_SOC_LOW));
  bench.factory.soc_permille = 100;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.run_ms(1002);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_SOC_LOW));
  EXPECT_TRUE(bench.are_gates(true, false));
}

class RuleLatch : public testing::Test {
 protected:
  void latch_with(bms_latch_t latch) {
    bench_.config.rules[BMS_RULE_CELL_OV].max_retries = 0;
    bench_.config.rules[BMS_RULE_CELL_OV].latch = static_cast<uint8_t>(latch);
    bench_.start();
    bench_.set_cell_mV(5, 3700);
    bench_.run_ms(kTrip_ms + 1);
    bench_.set_cell_mV(5, 3300);
    bench_.run_ms(kRelease_ms + 1);
    ASSERT_TRUE(bench_.is_protecting(BMS_RULE_CELL_OV));
    ASSERT_EQ(bench_.out.report.latched, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  }
  void hold_reset_ms(uint64_t duration_ms) {
    bench_.in.buttons = BMS_BUTTON_RESET;
    bench_.run_ms(duration_ms);
    bench_.in.buttons = 0;
    bench_.step();
  }
  Bench bench_;
};

TEST_F(RuleLatch, of_a_button_is_cleared_by_its_press) {
  latch_with(BMS_LATCH_BUTTON);
  bench_.press_reset();
  EXPECT_EQ(bench_.out.report.latched, 0u);
  EXPECT_EQ(bench_.out.report.protections, 0u);
}

TEST_F(RuleLatch, of_a_power_cycle_is_cleared_by_nothing_else) {
  latch_with(BMS_LATCH_POWER_CYCLE);
  hold_reset_ms(20000);
  EXPECT_TRUE(bench_.is_protecting(BMS_RULE_CELL_OV));
  bench_.start();
  EXPECT_EQ(bench_.out.report.protections, 0u);
}

TEST_F(RuleLatch, of_a_repair_is_cleared_by_ten_seconds_of_reset) {
  latch_with(BMS_LATCH_REPAIR);
  bench_.press_reset();
  hold_reset_ms(10000);  // 9.999 s passed since the first step that saw it
  EXPECT_TRUE(bench_.is_protecting(BMS_RULE_CELL_OV));
  hold_reset_ms(10001);
  EXPECT_EQ(bench_.out.report.latched, 0u);
  EXPECT_EQ(bench_.out.report.protections, 0u);
}

TEST_F(RuleLatch, of_a_repair_is_cleared_once_by_a_button_that_is_held) {
  latch_with(BMS_LATCH_REPAIR);
  bench_.in.buttons = BMS_BUTTON_RESET;
  bench_.run_ms(10001);
  ASSERT_EQ(bench_.out.report.protections, 0u);
  bench_.set_cell_mV(5, 3700);
  bench_.run_ms(kTrip_ms + 1);
  bench_.set_cell_mV(5, 3300);
  bench_.run_ms(30000);
  EXPECT_TRUE(bench_.is_protecting(BMS_RULE_CELL_OV));
}

TEST(Opens, everything_for_each_of_several_rules_that_are_failures) {
  for (const bms_rule_t rule : {BMS_RULE_CELL_OV, BMS_RULE_OCC, BMS_RULE_OTD}) {
    Bench bench;
    for (const bms_rule_t each : {BMS_RULE_CELL_OV, BMS_RULE_OCC, BMS_RULE_OTD})
      bench.config.rules[each].is_failure = true;
    bench.start();
    if (rule == BMS_RULE_CELL_OV) bench.set_cell_mV(5, 3700);
    if (rule == BMS_RULE_OCC) bench.set_current_mA(110000);
    if (rule == BMS_RULE_OTD) bench.set_temperature_degC(61);
    bench.run_ms(kTrip_ms + 1);
    EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE) << bms_rule_name(rule);
  }
}

TEST(Asks, beside_a_rule_that_asks_for_nothing) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].asks = BMS_REQUEST_FULL_CHARGE;
  bench.start();
  bench.set_cell_mV(5, 3560);
  bench.set_current_mA(105000);
  bench.run_ms(301);
  ASSERT_TRUE(bench.is_warning(BMS_RULE_CELL_OV) && bench.is_warning(BMS_RULE_OCC));
  EXPECT_EQ(bench.out.report.requests, static_cast<uint32_t>(BMS_REQUEST_FULL_CHARGE));
}

}  // namespace
}  // namespace bms_test
