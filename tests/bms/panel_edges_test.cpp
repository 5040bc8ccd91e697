// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The panel to the millisecond, the milliampere and the permille.
#include "panel_bench.hpp"

namespace bms_test {
namespace {

TEST(PanelEdges, flags_change_beyond_idle_and_with_the_age_of_a_frame) {
  PanelBuilder builder;
  builder.panel.com_ms = 500;
  builder.flagged(BMS_PANEL_CHARGING, BMS_LED_SOC1);
  builder.flagged(BMS_PANEL_DISCHARGING, BMS_LED_SOC2);
  builder.flagged(BMS_PANEL_IDLE, BMS_LED_SOC3);
  builder.flagged(BMS_PANEL_FULL, BMS_LED_SOC4);
  builder.flagged(BMS_PANEL_NOT_FULL, BMS_LED_SOC5);
  builder.flagged(BMS_PANEL_COM, BMS_LED_COM);
  const std::pair<int32_t, uint32_t> rows[] = {{-501, BMS_LED_SOC2},
                                               {-500, BMS_LED_SOC3},
                                               {500, BMS_LED_SOC3},
                                               {501, BMS_LED_SOC1},
                                               {0, BMS_LED_SOC3}};
  for (const auto& [current_mA, lamp] : rows) {
    PanelBench bench(builder.panel);
    bench.set_current_mA(current_mA);
    bench.step();
    EXPECT_EQ(bench.core.out.leds, lamp | BMS_LED_SOC5) << current_mA;
    bench.report().is_full = true;
    bench.watch(0, 10);
    EXPECT_EQ(bench.core.out.leds, lamp | BMS_LED_SOC4) << current_mA;
  }
  PanelBench bench(builder.panel);
  ++bench.in.bus.inverter_frames;
  for (int i = 0; i < 1000; ++i) {
    bench.step();
    ASSERT_EQ(bench.is_lit(BMS_LED_COM), i < 500) << i;
  }
}

// Rows are drawn anew only when their rhythms have an edge: here one that no flash has.
TEST(PanelEdges, a_cycle_begins_anew_wherever_it_ends) {
  PanelBuilder builder;
  builder.row(BMS_LED_SOC1).pattern = {500, 250, 1230, 2};
  PanelBench bench(builder.panel);
  bench.report().uptime_ms = 0;
  for (int i = 0; i < 10000; ++i) {
    bench.step();
    const int at_ms = i / 10 * 10 % 1230;
    ASSERT_EQ(bench.is_lit(BMS_LED_SOC1), at_ms < 250 || (at_ms >= 500 && at_ms < 750)) << i;
  }
}

TEST(PanelEdges, rows_hold_from_the_first_to_below_the_last_permille) {
  PanelBuilder builder;
  bms_panel_row_t& row = builder.row(BMS_LED_SOC1);
  row.soc_from_permille = 300;
  row.soc_below_permille = 400;
  builder.above(1000, BMS_LED_SOC2);
  builder.row(BMS_LED_SOC3).soc_below_permille = 1;
  const std::pair<uint16_t, uint32_t> rows[] = {
      {0, BMS_LED_SOC3},   {1, 0},   {299, 0}, {300, BMS_LED_SOC1},
      {399, BMS_LED_SOC1}, {400, 0}, {999, 0}, {1000, BMS_LED_SOC2}};
  for (const auto& [soc_permille, lamp] : rows) {
    PanelBench bench(builder.panel);
    bench.report().soc_permille = soc_permille;
    bench.step();
    EXPECT_EQ(bench.core.out.leds, lamp) << soc_permille;
  }
}

TEST(PanelEdges, rows_hold_for_any_of_their_alarms_and_each_kind_for_itself) {
  PanelBuilder builder;
  bms_panel_row_t& row = builder.row(BMS_LED_ALARM);
  row.failures = BMS_FAILURE_BIT(BMS_FAILURE_SUM);
  row.protections = BMS_RULE_BIT(BMS_RULE_OTC);
  row.warnings = BMS_RULE_BIT(BMS_RULE_UTC);
  const struct {
    uint64_t failures;
    uint32_t protections, warnings, limitings;
    bool is_lit;
  } rows[] = {{0, 0, 0, 0, false},
              {row.failures, 0, 0, 0, true},
              {0, row.protections, 0, 0, true},
              {0, 0, row.warnings, 0, true},
              {0, 0, 0, row.warnings, true},
              {~row.failures, ~row.protections, ~row.warnings, ~row.warnings, false}};
  for (const auto& given : rows) {
    PanelBench bench(builder.panel);
    bench.step();
    EXPECT_FALSE(bench.is_lit(BMS_LED_ALARM));
    bench.report().failures = given.failures;
    bench.report().protections = given.protections;
    bench.report().warnings = given.warnings;
    bench.report().limitings = given.limitings;
    bench.step();  // at once, not with the next tick
    EXPECT_EQ(bench.is_lit(BMS_LED_ALARM), given.is_lit) << &given - rows;
  }
}

// One flash of 600 ms and 1.5 s of pause for code 1, two and a pause for code 2.
TEST(PanelEdges, a_read_out_keeps_its_times) {
  PanelBench bench(telecom());
  bench.report().state = BMS_STATE_FAILURE;
  bench.report().failures =
      BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE) | BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK);
  bench.report().uptime_ms = 75000;  // a second later the bursts of the buzzer are over
  bench.press_ms(BMS_BUTTON_RESET, 2000);
  for (int i = 1; i < 6000; ++i) {
    bench.step();
    const int tick = i / 10 * 10;
    const int into = tick < 2100 ? tick : tick - 2100;
    const bool is_flash = into % 600 < 300 && into < (tick < 2100 ? 600 : 1200);
    ASSERT_EQ(bench.is_lit(BMS_LED_ERROR), tick >= 4800 || is_flash) << i;
    ASSERT_EQ(bench.is_lit(BMS_LED_SOC1), tick >= 4800) << i;
    ASSERT_TRUE(bench.is_lit(BMS_LED_RUN)) << i;
    if (tick < 4800) ASSERT_EQ(bench.core.out.buzzer, tick < 200) << i;
  }
}

TEST(PanelEdges, a_read_out_wants_a_press_between_its_bounds) {
  const std::pair<int, bool> rows[] = {{1, false}, {2, true}, {9, true}, {10, false}};
  for (const auto& [held_ms, is_read_out] : rows) {
    PanelBench bench(telecom());
    bench.config.panel.reset_shows_self_test = false;
    bench.config.panel.readout.press_ms = 2;
    bench.config.panel.readout.press_below_ms = 10;
    bench.report().failures = BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE);
    bench.press_ms(BMS_BUTTON_RESET, held_ms);
    bench.watch(0, 10);
    EXPECT_EQ(!bench.is_lit(BMS_LED_SOC1), is_read_out) << held_ms;
  }
  PanelBench bench(telecom());
  bench.config.panel.readout.press_ms = 1;
  bench.report().failures = BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE);
  bench.press_ms(BMS_BUTTON_RESET, 1);
  bench.watch(0, 10);
  EXPECT_FALSE(bench.is_lit(BMS_LED_SOC1));
}

TEST(PanelEdges, shows_nothing_before_there_was_a_reason) {
  PanelBench bench(telecom());
  bench.report().uptime_ms = 0;
  bench.report().state = BMS_STATE_ACTIVATION;
  for (int i = 0; i < 3000; ++i) {
    bench.step();
    ASSERT_EQ(bench.core.out.leds, 0u) << i;
  }
}

TEST(PanelEdges, a_show_without_lamps_is_none) {
  PanelBench bench(telecom());
  bench.config.panel.shows[BMS_SHOW_SELF_TEST] = {0, 0, true, {500, 250, 0, 3}};
  bench.press_ms(BMS_BUTTON_RESET, 10);
  EXPECT_EQ(bench.watch(BMS_LED_SOC1, 1000).lit_ms, 1000);
}

// After two hundred periods: one that is off by a millisecond is off by a fifth of a second.
TEST(PanelEdges, the_default_flashes_with_its_exact_periods) {
  const struct {
    uint32_t lamp, period_ms;
    int32_t current_mA;
  } rows[] = {{BMS_LED_RUN, 3500, 0},
              {BMS_LED_RUN, 1500, -20000},
              {BMS_LED_SOC3, 1500, 20000},
              {BMS_LED_ALARM, 1500, 0}};
  for (const auto& row : rows) {
    const auto is_lit_at = [&](uint32_t uptime_ms) {
      PanelBench bench(*bms_default_panel());
      bench.set_current_mA(row.current_mA);
      bench.report().warnings = 1;
      bench.report().uptime_ms = uptime_ms;
      bench.step();
      return bench.is_lit(row.lamp);
    };
    const uint32_t begin_ms = 200 * row.period_ms;
    EXPECT_FALSE(is_lit_at(begin_ms - 1)) << row.lamp;
    EXPECT_TRUE(is_lit_at(begin_ms)) << row.lamp;
    EXPECT_TRUE(is_lit_at(begin_ms + 499)) << row.lamp;
    EXPECT_FALSE(is_lit_at(begin_ms + 500)) << row.lamp;
  }
}

}  // namespace
}  // namespace bms_test
