// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What ties the supply on, and a BMS that is off because nobody does.
#include "sim/wake_circuit.hpp"

#include <gtest/gtest.h>

#include "scripted_core.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::ScriptedBench;

constexpr WakeCircuit kAll{BMS_BUTTON_POWER | BMS_BUTTON_SWITCH | BMS_BUTTON_WAKE, true, 45.0,
                           60.0};

TEST(WakeCircuit, IsAlwaysOnWhenNothingIsFitted) {
  WakeState state;
  EXPECT_TRUE(ties_on({}, {}, 0, 0, state));
  EXPECT_FALSE(ties_on(kAll, {}, 0, 0, state));
}

TEST(WakeCircuit, IsTiedByAPressedButtonThatItHas) {
  WakeState state;
  EXPECT_TRUE(ties_on(kAll, {BMS_BUTTON_POWER, false}, 0, 0, state));
  EXPECT_TRUE(ties_on(kAll, {BMS_BUTTON_WAKE, false}, 0, 0, state));
  EXPECT_FALSE(ties_on(kAll, {BMS_BUTTON_RESET, false}, 0, 0, state));
  EXPECT_FALSE(ties_on({BMS_BUTTON_WAKE}, {BMS_BUTTON_POWER, false}, 0, 0, state));
}

TEST(WakeCircuit, IsTiedForAMomentByAToggleThatIsMovedToOn) {
  WakeState state;
  const WakeInputs on{BMS_BUTTON_SWITCH, false};
  EXPECT_TRUE(ties_on(kAll, on, 0, 5 * kSecond, state));
  EXPECT_TRUE(ties_on(kAll, on, 0, 5 * kSecond + kSwitchPulse - 1, state));
  EXPECT_FALSE(ties_on(kAll, on, 0, 5 * kSecond + kSwitchPulse, state));
  EXPECT_FALSE(ties_on(kAll, {}, 0, 9 * kSecond, state));
  EXPECT_TRUE(ties_on(kAll, on, 0, 10 * kSecond, state)) << "once more";
  EXPECT_FALSE(ties_on(kAll, {}, 0, 10 * kSecond + 1, state)) << "moved to off";
}

TEST(WakeCircuit, SeesDrivenPinsAndVoltageInItsWindow) {
  const models::PackInputs off;
  EXPECT_EQ(wake_sources(kAll, {0, true}, off, false, 0.0), unsigned{BMS_WAKE_PINS});
  EXPECT_EQ(wake_sources({BMS_BUTTON_POWER}, {0, true}, off, false, 50.0), 0U) << "not fitted";
  const auto sees = [&](double terminal_V) {
    return wake_sources(kAll, {}, off, false, terminal_V) == BMS_WAKE_CHARGER;
  };
  EXPECT_FALSE(sees(44.9));
  EXPECT_TRUE(sees(45.0));
  EXPECT_TRUE(sees(60.0));
  EXPECT_FALSE(sees(60.1));
}

TEST(WakeCircuit, TakesTheTerminalsForThePacksOwnWhileThePathIsDriven) {
  models::PackInputs pins;
  pins.discharge_gate = true;
  EXPECT_EQ(wake_sources(kAll, {}, pins, false, 50.0), 0U);
  EXPECT_EQ(wake_sources(kAll, {}, pins, true, 50.0), unsigned{BMS_WAKE_CHARGER})
      << "behind open relays";
  pins.main_1 = true;
  EXPECT_EQ(wake_sources(kAll, {}, pins, true, 50.0), 0U);
  pins.main_1 = false;
  pins.precharge = true;
  EXPECT_EQ(wake_sources(kAll, {}, pins, true, 50.0), 0U);
}

// ---- in the bench ----

Scenario sleeper() {
  Scenario scenario = free_run();
  scenario.inverter.rs485_poll_period_ns = 2 * kSecond;
  scenario.product.board.wake = {BMS_BUTTON_POWER, true, 45.0, 60.0};
  scenario.initial.is_bms_on = false;
  return scenario;
}

class Sleeper : public ::testing::Test, protected ScriptedBench {
 protected:
  Sleeper() : ScriptedBench(sleeper()) {
    core.out.report.state = BMS_STATE_STANDBY;
    core.out.report.cell_count = 16;
    core.out.report.ntc_count = 4;
    core.out.leds = BMS_LED_RUN;
    core.out.buzzer = true;
    core.out.hold_supply = true;
  }
  bool is_on() const { return bench.state().units[0].supply.is_alive; }
};

TEST_F(Sleeper, IsDarkAndSilentOnBothBuses) {
  run(10 * kSecond);
  EXPECT_FALSE(is_on());
  EXPECT_EQ(core.steps, 0);
  EXPECT_EQ(read(bench, "bms1/led/run"), 0.0);
  EXPECT_EQ(read(bench, "bms1/buzzer"), 0.0);
  EXPECT_EQ(read(bench, "bms1/state"), double{BMS_STATE_OFF});
  EXPECT_EQ(bench.state().can.from_pack, 0U);
  EXPECT_EQ(bench.state().rs485.from_pack, 0U);
  EXPECT_GT(bench.state().rs485.dropped, 0U) << "requests that nobody answers";
  EXPECT_FALSE(bench.state().units[0].pack_inputs.is_supplied);
}

TEST_F(Sleeper, IsOnAsLongAsAButtonIsPressedAndThenIfTheCoreHoldsIt) {
  core.out.hold_supply = false;
  run(kSecond);
  bench.press("power", 300 * kMillisecond);
  run(290 * kMillisecond);
  EXPECT_TRUE(is_on());
  EXPECT_EQ(core.in.buttons, unsigned{BMS_BUTTON_POWER});
  run(30 * kMillisecond);
  EXPECT_FALSE(is_on()) << "let go, and the capacitors are empty";
  core.out.hold_supply = true;
  bench.press("power", 300 * kMillisecond);
  run(5 * kSecond);
  EXPECT_TRUE(is_on());
  EXPECT_EQ(core.in.buttons, 0U);
  EXPECT_EQ(core.power_ups, 3) << "at the start, and two presses";
  EXPECT_GT(bench.state().can.from_pack, 0U);
  EXPECT_TRUE(bench.state().units[0].pack_inputs.is_supplied);
}

TEST_F(Sleeper, HearsButDoesNotSpeakInStorage) {
  core.out.report.state = BMS_STATE_STORAGE;
  bench.press("power", 300 * kMillisecond);
  run(5 * kSecond);
  ASSERT_TRUE(is_on());
  EXPECT_EQ(bench.state().can.from_pack, 0U);
  EXPECT_EQ(bench.state().rs485.from_pack, 0U);
  EXPECT_GT(core.in.bus.inverter_frames, 3U);
  core.out.report.state = BMS_STATE_STANDBY;
  core.out.report.role = BMS_ROLE_MEMBER;
  run(5 * kSecond);
  EXPECT_EQ(bench.state().can.from_pack, 0U) << "the master speaks for it";
  EXPECT_GT(bench.state().rs485.from_pack, 0U);
}

TEST_F(Sleeper, IsLeftByTheCoreAndComesBackByItsWakePins) {
  bench.set("site/wake_pins", 1.0);
  run(kSecond);
  EXPECT_TRUE(is_on());
  EXPECT_EQ(core.in.wake, unsigned{BMS_WAKE_PINS});
  bench.set("site/wake_pins", 0.0);
  run(kSecond);
  EXPECT_TRUE(is_on());
  core.out.hold_supply = false;
  run(20 * kMillisecond);
  EXPECT_FALSE(is_on());
  EXPECT_EQ(core.in.wake, 0U);
}

TEST_F(Sleeper, IsWokenByVoltageFromAnInverterThatDoesNotHearIt) {
  core.out.report.state = BMS_STATE_ACTIVATION;  // not heard yet
  run(kSecond);
  bench.set("inverter1/wake_V", 44.0);
  run(5 * kSecond);
  EXPECT_FALSE(is_on()) << "below the window";
  bench.set("inverter1/wake_V", 52.0);
  run(5 * kSecond);
  EXPECT_TRUE(is_on());
  EXPECT_NEAR(read(bench, "pack1/terminal_V"), 52.0, 0.5);
  EXPECT_EQ(core.in.wake, unsigned{BMS_WAKE_CHARGER});
}

TEST(Switching, AProductWithAButtonIsSwitchedOnAtTheStart) {
  Scenario scenario = sleeper();
  scenario.initial.is_bms_on = true;
  scenario.product.bms.sequence.press_on_ms = 2000;
  ScriptedBench bench(std::move(scenario));
  bench.core.out.hold_supply = true;
  bench.run(2 * kSecond);
  EXPECT_EQ(bench.core.in.buttons, unsigned{BMS_BUTTON_POWER});
  bench.run(kSecond);
  EXPECT_EQ(bench.core.in.buttons, 0U);
  EXPECT_TRUE(bench.bench.state().units[0].supply.is_alive);
}

TEST(Switching, AProductWithoutAnythingIsOnWithItsSupply) {
  ScriptedBench bench(free_run());
  bench.run(kSecond);
  EXPECT_TRUE(bench.bench.state().units[0].supply.is_alive);
  EXPECT_EQ(bench.core.steps, 1000);
  EXPECT_EQ(bench.core.in.wake, 0U);
}

}  // namespace
}  // namespace doppelpack::sim
