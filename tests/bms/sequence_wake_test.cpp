// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Who turns the pack on, and who does not.
#include <string>

#include "sequence_bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kPressOn_ms = 2000, kActivation_ms = 200, kNotMeant_ms = 500, kBounce_ms = 20;

TEST(Wake, a_pack_without_buttons_is_on_as_long_as_there_is_supply) {
  Bench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.fresh = 0;
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_POWER_ON));
  EXPECT_TRUE(bench.out.hold_supply);
  bench.in.fresh = kAllFresh;
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_PASSED));
  EXPECT_TRUE(bench.out.hold_supply);
}

TEST(Wake, a_short_touch_of_the_button_is_not_meant) {
  ButtonBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(kPressOn_ms);
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_POWER_ON));
  EXPECT_TRUE(bench.out.hold_supply);
  EXPECT_TRUE(is_dark(bench));
  bench.press(0);
  bench.run_ms(kNotMeant_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_ACTIVATION);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_NOT_MEANT));
  bench.run_ms(kSaving_ms);
  EXPECT_FALSE(bench.out.hold_supply);
}

// What turns a sleeping pack on, and after how long.
struct SourceCase {
  const char* name;
  void (*begin)(Bench&);
  uint32_t delay_ms;
  bms_reason_t reason;

  friend std::ostream& operator<<(std::ostream& stream, const SourceCase& self) {
    return stream << self.name;
  }
};

const SourceCase kSources[] = {
    {"power", [](Bench& b) { b.in.buttons = BMS_BUTTON_POWER; }, kPressOn_ms, BMS_REASON_BUTTON},
    {"wake_button", [](Bench& b) { b.in.buttons = BMS_BUTTON_WAKE; }, kPressOn_ms,
     BMS_REASON_BUTTON},
    {"pins", [](Bench& b) { b.in.wake = BMS_WAKE_PINS; }, kActivation_ms, BMS_REASON_WAKE_PINS},
    {"lowest", [](Bench& b) { b.set_terminal_mV(45000); }, kActivation_ms, BMS_REASON_TERMINALS},
    {"highest", [](Bench& b) { b.set_terminal_mV(60000); }, kActivation_ms, BMS_REASON_TERMINALS},
};

class Source : public testing::TestWithParam<SourceCase> {};

TEST_P(Source, turns_on_when_it_lasts) {
  ButtonBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  GetParam().begin(bench);
  bench.run_ms(GetParam().delay_ms);
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_POWER_ON));
  EXPECT_TRUE(is_dark(bench));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, GetParam().reason));
  EXPECT_TRUE(is_dark(bench));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_PASSED));
}

TEST_P(Source, turns_a_pack_on_that_is_off_but_still_fed) {
  ButtonBench bench;
  bench.turn_on();
  bench.turn_off();
  GetParam().begin(bench);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, GetParam().reason));
  EXPECT_TRUE(bench.out.hold_supply);
  EXPECT_EQ(bench.steps_until(BMS_STATE_SELF_TEST), GetParam().delay_ms);
}

TEST_P(Source, falls_back_to_sleep_when_it_ends_too_soon) {
  ButtonBench bench;
  bench.turn_on();
  bench.turn_off();
  GetParam().begin(bench);
  bench.run_ms(GetParam().delay_ms);
  bench.in.buttons = 0;
  bench.in.wake = 0;
  bench.set_terminal_mV(0);
  EXPECT_EQ(bench.steps_until(BMS_STATE_OFF), kNotMeant_ms + 1);
  EXPECT_EQ(bench.out.report.reason, BMS_REASON_NOT_MEANT);
  bench.run_ms(10000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_OFF);
}

INSTANTIATE_TEST_SUITE_P(Each, Source, testing::ValuesIn(kSources),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Wake, nothing_happens_at_a_voltage_outside_the_window) {
  for (const uint32_t mV : {44999u, 60001u}) {
    ButtonBench bench;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.set_terminal_mV(mV);
    bench.in.wake = BMS_WAKE_CHARGER;
    EXPECT_EQ(bench.steps_until(BMS_STATE_OFF), kNotMeant_ms + 1) << mV;
    bench.run_ms(60000);
    EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_NOT_MEANT)) << mV;
    EXPECT_FALSE(bench.out.hold_supply);
  }
}

TEST(Wake, a_window_may_be_a_single_millivolt) {
  ButtonBench bench;
  bench.config.sequence.activation_low_mV = bench.config.sequence.activation_high_mV = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_terminal_mV(1);
  bench.run_ms(kActivation_ms + 1);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_TERMINALS));
  bench.is_shorted = true;
  bench.run_ms(10);
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(2000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION) << "somebody feeds it";
}

TEST(Wake, a_voltage_counts_only_once_it_was_measured) {
  ButtonBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.config.sequence.activation_low_mV = 0;
  bench.in.fresh = BMS_FRESH_CURRENT;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_EQ(bench.steps_until(BMS_STATE_OFF), kNotMeant_ms + 1);
}

TEST(Wake, what_was_there_on_falling_asleep_must_go_away_first) {
  ButtonBench bench;
  bench.turn_on();
  bench.press(BMS_BUTTON_POWER);
  bench.steps_until(BMS_STATE_SHUTDOWN);
  bench.set_terminal_mV(50000);  // the link keeps its charge
  bench.steps_until(BMS_STATE_OFF);
  bench.run_ms(10000);
  EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_BUTTON));
  bench.press(0);
  bench.set_terminal_mV(44000);
  bench.step();
  bench.set_terminal_mV(50000);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_TERMINALS));
}

class Toggle : public Bench {
 public:
  Toggle() {
    config.sequence.has_switch = true;
    config.sequence.not_meant_ms = 500;
  }
};

TEST(Wake, a_toggle_turns_on_and_off_once_it_has_stopped_bouncing) {
  Toggle bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.buttons = BMS_BUTTON_SWITCH;
  bench.run_ms(kBounce_ms);
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_POWER_ON));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_SWITCH));
  bench.run_ms(1000);
  bench.in.buttons = 0;
  bench.run_ms(kBounce_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SHUTDOWN, BMS_REASON_SWITCH));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_OFF, BMS_REASON_SWITCH));
  bench.step();
  bench.in.buttons = BMS_BUTTON_SWITCH;
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_SWITCH));
}

TEST(Wake, a_toggle_that_is_off_overrules_every_other_source) {
  Toggle bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.buttons = BMS_BUTTON_WAKE;
  bench.in.wake = BMS_WAKE_PINS | BMS_WAKE_CHARGER;
  EXPECT_EQ(bench.steps_until(BMS_STATE_OFF), kNotMeant_ms + 1);
}

TEST(Wake, without_a_window_a_charger_wakes) {
  Toggle bench;
  bench.config.sequence.storage_after_ms = 1000;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.buttons = BMS_BUTTON_SWITCH;
  bench.steps_until(BMS_STATE_STORAGE);
  bench.run_ms(100);
  bench.in.wake = BMS_WAKE_CHARGER;
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_CHARGER));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_CHARGER));
}

TEST(Wake, the_button_is_the_reason_where_two_sources_are_meant_at_once) {
  ButtonBench bench;
  bench.config.sequence.press_on_ms = kActivation_ms;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.buttons = BMS_BUTTON_POWER;
  bench.in.wake = BMS_WAKE_PINS;
  bench.run_ms(kActivation_ms + 1);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_BUTTON));
}

}  // namespace
}  // namespace bms_test
