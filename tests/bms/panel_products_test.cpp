// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The panels of the fault matrix that are not in scenarios/products: for those see tests/sim.
#include "panel_bench.hpp"

namespace bms_test {
namespace {

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

// What a residential pack shows when it goes off, and when it is paired.
bms_panel_config_t with_shows() {
  PanelBuilder builder;
  builder.panel.shows[BMS_SHOW_SHUTDOWN] = {
      lamps(BMS_LED_RUN, kSocLamps), 0, true, {500, 250, 0, 3}};
  builder.panel.shows[BMS_SHOW_PAIRED] = {BMS_LED_RUN, 0, false, {500, 250, 0, 5}};
  builder.dark();
  builder.row(lamps(BMS_LED_RUN, BMS_LED_SOC1));
  return builder.panel;
}

// RES-L3, RES-L5.
TEST(PanelShows, flickers_five_lamps_three_times_and_goes_dark) {
  PanelBench bench(with_shows());
  bench.step();
  EXPECT_EQ(bench.watch(lamps(BMS_LED_RUN, BMS_LED_SOC1), 2000).lit_ms, 2000)
      << "no other state says good-bye";
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
TEST(PanelShows, flickers_run_five_times_when_paired) {
  PanelBench bench(with_shows());
  bench.step();
  bench.core.bank.is_paired = true;
  const Rhythm rhythm = bench.watch(BMS_LED_RUN, 2500);
  EXPECT_NEAR(rhythm.lit_ms, 5 * 250, 12);
  bench.watch(BMS_LED_RUN, 12);
  EXPECT_TRUE(bench.is_lit(BMS_LED_SOC1));
  EXPECT_EQ(bench.watch(BMS_LED_RUN, 5000).lit_ms, 5000);
}

TEST(PanelOfEachProduct, is_a_valid_configuration) {
  for (const auto& panel :
       {us_tricolour(), dyness_bx(), dyness_tower(), telecom(), *bms_default_panel()}) {
    Bench bench;
    bench.config.panel = panel;
    EXPECT_EQ(bench.power_up().error, BMS_OK) << int{panel.row_count};
  }
}

}  // namespace
}  // namespace bms_test
