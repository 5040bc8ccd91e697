// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Times and windows of one: the shortest that are not off.
#include "sequence_bench.hpp"

namespace bms_test {
namespace {

TEST(Shortest, storage_comes_after_a_millisecond) {
  Bench bench;
  bench.config.sequence.storage_after_ms = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_LT(bench.steps_until(BMS_STATE_STORAGE, 10), 10u);
}

TEST(Shortest, deep_sleep_comes_after_a_millisecond) {
  Bench bench;
  bench.config.sequence.sleep_after_ms = 1;
  bench.factory.soc_permille = 0;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_LT(bench.steps_until(BMS_STATE_DEEP_SLEEP, 10), 10u);
}

TEST(Shortest, silence_is_a_millisecond) {
  Bench bench;
  bench.config.sequence.inverter_silence_ms = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_LT(bench.steps_until(BMS_STATE_SHUTDOWN, 10), 10u);
}

TEST(Shortest, press_switches_off_after_a_millisecond) {
  ButtonBench bench;
  bench.config.sequence.press_off_ms = 1;
  bench.turn_on();
  bench.press(BMS_BUTTON_POWER);
  EXPECT_EQ(bench.steps_until(BMS_STATE_SHUTDOWN, 10), 2u);
}

TEST(Shortest, window_is_a_millivolt_at_the_bottom) {
  ButtonBench bench;
  bench.config.sequence.activation_low_mV = 1;
  bench.config.sequence.activation_high_mV = 1;
  bench.config.sequence.activation_ms = 0;
  bench.set_terminal_mV(1);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_TERMINALS));
}

TEST(Shortest, another_try_comes_as_soon_as_the_contacts_have_opened) {
  ContactBench bench;
  bench.config.sequence.retry_ms = 1;
  bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER] = {true, false, 0, 0, 0};
  bench.is_link_shorted = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  ASSERT_LT(bench.ticks_until(BMS_STATE_FAILURE), 5000u);
  EXPECT_EQ(bench.ticks_until(BMS_STATE_PRECHARGE, 100), ContactBench::kContact_ms + 1);
}

}  // namespace
}  // namespace bms_test
