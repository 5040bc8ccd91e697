// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

class Buttons : public testing::Test {
 protected:
  core_t core{};
  bms_inputs_t in{};

  void step(uint32_t down) {
    in.buttons = down;
    ++core.out.report.uptime_ms;
    bms_watch_buttons(&core, &in);
  }
};

TEST_F(Buttons, are_pressed_and_released_for_one_step) {
  step(BMS_BUTTON_RESET);
  EXPECT_EQ(core.buttons.pressed, static_cast<uint32_t>(BMS_BUTTON_RESET));
  EXPECT_EQ(core.buttons.released, 0u);
  step(BMS_BUTTON_RESET);
  EXPECT_EQ(core.buttons.pressed, 0u);
  EXPECT_EQ(core.buttons.down, static_cast<uint32_t>(BMS_BUTTON_RESET));
  step(0);
  EXPECT_EQ(core.buttons.released, static_cast<uint32_t>(BMS_BUTTON_RESET));
  step(0);
  EXPECT_EQ(core.buttons.released, 0u);
}

TEST_F(Buttons, know_how_long_each_of_them_is_held) {
  step(BMS_BUTTON_POWER);
  for (int i = 0; i < 50; ++i) step(BMS_BUTTON_POWER | BMS_BUTTON_WAKE);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_POWER), 50u);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_WAKE), 49u);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_RESET), 0u);
  step(BMS_BUTTON_WAKE);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_POWER), 51u);
  step(BMS_BUTTON_WAKE);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_POWER), 0u) << "released long ago";
}

TEST_F(Buttons, held_at_power_up_count_as_pressed_then) {
  step(BMS_BUTTON_SWITCH);
  EXPECT_EQ(core.buttons.pressed, static_cast<uint32_t>(BMS_BUTTON_SWITCH));
  step(BMS_BUTTON_SWITCH);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_SWITCH), 1u);
}

TEST_F(Buttons, that_nobody_knows_touch_nothing) {
  step(BMS_BUTTON_WAKE);
  step(UINT32_MAX);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_WAKE), 1u);
  EXPECT_EQ(bms_held_ms(&core, BMS_BUTTON_RESET), 0u);
  EXPECT_EQ(core.measured.fresh, 0u);
}

}  // namespace
}  // namespace bms_test
