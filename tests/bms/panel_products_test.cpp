// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Every product's panel, row by row of the fault matrix.
#include "panel_bench.hpp"

namespace bms_test {
namespace {

// A lamp that is lit at the beginning of the minute does not begin to be lit there.
Rhythm shown(PanelBench& bench, uint32_t lamp) {
  Rhythm rhythm = bench.watch_a_minute(lamp);
  if (rhythm.lit_ms == 60000) rhythm.flashes = 0;
  return rhythm;
}

TEST(PanelOfPylontech, has_no_buzzer) {
  PanelBench bench(pylontech_us());
  bench.report().state = BMS_STATE_PROTECTION;
  bench.step();
  EXPECT_EQ(bench.core.out.leds, static_cast<uint32_t>(BMS_LED_ALARM));
  EXPECT_FALSE(bench.core.out.buzzer);
}

TEST(PanelOfTricolour, shows_one_colour_at_a_time) {
  PanelBench bench(us_tricolour());
  EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
  for (const int32_t current_mA : {5000, -5000}) {
    bench.set_current_mA(current_mA);
    EXPECT_EQ(shown(bench, BMS_LED_RUN), flashing(1000));
  }
  bench.report().warnings = BMS_RULE_BIT(BMS_RULE_SPREAD);
  bench.step();
  EXPECT_EQ(bench.core.out.leds, static_cast<uint32_t>(BMS_LED_ALARM));
  bench.report().state = BMS_STATE_PROTECTION;
  bench.step();
  EXPECT_EQ(bench.core.out.leds, static_cast<uint32_t>(BMS_LED_ERROR));
}

// DYN-L1.
TEST(PanelOfDynessBx, tells_full_alarm_and_bus) {
  PanelBench bench(dyness_bx());
  EXPECT_EQ(shown(bench, BMS_LED_RUN), flashing(1000));
  EXPECT_EQ(bench.core.out.leds & kSocLamps, lamps(BMS_LED_SOC1, BMS_LED_SOC2, BMS_LED_SOC3));
  bench.report().is_full = true;
  EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
  bench.report().state = BMS_STATE_PROTECTION;
  EXPECT_EQ(shown(bench, BMS_LED_ALARM), kAlways);
  EXPECT_TRUE(bench.core.out.buzzer);
}

TEST(PanelOfDynessBx, lights_com_while_the_inverter_talks) {
  PanelBench bench(dyness_bx());
  EXPECT_EQ(bench.watch(BMS_LED_COM, 100).lit_ms, 0);
  ++bench.in.bus.inverter_frames;
  EXPECT_NEAR(bench.watch(BMS_LED_COM, 10000).lit_ms, 5000, 10);
  for (int i = 0; i < 10; ++i) {
    ++bench.in.bus.inverter_frames;
    EXPECT_GE(bench.watch(BMS_LED_COM, 1000).lit_ms, 990);
  }
}

TEST(PanelOfDynessTower, tells_the_module_error_of_each_failure) {
  const struct {
    bms_failure_t failure;
    int code;
  } rows[] = {{BMS_FAILURE_NTC_BROKEN, 1},   {BMS_FAILURE_DISCHARGE_MOSFET_OPEN, 5},
              {BMS_FAILURE_BREAKER, 6},      {BMS_FAILURE_ADDRESS, 7},
              {BMS_FAILURE_MEMBER_LOST, 8},  {BMS_FAILURE_SERIAL, 9},
              {BMS_FAILURE_MASTER_LOST, 10}, {BMS_FAILURE_VERSION, 11},
              {BMS_FAILURE_TWO_MASTERS, 12}, {BMS_FAILURE_SHUNT, 0}};
  for (const auto& row : rows) {
    PanelBench bench(dyness_tower());
    bench.report().failures = BMS_FAILURE_BIT(row.failure);
    bench.step();
    EXPECT_EQ(bench.report().error_code, row.code) << bms_failure_name(row.failure);
    bench.report().failures = 0;
    bench.step();
    EXPECT_EQ(bench.report().error_code, 0);
  }
}

TEST(PanelOfDynessTower, tells_the_first_of_several_errors) {
  PanelBench bench(dyness_tower());
  bench.report().failures =
      BMS_FAILURE_BIT(BMS_FAILURE_VERSION) | BMS_FAILURE_BIT(BMS_FAILURE_BREAKER);
  bench.step();
  EXPECT_EQ(bench.report().error_code, 6);
}

// RES-L1. Periods of LED1..LED4 in ms; 0: dark, 1: lit.
TEST(PanelOfResidential, flashes_in_charge_with_the_periods_of_each_band) {
  const struct {
    uint16_t soc_permille;
    int periods_ms[4];
  } rows[] = {{0, {1000, 0, 0, 0}},
              {259, {1000, 0, 0, 0}},
              {260, {2000, 1000, 0, 0}},
              {509, {2000, 1000, 0, 0}},
              {510, {3000, 2000, 1000, 0}},
              {759, {3000, 2000, 1000, 0}},
              {760, {4000, 3000, 2000, 1000}},
              {999, {4000, 3000, 2000, 1000}},
              {1000, {1, 1, 1, 1}}};
  for (const auto& row : rows) {
    PanelBench bench(residential());
    bench.set_current_mA(20000);
    bench.report().state = BMS_STATE_CHARGE;
    bench.report().soc_permille = row.soc_permille;
    for (int i = 0; i < 4; ++i) {
      const int period_ms = row.periods_ms[i];
      const Rhythm wanted = period_ms == 0   ? kNever
                            : period_ms == 1 ? kAlways
                                             : flashing(period_ms);
      EXPECT_EQ(shown(bench, BMS_LED_SOC1 << i), wanted) << row.soc_permille << " " << i;
    }
    EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
    EXPECT_EQ(shown(bench, BMS_LED_ALARM), kNever);
  }
}

// RES-L2, RES-V1.
TEST(PanelOfResidential, shows_the_bands_of_discharge_and_rest) {
  const struct {
    uint16_t soc_permille;
    uint32_t lit;
  } rows[] = {{140, BMS_LED_SOC1},
              {409, BMS_LED_SOC1},
              {410, lamps(BMS_LED_SOC1, BMS_LED_SOC2)},
              {610, lamps(BMS_LED_SOC1, BMS_LED_SOC2, BMS_LED_SOC3)},
              {810, kSocLamps}};
  for (const int32_t current_mA : {0, -20000}) {
    for (const auto& row : rows) {
      PanelBench bench(residential());
      bench.set_current_mA(current_mA);
      bench.report().soc_permille = row.soc_permille;
      bench.step();
      EXPECT_EQ(bench.core.out.leds, row.lit | BMS_LED_RUN) << row.soc_permille;
    }
    PanelBench bench(residential());
    bench.set_current_mA(current_mA);
    bench.report().soc_permille = 139;
    EXPECT_EQ(shown(bench, BMS_LED_SOC1), flashing(1000));
    EXPECT_EQ(shown(bench, BMS_LED_ALARM), flashing(1000));
    EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
  }
}

// RES-L3, RES-L5.
TEST(PanelOfResidential, flickers_five_lamps_three_times_and_goes_dark) {
  PanelBench bench(residential());
  bench.step();
  bench.report().state = BMS_STATE_SHUTDOWN;
  const Rhythm good_bye = bench.watch(lamps(BMS_LED_RUN, kSocLamps), 1500);
  EXPECT_NEAR(good_bye.lit_ms, 3 * 250, 12);
  bench.watch(BMS_LED_RUN, 12);
  for (int i = 0; i < 3000; ++i) {
    bench.step();
    ASSERT_EQ(bench.core.out.leds, 0u);
  }
}

// RES-L6.
TEST(PanelOfResidential, flickers_run_five_times_when_paired) {
  PanelBench bench(residential());
  bench.step();
  bench.core.bank.is_paired = true;
  const Rhythm rhythm = bench.watch(BMS_LED_RUN, 2500);
  EXPECT_NEAR(rhythm.lit_ms, 5 * 250, 12);
  bench.watch(BMS_LED_RUN, 12);
  EXPECT_TRUE(bench.is_lit(BMS_LED_SOC1));
  EXPECT_EQ(bench.watch(BMS_LED_RUN, 5000).lit_ms, 5000);
}

TEST(PanelOfEachProduct, is_a_valid_configuration) {
  for (const auto& panel : {pylontech_us(), us_tricolour(), dyness_bx(), dyness_tower(),
                            residential(), telecom(), *bms_default_panel()}) {
    Bench bench;
    bench.config.panel = panel;
    EXPECT_EQ(bench.power_up().error, BMS_OK) << int{panel.row_count};
  }
}

}  // namespace
}  // namespace bms_test
