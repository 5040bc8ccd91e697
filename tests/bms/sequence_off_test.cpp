// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Ways out: button, silence, under-voltage, storage, deep sleep, loss of supply.
#include "sequence_bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kPressOff_ms = 1500, kShutdown_ms = 3000, kGrace_ms = 10000;

TEST(Off, by_the_button_held_says_good_bye_and_lets_go) {
  ButtonBench bench;
  bench.turn_on();
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(kPressOff_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_BUTTON));
  EXPECT_TRUE(is_dark(bench));
  bench.run_ms(kShutdown_ms - 1);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SHUTDOWN);
  EXPECT_TRUE(bench.out.hold_supply);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_BUTTON));
  EXPECT_FALSE(bench.out.hold_supply);
}

TEST(Off, the_press_that_turned_on_does_not_turn_off_again) {
  ButtonBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(60000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
}

TEST(Off, a_press_that_is_interrupted_counts_from_its_new_beginning) {
  ButtonBench bench;
  bench.turn_on();
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(kPressOff_ms);
  bench.press(0);
  bench.step();
  bench.press(BMS_BUTTON_POWER);
  EXPECT_EQ(bench.steps_until(BMS_STATE_SHUTDOWN), kPressOff_ms + 1);
}

TEST(Off, by_the_button_only_where_there_is_one) {
  for (const bool has_time : {false, true}) {
    ButtonBench bench;
    bench.config.sequence.has_power_button = has_time;
    bench.config.sequence.press_off_ms = has_time ? 0 : 1500;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.press(BMS_BUTTON_POWER);
    bench.steps_until(BMS_STATE_STANDBY);
    bench.press(0);
    bench.step();
    bench.press(BMS_BUTTON_POWER);
    bench.run_ms(60000);
    EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  }
}

TEST(Off, by_the_button_not_while_something_outside_feeds_the_pack) {
  const struct {
    const char* name;
    void (*feed)(Bench&);
    bool is_kept;
  } rows[] = {
      {"mains", [](Bench& b) { b.in.wake = BMS_WAKE_CHARGER; }, true},
      {"charge", [](Bench& b) { b.set_current_mA(501); }, true},
      {"idle", [](Bench& b) { b.set_current_mA(500); }, false},
      {"load", [](Bench& b) { b.set_current_mA(-20000); }, false},
      {"own_voltage", [](Bench& b) { b.set_terminal_mV(52800); }, false},
  };
  for (const auto& row : rows) {
    ButtonBench bench;
    bench.turn_on();
    row.feed(bench);
    bench.press(BMS_BUTTON_POWER);
    bench.run_ms(5000);
    EXPECT_EQ(bench.out.report.state != BMS_STATE_SHUTDOWN && bench.out.hold_supply &&
                  bench.out.report.state != BMS_STATE_OFF,
              row.is_kept)
        << row.name;
  }
}

TEST(Off, by_the_button_not_while_the_open_path_shows_a_voltage_from_outside) {
  for (const uint32_t mV : {44999u, 45000u}) {
    ButtonBench bench;
    bench.turn_on();
    bench.in.comparator_flags = BMS_COMPARATOR_SCD;
    bench.is_shorted = true;
    bench.set_terminal_mV(mV);
    bench.run_ms(10);
    ASSERT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
    bench.press(BMS_BUTTON_POWER);
    bench.run_ms(2000);
    EXPECT_EQ(bench.out.report.state, mV < 45000 ? BMS_STATE_SHUTDOWN : BMS_STATE_PROTECTION);
  }
}

TEST(Off, by_the_button_where_one_closed_gate_shows_the_pack_s_own_voltage) {
  for (const double degC : {-5.0, 52.0}) {  // CHG open, DSG open
    ButtonBench bench;
    bench.config.rules[BMS_RULE_OTC] = {};
    bench.config.rules[BMS_RULE_OTD] = make_rule(450, 420, 500, 450);
    bench.turn_on();
    bench.set_terminal_mV(52800);
    bench.set_temperature_degC(degC);
    bench.steps_until(BMS_STATE_PROTECTION);
    bench.press(BMS_BUTTON_POWER);
    EXPECT_EQ(bench.steps_until(BMS_STATE_SHUTDOWN, 5000), 1501u) << degC;
  }
}

TEST(Off, by_the_silence_of_the_inverter) {
  constexpr uint32_t kSilence_ms = 60000;
  ButtonBench bench;
  bench.config.sequence.inverter_silence_ms = kSilence_ms;
  bench.turn_on();
  bench.run_ms(50000);
  ++bench.in.bus.inverter_frames;
  bench.run_ms(kSilence_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_INVERTER_SILENT));
  bench.run_ms(kShutdown_ms);
  EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_INVERTER_SILENT));
}

TEST(Off, an_awakened_pack_waits_for_its_inverter_anew) {
  ButtonBench bench;
  bench.config.sequence.inverter_silence_ms = 60000;
  bench.turn_on();
  bench.steps_until(BMS_STATE_OFF);
  bench.run_ms(100000);
  bench.press(BMS_BUTTON_POWER);
  bench.steps_until(BMS_STATE_STANDBY);
  EXPECT_NEAR(bench.steps_until(BMS_STATE_SHUTDOWN), 60000, 3);
}

TEST(Off, a_lost_inverter_is_found_and_found_again) {
  Bench bench;
  bench.config.sequence.inverter_lost_ms = 5000;
  bench.config.failures[BMS_FAILURE_INVERTER_LOST] = {true, false, 0, 0, 0};
  bench.start();
  ++bench.in.bus.inverter_frames;
  bench.step();
  bench.run_ms(4999);
  EXPECT_EQ(bench.out.report.failures, 0u);
  bench.run_ms(2);
  EXPECT_EQ(bench.out.report.failures, BMS_FAILURE_BIT(BMS_FAILURE_INVERTER_LOST));
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  ++bench.in.bus.inverter_frames;
  bench.run_ms(2);
  EXPECT_EQ(bench.out.report.failures, 0u);
}

class Empty : public ButtonBench {
 public:
  Empty() {
    config.rules[BMS_RULE_CELL_UV].opens = BMS_OPENS_DISCHARGE | BMS_OPENS_SUPPLY;
    config.rules[BMS_RULE_PACK_UV] = {};
    config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_CHARGE | BMS_OPENS_SUPPLY;
  }
};

TEST(Off, by_an_under_voltage_that_finds_no_charge_in_time) {
  Empty bench;
  bench.turn_on();
  bench.set_cells_mV(2400);
  bench.steps_until(BMS_STATE_PROTECTION);
  EXPECT_TRUE(bench.are_gates(true, false));
  bench.run_ms(kGrace_ms - 1);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  bench.run_ms(2);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_UNDER_VOLTAGE));
}

TEST(Off, an_under_voltage_that_is_being_charged_stays_on) {
  Empty bench;
  bench.turn_on();
  bench.set_cells_mV(2400);
  bench.steps_until(BMS_STATE_PROTECTION);
  bench.set_current_mA(5000);
  bench.run_ms(10 * kGrace_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  EXPECT_TRUE(bench.are_gates(true, true)) << "the body diode is spared";
}

TEST(Off, by_another_rule_that_opens_the_supply) {
  Empty bench;
  bench.turn_on();
  bench.set_cells_mV(3700);
  bench.steps_until(BMS_STATE_SHUTDOWN);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_RULE));
}

TEST(Off, by_a_failure_at_once_even_while_it_is_charged) {
  ButtonBench bench;
  bench.config.rules[BMS_RULE_CELL_ZERO] = make_rule(600, 700, 500, 800);
  bench.config.rules[BMS_RULE_CELL_ZERO].opens = BMS_OPENS_SUPPLY;
  bench.config.rules[BMS_RULE_CELL_ZERO].is_failure = true;
  bench.turn_on();
  bench.set_current_mA(5000);
  bench.set_cell_mV(0, 10);
  bench.run_ms(1000);
  EXPECT_NE(bench.out.report.state, BMS_STATE_SHUTDOWN);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_FAILURE));
  EXPECT_TRUE(is_dark(bench));
}

TEST(Off, by_a_finding_that_opens_the_supply) {
  ButtonBench bench;
  bench.config.sequence.inverter_lost_ms = 5000;
  bench.config.failures[BMS_FAILURE_INVERTER_LOST] = {true, false, 0, BMS_OPENS_SUPPLY, 0};
  bench.turn_on();
  bench.set_current_mA(5000);
  bench.run_ms(5002);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_FAILURE));
}

TEST(Off, a_stack_that_is_back_while_it_is_fed_is_back_by_itself) {
  for (const bool is_back : {false, true}) {
    ButtonBench bench;
    bench.config.sequence.supply_low_mV = 35000;
    bench.config.sequence.supply_back_mV = 40000;
    bench.config.rules[BMS_RULE_CELL_UV] = {};
    bench.config.rules[BMS_RULE_PACK_UV] = {};
    bench.turn_on();
    bench.set_cells_mV(2000);
    bench.set_stack_mV(32000);
    bench.step();
    ASSERT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
    bench.in.wake = BMS_WAKE_CHARGER;
    if (is_back) bench.set_stack_mV(40000);
    bench.step();
    EXPECT_TRUE(
        bench.is_in(BMS_STATE_SELF_TEST, is_back ? BMS_REASON_RELEASE : BMS_REASON_CHARGER));
  }
}

}  // namespace
}  // namespace bms_test
