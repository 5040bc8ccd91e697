// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// When the panel is drawn, and its shows from the first to the last millisecond.
#include <array>

#include "panel_bench.hpp"

namespace bms_test {
namespace {

constexpr int kTick_ms = 10;
constexpr uint32_t kIdle = BMS_LED_RUN | BMS_LED_SOC1 | BMS_LED_SOC2 | BMS_LED_SOC3;

// Seven lamps for 150 ms each, then three flashes of 300 ms in 600 ms.
TEST(PanelTimes, a_show_keeps_its_times) {
  constexpr std::array<uint32_t, 7> order = {BMS_LED_RUN,  BMS_LED_ALARM, BMS_LED_SOC1,
                                             BMS_LED_SOC2, BMS_LED_SOC3,  BMS_LED_SOC4,
                                             BMS_LED_ERROR};
  const uint32_t all = lamps(BMS_LED_RUN, BMS_LED_ALARM, BMS_LED_ERROR, kSocLamps);
  PanelBench bench(telecom());
  bench.press_ms(BMS_BUTTON_RESET, 10);
  for (int i = 1; i < 5000; ++i) {
    bench.step();
    const auto at_ms = static_cast<std::size_t>(i / kTick_ms * kTick_ms);
    const uint32_t flash = (at_ms - 1050) % 600 < 300 ? all : 0;
    const uint32_t lit = at_ms < 1050 ? order[at_ms / 150] : at_ms < 2850 ? flash : kIdle;
    ASSERT_EQ(bench.core.out.leds, lit) << i;
  }
}

TEST(PanelTimes, a_show_may_end_with_the_buzzer) {
  PanelBench bench(telecom());
  bench.config.panel.shows[BMS_SHOW_SELF_TEST] = {
      lamps(BMS_LED_RUN, BMS_PANEL_BUZZER), 100, true, {100, 50, 0, 1}};
  bench.press_ms(BMS_BUTTON_RESET, 10);
  for (int i = 1; i < 1000; ++i) {
    bench.step();
    const int at_ms = i / kTick_ms * kTick_ms;
    ASSERT_EQ(bench.core.out.buzzer, at_ms >= 100 && at_ms < 250) << i;
    const uint32_t run = at_ms < 100 || (at_ms >= 200 && at_ms < 250) ? BMS_LED_RUN : 0;
    ASSERT_EQ(bench.core.out.leds, at_ms < 300 ? run : kIdle) << i;
  }
}

// A lamp that flickers every other millisecond is lit whenever somebody looks at it.
TEST(PanelTimes, it_is_drawn_every_ten_milliseconds_however_much_is_wrong) {
  PanelBuilder builder;
  builder.row(BMS_LED_ALARM, {2, 1, 0, 0});
  PanelBench bench(builder.panel);
  bench.report().state = BMS_STATE_FAILURE;
  bench.report().failures = UINT64_MAX;
  bench.report().protections = UINT32_MAX;
  bench.report().warnings = 1;
  bench.report().limitings = 2;
  for (int i = 0; i < 200; ++i) {
    bench.step();
    ASSERT_TRUE(bench.is_lit(BMS_LED_ALARM)) << i;
  }
}

TEST(PanelTimes, it_is_drawn_at_once_when_the_state_changes) {
  PanelBench bench(*bms_default_panel());
  bench.watch(0, 13);
  bench.report().state = BMS_STATE_PROTECTION;
  bench.step();
  EXPECT_EQ(bench.core.out.leds, static_cast<uint32_t>(BMS_LED_ALARM));
  EXPECT_TRUE(bench.core.out.buzzer);
}

}  // namespace
}  // namespace bms_test
