// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Relays and rules: opening without current, staying open, closing again.
#include "sequence_bench.hpp"

namespace bms_test {
namespace {

TEST(Contacts, open_after_the_gates_and_without_current) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_ALL_PATHS;
  bench.config.rules[BMS_RULE_SPREAD].max_retries = BMS_RETRY_FOREVER;
  for (const uint32_t current_ms : {0u, 50u, 1000u}) {
    bench.set_current_mA(0);
    bench.set_cell_mV(0, 3300);
    bench.power_up_and_close();
    bench.set_current_mA(20000);
    bench.set_cell_mV(0, 2700);
    bench.tick();
    EXPECT_TRUE(bench.is_in(BMS_STATE_PROTECTION, BMS_REASON_RULE));
    EXPECT_TRUE(is_dark(bench));
    uint32_t ms = 0;
    while (bench.out.coils && ms < 1000) {
      if (ms == current_ms) bench.set_current_mA(0);
      EXPECT_EQ(bench.out.coils, ContactBench::kMains);
      bench.tick();
      ++ms;
    }
    EXPECT_EQ(ms, current_ms < 300 ? current_ms + 1 : 300u);
  }
}

TEST(Contacts, wait_for_the_second_gate_and_open_with_idle_current) {
  for (const int32_t idle_mA : {500, -500}) {
    ContactBench bench;
    bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
    bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_ALL_PATHS;
    bench.power_up_and_close();
    bench.set_temperature_degC(-5);
    bench.tick_ms(1100);
    ASSERT_TRUE(bench.are_gates(false, true));
    bench.set_current_mA(idle_mA);
    bench.set_cell_mV(0, 2700);
    bench.tick();
    EXPECT_EQ(bench.out.coils, ContactBench::kMains);
    bench.tick();
    EXPECT_EQ(bench.out.coils, 0u);
  }
}

TEST(Contacts, wait_for_a_reading_of_the_current) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_CONTACTS;
  bench.power_up_and_close();
  bench.set_cell_mV(0, 2700);
  bench.tick();
  EXPECT_TRUE(is_dark(bench)) << "contacts open means that the gates open";
  bench.in.fresh = BMS_FRESH_CELLS;
  bench.tick_ms(100);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  bench.in.fresh = kAllFresh;
  bench.tick();
  EXPECT_EQ(bench.out.coils, 0u);
}

TEST(Contacts, close_again_over_the_resistor_when_the_cause_is_gone) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_ALL_PATHS;
  bench.config.rules[BMS_RULE_SPREAD].max_retries = BMS_RETRY_FOREVER;
  bench.power_up_and_close();
  bench.set_cell_mV(0, 2700);
  bench.tick_ms(100);
  ASSERT_EQ(bench.out.coils, 0u);
  bench.set_cell_mV(0, 3300);
  bench.tick();
  EXPECT_TRUE(bench.is_in(BMS_STATE_PRECHARGE, BMS_REASON_RELEASE));
  bench.ticks_until(BMS_STATE_STANDBY);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
}

TEST(Contacts, stop_closing_when_a_rule_opens_them) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_ALL_PATHS;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (int i = 0; i < 1000 && !(bench.out.coils & ContactBench::kPrecharge); ++i) bench.tick();
  bench.set_cell_mV(0, 2700);
  bench.tick();
  EXPECT_TRUE(bench.is_in(BMS_STATE_PROTECTION, BMS_REASON_RULE));
  EXPECT_TRUE(is_dark(bench));
  bench.tick();
  EXPECT_EQ(bench.out.coils, 0u);
}

TEST(Contacts, begin_anew_when_they_were_stopped_before_the_first_one_closed) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_ALL_PATHS;
  bench.config.rules[BMS_RULE_SPREAD].max_retries = BMS_RETRY_FOREVER;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.ticks_until(BMS_STATE_PRECHARGE);
  bench.set_cell_mV(0, 2700);
  bench.tick_ms(2 * ContactBench::kPrecharge_ms);
  ASSERT_TRUE(bench.is_in(BMS_STATE_PROTECTION, BMS_REASON_RULE));
  ASSERT_EQ(bench.out.coils, 0u);
  bench.set_cell_mV(0, 3300);
  bench.ticks_until(BMS_STATE_STANDBY);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  EXPECT_EQ(bench.out.report.failures, 0u);
}

// No discharge, no pre-charge: an under-voltage pack closes only onto a link that is there.
TEST(Contacts, of_an_empty_pack_close_when_a_charger_comes) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_PACK_UV] = {};
  bench.set_cells_mV(2450);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.tick_ms(1100);
  EXPECT_TRUE(bench.is_in(BMS_STATE_PROTECTION, BMS_REASON_RULE));
  EXPECT_EQ(bench.out.coils, 0u);
  EXPECT_TRUE(is_dark(bench));
  bench.outside_mV = 54000;
  bench.tick_ms(2);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PRECHARGE);
  EXPECT_TRUE(bench.are_gates(false, false));
  bench.ticks_until(BMS_STATE_PROTECTION);
  bench.tick();
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  EXPECT_TRUE(bench.are_gates(true, false));
}

TEST(Contacts, of_a_pack_that_may_neither_charge_nor_discharge_stay_open) {
  ContactBench bench;
  bench.outside_mV = 54000;
  bench.set_temperature_degC(-30);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.tick_ms(3000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  EXPECT_EQ(bench.out.coils, 0u);
}

TEST(Contacts, stay_closed_while_a_rule_opens_a_gate_only) {
  ContactBench bench;
  bench.power_up_and_close();
  bench.set_temperature_degC(-5);
  bench.tick_ms(1100);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  EXPECT_TRUE(bench.are_gates(false, true));
}

// Or the gate would close onto an empty link without the resistor: 1.3 kA in a pack of 6.5 kWh.
TEST(Contacts, behind_an_open_gate_open_when_the_link_runs_empty_and_close_over_the_resistor) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 500, 400, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].opens = BMS_OPENS_DISCHARGE;
  bench.config.rules[BMS_RULE_SPREAD].max_retries = BMS_RETRY_FOREVER;
  bench.power_up_and_close();
  bench.set_cell_mV(0, 2700);
  bench.tick_ms(100);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains) << "the link is still charged";
  EXPECT_TRUE(bench.are_gates(true, false));
  bench.is_link_shorted = true;
  bench.tick_ms(5);
  EXPECT_EQ(bench.out.coils, 0u);
  EXPECT_TRUE(is_dark(bench));
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  bench.is_link_shorted = false;
  bench.set_cell_mV(0, 3300);
  for (int i = 0; i < 2000; ++i) {
    bench.tick();
    const bool is_resistor_bridged = bench.out.coils == ContactBench::kMains;
    ASSERT_FALSE(bench.out.discharge_gate && is_resistor_bridged && bench.link_mV() < 50000) << i;
  }
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
}

TEST(Contacts, fall_at_once_with_the_supply) {
  ContactBench bench;
  bench.config.sequence.supply_low_mV = 35000;
  bench.config.sequence.supply_back_mV = 40000;
  bench.config.rules[BMS_RULE_CELL_UV] = {};
  bench.config.rules[BMS_RULE_PACK_UV] = {};
  bench.power_up_and_close();
  bench.set_current_mA(-200000);
  bench.set_cells_mV(2000);
  bench.set_stack_mV(32000);
  bench.tick();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
  EXPECT_EQ(bench.out.coils, 0u);
}

TEST(Contacts, believe_in_a_link_only_with_a_scan_of_its_own_phase) {
  ContactBench bench;
  bench.set_terminal_mV(52800);
  bench.outside_mV = 52800;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (int i = 0; i < 1000 && !(bench.out.coils & ContactBench::kPrecharge); ++i) bench.tick();
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.tick_ms(2 * ContactBench::kFast_ms);
  EXPECT_EQ(bench.out.coils, ContactBench::kMain1 | ContactBench::kPrecharge);
  bench.in.fresh = kAllFresh;
  bench.tick();
  EXPECT_EQ(bench.out.coils, ContactBench::kMains | ContactBench::kPrecharge);
}

// A latch that opens both gates holds the pack by itself; one that opens a single gate does not.
TEST(Contacts, that_failed_stay_open_although_their_failure_opens_one_gate_only) {
  for (const uint8_t opens : {uint8_t{BMS_OPENS_CHARGE}, uint8_t{BMS_OPENS_DISCHARGE}}) {
    ContactBench bench;
    bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER] = {true, true, BMS_LATCH_BUTTON, opens, 0};
    bench.is_link_shorted = true;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    ASSERT_LT(bench.ticks_until(BMS_STATE_FAILURE), 5000u);
    for (int i = 0; i < 3000; ++i) {
      bench.tick();
      ASSERT_TRUE(bench.out.report.state == BMS_STATE_FAILURE && is_dark(bench)) << int{opens};
    }
  }
}

TEST(Contacts, that_failed_stay_open_until_the_delayed_failure_takes_over) {
  ContactBench bench;
  bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER].delay_ms = 300;
  bench.is_link_shorted = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  ASSERT_LT(bench.ticks_until(BMS_STATE_FAILURE), 5000u);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(bench.out.report.state, BMS_STATE_FAILURE) << i;
    ASSERT_EQ(bench.has_failed(BMS_FAILURE_PRECHARGE_NEVER), i >= 300) << i;
    bench.tick();
  }
}

}  // namespace
}  // namespace bms_test
