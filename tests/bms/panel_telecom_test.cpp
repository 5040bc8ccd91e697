// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The panel with a read-out: fault matrix TEL-*.
#include "panel_bench.hpp"

namespace bms_test {
namespace {

// TEL-L1.
TEST(PanelOfTelecom, run_tells_idle_charge_discharge_and_full_apart) {
  PanelBench bench(telecom());
  EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
  bench.set_current_mA(20000);
  EXPECT_EQ(shown(bench, BMS_LED_RUN), flashing(2000));
  bench.set_current_mA(-20000);
  EXPECT_EQ(shown(bench, BMS_LED_RUN), flashing(500));
  bench.report().is_full = true;
  bench.report().soc_permille = 1000;
  bench.set_current_mA(600);
  EXPECT_EQ(shown(bench, BMS_LED_RUN), kAlways);
  EXPECT_TRUE(bench.is_lit(kSocLamps));
}

// TEL-L2.
TEST(PanelOfTelecom, flashes_the_lamp_of_the_band_in_charge) {
  for (int band = 0; band < 4; ++band) {
    PanelBench bench(telecom());
    bench.set_current_mA(20000);
    for (const int soc_permille : {250 * band, 250 * band + 249}) {
      bench.report().soc_permille = static_cast<uint16_t>(soc_permille);
      for (int lamp = 0; lamp < 4; ++lamp) {
        const Rhythm wanted = lamp < band ? kAlways : lamp == band ? flashing(2000) : kNever;
        EXPECT_EQ(shown(bench, BMS_LED_SOC1 << lamp), wanted) << soc_permille << " " << lamp;
      }
    }
  }
}

// TEL-W, TEL-P.
TEST(PanelOfTelecom, alarm_flashes_on_warnings_and_is_solid_in_protection) {
  PanelBench bench(telecom());
  bench.report().warnings = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  EXPECT_EQ(shown(bench, BMS_LED_ALARM), flashing(1000));
  bench.report().warnings = 0;
  bench.report().limitings = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  EXPECT_EQ(shown(bench, BMS_LED_ALARM), flashing(1000));
  bench.report().protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  EXPECT_EQ(shown(bench, BMS_LED_ALARM), kAlways);
  EXPECT_EQ(shown(bench, BMS_LED_ERROR), kNever);
  EXPECT_EQ(shown(bench, BMS_PANEL_BUZZER), kNever);
}

// TEL-E1..E6: buzzer bursts in 15 s, flashes of the read-out.
struct ErrorCase {
  uint64_t failures;
  uint32_t protections;
  int beeps;
  int flashes;
};

const ErrorCase kErrors[] = {
    {0, BMS_RULE_BIT(BMS_RULE_SCD), 4, 0},
    {0, BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_LOW), 3, 5},
    {BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE), 0, 2, 1},
    {BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK), 0, 2, 2},
    {BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN), 0, 1, 3},
    {BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED), 0, 1, 4},
    {BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT), 0, 0, 6},
    {BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE), BMS_RULE_BIT(BMS_RULE_SCD), 4, 1},
};

TEST(PanelOfTelecom, error_is_red_and_the_buzzer_counts) {
  for (const ErrorCase& error : kErrors) {
    PanelBench bench(telecom());
    bench.report().state = BMS_STATE_FAILURE;
    bench.report().failures = error.failures;
    bench.report().protections = error.protections;
    EXPECT_EQ(shown(bench, BMS_LED_ERROR), kAlways);
    EXPECT_EQ(shown(bench, BMS_PANEL_BUZZER).lit_ms, 4 * error.beeps * 250) << error.failures;
  }
}

TEST(PanelOfTelecom, reset_held_for_a_second_reads_the_code_out) {
  for (const ErrorCase& error : kErrors) {
    if (error.flashes == 0) continue;
    PanelBench bench(telecom());
    bench.report().state = BMS_STATE_FAILURE;
    bench.report().failures = error.failures;
    bench.report().protections = error.protections & ~BMS_RULE_BIT(BMS_RULE_SCD);
    bench.report().uptime_ms = 70000;  // between two bursts of the buzzer
    bench.press_ms(BMS_BUTTON_RESET, 999);
    EXPECT_TRUE(bench.is_lit(BMS_LED_ERROR)) << "too short a press";
    EXPECT_EQ(bench.watch(BMS_LED_ERROR, 500).flashes, 0);
    bench.press_ms(BMS_BUTTON_RESET, 1000);
    EXPECT_TRUE(bench.core.out.buzzer);
    const int duration_ms = error.flashes * 600 + 1500;
    const Rhythm rhythm = bench.watch(BMS_LED_ERROR, duration_ms - 20);
    EXPECT_NEAR(rhythm.lit_ms, error.flashes * 300, 12) << error.flashes;
    EXPECT_TRUE(bench.is_lit(BMS_LED_RUN));
    EXPECT_FALSE(bench.is_lit(BMS_LED_SOC1));
    bench.watch(BMS_LED_ERROR, 40);
    EXPECT_EQ(bench.watch(BMS_LED_ERROR, 5000).lit_ms, 5000) << "back to steady";
    EXPECT_TRUE(bench.is_lit(BMS_LED_SOC1));
  }
}

TEST(PanelOfTelecom, reads_several_codes_out_in_turn) {
  PanelBench bench(telecom());
  bench.report().state = BMS_STATE_FAILURE;
  bench.report().failures =
      BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT);
  bench.press_ms(BMS_BUTTON_RESET, 1500);
  EXPECT_NEAR(bench.watch(BMS_LED_ERROR, 2 * 600 + 1500 - 20).lit_ms, 2 * 300, 12);
  EXPECT_NEAR(bench.watch(BMS_LED_ERROR, 6 * 600 + 1500).lit_ms, 6 * 300, 30);
  bench.watch(BMS_LED_ERROR, 40);
  EXPECT_EQ(bench.watch(BMS_LED_ERROR, 3000).lit_ms, 3000);
}

TEST(PanelOfTelecom, a_press_of_three_seconds_is_no_read_out) {
  PanelBench bench(telecom());
  bench.report().failures = BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN);
  bench.press_ms(BMS_BUTTON_RESET, 3000);
  EXPECT_EQ(bench.watch(BMS_LED_ERROR, 2000).lit_ms, 2000);
  bench.press_ms(BMS_BUTTON_POWER, 1500);
  EXPECT_EQ(bench.watch(BMS_LED_ERROR, 2000).lit_ms, 2000);
}

// TEL-L3.
TEST(PanelOfTelecom, runs_its_lamps_and_flashes_them_three_times) {
  const uint32_t order[] = {BMS_LED_RUN,  BMS_LED_ALARM, BMS_LED_SOC1, BMS_LED_SOC2,
                            BMS_LED_SOC3, BMS_LED_SOC4,  BMS_LED_ERROR};
  const uint32_t all = lamps(BMS_LED_RUN, BMS_LED_ALARM, BMS_LED_ERROR, kSocLamps);
  for (const bool by_button : {false, true}) {
    PanelBench bench(telecom());
    bench.step();
    if (by_button)
      bench.press_ms(BMS_BUTTON_RESET, 100);
    else
      bench.report().state = BMS_STATE_SELF_TEST;
    bench.watch(all, 75);
    bench.report().state = BMS_STATE_STANDBY;  // it is over long before the show
    for (const uint32_t lamp : order) {
      EXPECT_EQ(bench.core.out.leds, lamp);
      bench.watch(all, 150);
    }
    EXPECT_NEAR(bench.watch(all, 3 * 600 - 75).lit_ms, 3 * 300 - 75, 12);
    bench.watch(all, 20);
    EXPECT_EQ(bench.core.out.leds, lamps(BMS_LED_RUN, BMS_LED_SOC1, BMS_LED_SOC2, BMS_LED_SOC3));
  }
}

}  // namespace
}  // namespace bms_test
