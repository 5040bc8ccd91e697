// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Storage, deep sleep, and the loss of the supply.
#include "sequence_bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kStorage_ms = 60000, kSleep_ms = 30000;

class Sleeper : public ButtonBench {
 public:
  Sleeper() {
    config.sequence.storage_after_ms = kStorage_ms;
    config.sequence.sleep_after_ms = kSleep_ms;
    config.sequence.press_on_ms = 0;
    config.rules[BMS_RULE_PACK_UV] = {};
  }
};

TEST(Storage, comes_after_a_time_without_current_and_frames) {
  const struct {
    const char* name;
    void (*disturb)(Bench&);
    void (*calm)(Bench&);
  } rows[] = {
      {"charge", [](Bench& b) { b.set_current_mA(501); }, [](Bench& b) { b.set_current_mA(500); }},
      {"load", [](Bench& b) { b.set_current_mA(-501); }, [](Bench& b) { b.set_current_mA(-500); }},
      {"frame", [](Bench& b) { ++b.in.bus.inverter_frames; }, [](Bench&) {}},
      {"mains", [](Bench& b) { b.in.wake = BMS_WAKE_CHARGER; }, [](Bench& b) { b.in.wake = 0; }},
  };
  for (const auto& row : rows) {
    Sleeper bench;
    bench.turn_on();
    bench.run_ms(kStorage_ms - 100);
    row.disturb(bench);
    bench.step();
    row.calm(bench);
    bench.run_ms(kStorage_ms);
    EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY) << row.name;
    bench.step();
    EXPECT_TRUE(bench.is_in(BMS_STATE_STORAGE, BMS_REASON_IDLE)) << row.name;
    EXPECT_TRUE(is_dark(bench));
    EXPECT_TRUE(bench.out.hold_supply);
  }
}

TEST(Storage, ends_with_a_touch_and_is_fallen_back_to_when_nothing_was_meant) {
  Sleeper bench;
  bench.config.sequence.press_on_ms = 1000;
  bench.turn_on();
  bench.steps_until(BMS_STATE_STORAGE);
  bench.step();
  bench.press(BMS_BUTTON_POWER);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_BUTTON));
  bench.press(0);
  EXPECT_EQ(bench.steps_until(BMS_STATE_STORAGE), 501u);
  EXPECT_EQ(bench.out.report.reason, BMS_REASON_NOT_MEANT);
  EXPECT_TRUE(bench.out.hold_supply);
  bench.step();
  bench.press(BMS_BUTTON_POWER);
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_BUTTON));
}

TEST(Storage, still_notices_a_failure) {
  Sleeper bench;
  bench.config.rules[BMS_RULE_CELL_ZERO] = make_rule(600, 700, 500, 800);
  bench.config.rules[BMS_RULE_CELL_ZERO].is_failure = true;
  bench.turn_on();
  bench.steps_until(BMS_STATE_STORAGE);
  bench.set_cell_mV(0, 10);
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_in(BMS_STATE_FAILURE, BMS_REASON_FAILURE));
}

TEST(Storage, and_deep_sleep_are_off_without_a_time) {
  Sleeper bench;
  bench.config.sequence.storage_after_ms = 0;
  bench.config.sequence.sleep_after_ms = 0;
  bench.factory.soc_permille = 0;
  bench.turn_on();
  bench.run_ms(200000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
}

TEST(DeepSleep, comes_to_a_pack_that_is_empty_and_left_alone) {
  Sleeper bench;
  bench.factory.soc_permille = 0;
  bench.turn_on();
  EXPECT_NEAR(bench.steps_until(BMS_STATE_DEEP_SLEEP), kSleep_ms, 3);
  EXPECT_EQ(bench.out.report.reason, BMS_REASON_EMPTY);
  EXPECT_TRUE(is_dark(bench));
  bench.run_ms(kSaving_ms);
  EXPECT_FALSE(bench.out.hold_supply);
}

TEST(DeepSleep, comes_to_a_pack_under_voltage_and_not_while_it_is_charged) {
  Sleeper bench;
  bench.turn_on();
  bench.set_cells_mV(2750);
  bench.set_cell_mV(0, 2450);
  bench.set_current_mA(600);
  bench.run_ms(1001 + kSleep_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  bench.set_current_mA(0);
  bench.run_ms(kSleep_ms);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_DEEP_SLEEP, BMS_REASON_EMPTY));
}

TEST(DeepSleep, ends_when_a_charger_comes) {
  Sleeper bench;
  bench.factory.soc_permille = 0;
  bench.turn_on();
  bench.steps_until(BMS_STATE_DEEP_SLEEP);
  bench.step();
  bench.set_terminal_mV(54000);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_ACTIVATION, BMS_REASON_TERMINALS));
  EXPECT_TRUE(bench.out.hold_supply);
  bench.run_ms(202);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
}

class LowStack : public Bench {
 public:
  LowStack() {
    config.sequence.supply_low_mV = 35000;
    config.sequence.supply_back_mV = 40000;
    config.sequence.supply_loss_ms = 1000;
    config.rules[BMS_RULE_CELL_UV] = {};
    config.rules[BMS_RULE_PACK_UV] = {};
    set_both_mV(52800);
  }
  void set_both_mV(uint32_t mV) {
    set_stack_mV(mV);
    set_pack_mV(mV);
  }
};

TEST(SupplyLoss, takes_everything_off_at_once_and_lets_go_after_its_time) {
  LowStack bench;
  bench.start();
  bench.set_both_mV(35000);
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.set_both_mV(34999);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SUPPLY_LOSS, BMS_REASON_SUPPLY_LOW));
  EXPECT_TRUE(is_dark(bench));
  EXPECT_TRUE(bench.out.hold_supply);
  bench.run_ms(999);
  EXPECT_TRUE(bench.out.hold_supply);
  bench.step();
  EXPECT_FALSE(bench.out.hold_supply);
}

TEST(SupplyLoss, is_over_when_the_stack_is_back) {
  LowStack bench;
  bench.start();
  const uint32_t remaining_mAh = bench.out.report.remaining_mAh;
  bench.set_both_mV(34000);
  bench.step();
  bench.set_both_mV(39999);
  bench.run_ms(100);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
  bench.set_both_mV(40000);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_RELEASE));
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_PASSED));
  EXPECT_EQ(bench.out.report.remaining_mAh, remaining_mAh);
}

TEST(SupplyLoss, is_over_when_a_charger_comes_and_returns_with_its_end) {
  LowStack bench;
  bench.start();
  bench.set_both_mV(34000);
  bench.run_ms(5000);
  bench.in.wake = BMS_WAKE_CHARGER;
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_CHARGER));
  bench.run_ms(1000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.in.wake = 0;
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
}

TEST(SupplyLoss, needs_both_the_divider_and_the_cells_to_be_low) {
  LowStack bench;
  bench.start();
  bench.set_stack_mV(0);
  bench.run_ms(100);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.set_both_mV(52800);
  bench.set_pack_mV(30000);
  bench.run_ms(100);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
}

TEST(SupplyLoss, is_judged_by_readings_only) {
  LowStack bench;
  bench.set_both_mV(0);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(100);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SELF_TEST);
  bench.in.fresh = kAllFresh;
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
}

// A bench charger must not push current into a cell that is dead, not even for a trip delay.
TEST(DeadCell, is_never_charged) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_UV] = {};
  bench.config.rules[BMS_RULE_PACK_UV] = {};
  bench.config.rules[BMS_RULE_CELL_FAILURE_LOW].protection = {true, 1500, 2000, 5000, 0};
  bench.config.rules[BMS_RULE_CELL_FAILURE_LOW].max_retries = BMS_RETRY_FOREVER;
  bench.config.rules[BMS_RULE_CELL_FAILURE_LOW].is_failure = true;
  bench.start();
  bench.set_cell_mV(3, 1500);
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.step();
  EXPECT_TRUE(bench.are_gates(false, false));
  bench.press_reset();
  bench.run_ms(3000);
  EXPECT_TRUE(bench.are_gates(false, true));
  EXPECT_FALSE(bench.out.report.is_charge_allowed);
  bench.set_cell_mV(3, 1501);
  bench.step();
  EXPECT_TRUE(bench.are_gates(true, true));
  bench.set_cell_mV(3, 1500);
  bench.run_ms(5000);
  EXPECT_TRUE(bench.out.charge_gate) << "a gate that is closed obeys the delay";
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_FAILURE, BMS_REASON_FAILURE));
  EXPECT_TRUE(is_dark(bench));
}

}  // namespace
}  // namespace bms_test
