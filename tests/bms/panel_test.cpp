// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kBar = BMS_LED_SOC1 | BMS_LED_SOC2 | BMS_LED_SOC3 | BMS_LED_SOC4;

// How often a lamp goes on in a minute; -1 when it never changes and is lit.
int flashes_per_42_s(Bench& bench, uint32_t led) {
  int flashes = 0;
  bool is_always_lit = true;
  bool was_lit = (bench.out.leds & led) != 0;
  for (int i = 0; i < 42000; ++i) {
    bench.step();
    const bool is_lit = (bench.out.leds & led) != 0;
    flashes += is_lit && !was_lit;
    is_always_lit = is_always_lit && is_lit;
    was_lit = is_lit;
  }
  return is_always_lit ? -1 : flashes;
}

// Fault matrix PYL-L1..L3.
TEST(Panel, run_tells_charge_standby_and_discharge_apart) {
  Bench bench;
  bench.start();
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_RUN), 12);  // 3.5 s
  bench.set_current_mA(-20000);
  bench.step();
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_RUN), 28);  // 1.5 s
  bench.set_current_mA(20000);
  bench.step();
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_RUN), -1);
  EXPECT_FALSE(bench.out.leds & BMS_LED_ALARM);
  EXPECT_FALSE(bench.out.buzzer);
}

// PYL-L4.
TEST(Panel, alarm_flashes_on_a_warning_while_everything_goes_on) {
  Bench bench;
  bench.start();
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_ALARM), 0);
  bench.set_cell_mV(0, 3560);
  bench.run_ms(1000);
  ASSERT_TRUE(bench.is_warning(BMS_RULE_CELL_OV));
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_ALARM), 28);
  EXPECT_NE(bench.out.leds & kBar, 0u);
  EXPECT_FALSE(bench.out.buzzer);
}

// PYL-L5.
TEST(Panel, protection_lights_alarm_alone_and_sounds_the_buzzer) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3660);
  bench.run_ms(1001);
  for (int i = 0; i < 5000; ++i) {
    bench.step();
    ASSERT_EQ(bench.out.leds, static_cast<uint32_t>(BMS_LED_ALARM));
    ASSERT_TRUE(bench.out.buzzer);
  }
}

TEST(Panel, shows_one_soc_lamp_for_each_started_quarter) {
  const struct {
    uint16_t soc_permille;
    uint32_t lamps;
  } rows[] = {{0, 0},
              {1, BMS_LED_SOC1},
              {250, BMS_LED_SOC1},
              {251, BMS_LED_SOC1 | BMS_LED_SOC2},
              {500, BMS_LED_SOC1 | BMS_LED_SOC2},
              {750, BMS_LED_SOC1 | BMS_LED_SOC2 | BMS_LED_SOC3},
              {751, kBar},
              {1000, kBar}};
  for (const auto& row : rows) {
    Bench bench;
    bench.factory.soc_permille = row.soc_permille;
    bench.start();
    EXPECT_EQ(bench.out.leds & kBar, row.lamps) << row.soc_permille;
  }
}

TEST(Panel, flashes_the_highest_soc_lamp_in_charge) {
  Bench bench;
  bench.factory.soc_permille = 600;
  bench.start();
  bench.set_current_mA(10000);
  bench.step();
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_SOC3), 28);
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_SOC2), -1);
  EXPECT_EQ(flashes_per_42_s(bench, BMS_LED_SOC4), 0);
}

TEST(Panel, flashes_no_soc_lamp_when_charging_an_empty_pack) {
  Bench bench;
  bench.factory.soc_permille = 0;
  bench.start();
  bench.set_current_mA(600);
  for (int i = 0; i < 3000; ++i) {
    bench.step();
    ASSERT_EQ(bench.out.leds & ~static_cast<uint32_t>(BMS_LED_ALARM),
              static_cast<uint32_t>(BMS_LED_RUN));
  }
}

TEST(Panel, is_dark_in_the_self_test) {
  Bench bench;
  bench.in.fresh = BMS_FRESH_CURRENT;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (int i = 0; i < 5000; ++i) {
    bench.step();
    ASSERT_EQ(bench.out.leds, 0u);
  }
}

}  // namespace
}  // namespace bms_test
