// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// A working pack: why it goes from where to where.
#include <random>
#include <set>

#include "sequence_bench.hpp"

namespace bms_test {
namespace {

class Working : public Bench {
 public:
  Working() {
    config.rules[BMS_RULE_CELL_OV].limiting = {true, 3580, 3520, 0, 0};
    config.rules[BMS_RULE_CELL_OV].protection.release_delay_ms = 0;
    config.rules[BMS_RULE_CELL_OV].protection.trip_delay_ms = 0;
    config.rules[BMS_RULE_CELL_OV].limited_ccl_permille = 100;
    config.rules[BMS_RULE_CELL_OV].limited_dcl_permille = 1000;
    config.rules[BMS_RULE_PACK_OV] = {};
    config.rules[BMS_RULE_SPREAD_FAILURE].protection = {true, 1000, 900, 0, 0};
    config.rules[BMS_RULE_SPREAD_FAILURE].is_failure = true;
    config.rules[BMS_RULE_CELL_UV] = {};
    config.sequence.inverter_lost_ms = 5000;
    config.failures[BMS_FAILURE_INVERTER_LOST] = {true, false, 0, BMS_OPENS_CHARGE, 0};
  }
  void rest() {
    set_cells_mV(3300);
    set_current_mA(0);
    ++in.bus.inverter_frames;
    step();
  }
};

using Change = void (*)(Bench&);
const Change kRest = [](Bench& b) {
  b.set_cells_mV(3300);
  b.set_current_mA(0);
  ++b.in.bus.inverter_frames;
};
const Change kCharge = [](Bench& b) { b.set_cells_mV(3300), b.set_current_mA(20000); };
const Change kLoad = [](Bench& b) { b.set_cells_mV(3300), b.set_current_mA(-20000); };
const Change kLimit = [](Bench& b) { b.set_cells_mV(3590); };
const Change kRule = [](Bench& b) { b.set_cells_mV(3660); };
const Change kBreak = [](Bench& b) { b.set_cell_mV(0, 2200); };
const Change kReset = [](Bench& b) { kRest(b), b.in.buttons = BMS_BUTTON_RESET; };

TEST(Sequence, says_why) {
  const struct {
    Change from, to;
    bms_state_t state;
    bms_reason_t reason;
  } rows[] = {
      {kRest, kCharge, BMS_STATE_CHARGE, BMS_REASON_CURRENT},
      {kRest, kLoad, BMS_STATE_DISCHARGE, BMS_REASON_CURRENT},
      {kRest, kLimit, BMS_STATE_LIMIT, BMS_REASON_LIMITING},
      {kRest, kRule, BMS_STATE_PROTECTION, BMS_REASON_RULE},
      {kRest, kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
      {kCharge, kRest, BMS_STATE_STANDBY, BMS_REASON_CURRENT},
      {kCharge, kLoad, BMS_STATE_DISCHARGE, BMS_REASON_CURRENT},
      {kCharge, kLimit, BMS_STATE_LIMIT, BMS_REASON_LIMITING},
      {kCharge, kRule, BMS_STATE_PROTECTION, BMS_REASON_RULE},
      {kCharge, kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
      {kLoad, kRest, BMS_STATE_STANDBY, BMS_REASON_CURRENT},
      {kLoad, kCharge, BMS_STATE_CHARGE, BMS_REASON_CURRENT},
      {kLoad, kLimit, BMS_STATE_LIMIT, BMS_REASON_LIMITING},
      {kLoad, kRule, BMS_STATE_PROTECTION, BMS_REASON_RULE},
      {kLoad, kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
      {kLimit, kRest, BMS_STATE_STANDBY, BMS_REASON_RELEASE},
      {kLimit, kCharge, BMS_STATE_CHARGE, BMS_REASON_RELEASE},
      {kLimit, kLoad, BMS_STATE_DISCHARGE, BMS_REASON_RELEASE},
      {kLimit, kRule, BMS_STATE_PROTECTION, BMS_REASON_RULE},
      {kLimit, kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
      {kRule, kRest, BMS_STATE_STANDBY, BMS_REASON_RELEASE},
      {kRule, kCharge, BMS_STATE_CHARGE, BMS_REASON_RELEASE},
      {kRule, kLoad, BMS_STATE_DISCHARGE, BMS_REASON_RELEASE},
      {kRule, kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE},
  };
  for (const auto& row : rows) {
    Working bench;
    bench.start();
    row.from(bench);
    bench.step();
    row.to(bench);
    bench.step();
    EXPECT_EQ(bench.out.report.state, row.state) << &row - rows;
    EXPECT_EQ(bench.out.report.reason, row.reason) << &row - rows;
  }
}

TEST(Sequence, starts_where_the_pack_is) {
  const struct {
    Change cause;
    bms_state_t state;
    bms_reason_t reason;
  } rows[] = {{kRest, BMS_STATE_STANDBY, BMS_REASON_PASSED},
              {kCharge, BMS_STATE_CHARGE, BMS_REASON_PASSED},
              {kLoad, BMS_STATE_DISCHARGE, BMS_REASON_PASSED},
              {kLimit, BMS_STATE_LIMIT, BMS_REASON_LIMITING},
              {kRule, BMS_STATE_PROTECTION, BMS_REASON_RULE},
              {kBreak, BMS_STATE_FAILURE, BMS_REASON_FAILURE}};
  for (const auto& row : rows) {
    Working bench;
    row.cause(bench);
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.step();
    EXPECT_EQ(bench.out.report.state, row.state);
    EXPECT_EQ(bench.out.report.reason, row.reason);
  }
}

TEST(Sequence, a_protection_may_end_in_a_limitation) {
  Working bench;
  bench.config.rules[BMS_RULE_CELL_OV].protection.release = 3600;
  bench.start();
  kRule(bench);
  bench.step();
  kLimit(bench);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_LIMIT, BMS_REASON_RELEASE));
}

TEST(Sequence, a_failure_that_opens_one_path_is_a_protection_by_failure) {
  for (const bool is_early : {false, true}) {
    Working bench;
    if (is_early) bench.in.fresh = 0;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.run_ms(5100);
    bench.in.fresh = kAllFresh;
    bench.step();
    EXPECT_TRUE(bench.is_in(BMS_STATE_PROTECTION, BMS_REASON_FAILURE));
    EXPECT_TRUE(bench.are_gates(false, true));
    bench.set_current_mA(-50000);
    bench.run_ms(100);
    EXPECT_TRUE(bench.are_gates(false, true)) << "no body diode is spared in a failure";
    ++bench.in.bus.inverter_frames;
    bench.run_ms(2);
    EXPECT_TRUE(bench.is_in(BMS_STATE_DISCHARGE, BMS_REASON_RELEASE));
  }
}

TEST(Sequence, leaves_a_failure_by_release_or_by_reset) {
  for (const bool is_latched : {false, true}) {
    Working bench;
    bench.config.rules[BMS_RULE_SPREAD_FAILURE].max_retries = is_latched ? 0 : BMS_RETRY_FOREVER;
    bench.start();
    kBreak(bench);
    bench.run_ms(10);
    EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
    EXPECT_TRUE(is_dark(bench));
    bench.rest();
    EXPECT_EQ(bench.out.report.state, is_latched ? BMS_STATE_FAILURE : BMS_STATE_SELF_TEST);
    if (is_latched) {
      kReset(bench);
      bench.step();
      EXPECT_EQ(bench.out.report.state, BMS_STATE_SELF_TEST);
    }
    EXPECT_EQ(bench.out.report.reason, is_latched ? BMS_REASON_RESET : BMS_REASON_RELEASE);
    bench.step();
    EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_PASSED));
  }
}

TEST(Sequence, says_when_reset_ends_a_protection) {
  Working bench;
  bench.config.rules[BMS_RULE_CELL_OV].max_retries = 0;
  bench.start();
  kRule(bench);
  bench.step();
  kReset(bench);
  bench.step();
  EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_RESET));
}

TEST(Sequence, shuts_down_from_a_failure_too) {
  ButtonBench bench;
  bench.config.rules[BMS_RULE_SPREAD_FAILURE].protection = {true, 1000, 900, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD_FAILURE].is_failure = true;
  bench.turn_on();
  kBreak(bench);
  bench.step();
  ASSERT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
  bench.press(BMS_BUTTON_POWER);
  EXPECT_EQ(bench.steps_until(BMS_STATE_SHUTDOWN), 1501u);
}

// Whatever happens, in any order: what a state promises holds in every step of it.
TEST(Sequence, keeps_its_promises_in_any_weather) {
  ButtonBench bench;
  bms_sequence_config_t& sequence = bench.config.sequence;
  sequence.press_on_ms = 20;
  sequence.press_off_ms = 20;
  sequence.activation_ms = 10;
  sequence.not_meant_ms = 50;
  sequence.shutdown_ms = 30;
  sequence.grace_ms = 100;
  sequence.storage_after_ms = 150;
  sequence.sleep_after_ms = 100;
  sequence.supply_low_mV = 35000;
  sequence.supply_back_mV = 40000;
  sequence.supply_loss_ms = 20;
  sequence.inverter_silence_ms = 900;
  bench.config.rules[BMS_RULE_CELL_OV].limiting = {true, 3580, 3520, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD_FAILURE].protection = {true, 800, 700, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD_FAILURE].is_failure = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  const std::set<int> dark = {BMS_STATE_OFF,         BMS_STATE_ACTIVATION, BMS_STATE_SELF_TEST,
                              BMS_STATE_FAILURE,     BMS_STATE_STORAGE,    BMS_STATE_DEEP_SLEEP,
                              BMS_STATE_SUPPLY_LOSS, BMS_STATE_SHUTDOWN};
  std::set<int> visited;
  uint32_t off_ms = 0;
  std::mt19937 random{7};
  const auto below = [&](uint32_t limit) { return static_cast<uint32_t>(random() % limit); };
  const auto is_time = [&](uint32_t mean) { return below(mean) == 0; };
  for (int i = 0; i < 200000; ++i) {
    if (is_time(100)) bench.in.buttons = below(4);
    if (is_time(200)) bench.in.wake = is_time(4) ? BMS_WAKE_CHARGER : 0;
    if (is_time(200)) bench.set_current_mA(static_cast<int32_t>(below(60000)) - 30000);
    if (is_time(60)) bench.set_current_mA(0);
    if (is_time(300)) ++bench.in.bus.inverter_frames;
    if (is_time(300)) bench.set_terminal_mV(below(65000));
    if (is_time(400)) bench.set_stack_mV(is_time(3) ? 30000 : 52800);
    if (is_time(200)) bench.set_cells_mV(is_time(5) ? 2000 : 3000 + below(680));
    if (is_time(800)) bench.set_cell_mV(0, 2200);
    const uint32_t charge_blockers =
        BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV);
    bench.step();
    const bms_report_t& report = bench.out.report;
    visited.insert(report.state);
    if (dark.contains(report.state)) ASSERT_TRUE(is_dark(bench)) << bms_state_name(report.state);
    const bool is_off = report.state == BMS_STATE_OFF || report.state == BMS_STATE_DEEP_SLEEP;
    off_ms = is_off ? off_ms + 1 : 0;
    if (report.state != BMS_STATE_SUPPLY_LOSS && !is_off) ASSERT_TRUE(bench.out.hold_supply);
    if (off_ms > kSaving_ms) ASSERT_FALSE(bench.out.hold_supply);
    if (report.protections & charge_blockers && report.current_mA >= -500)
      ASSERT_FALSE(bench.out.charge_gate);
    ASSERT_LE(report.ccl_mA, bench.config.limits.ccl_mA);
    ASSERT_LE(report.dcl_mA, bench.config.limits.dcl_mA);
  }
  EXPECT_EQ(visited.size(), BMS_STATE_COUNT - 1u) << "all but pre-charge";
}

}  // namespace
}  // namespace bms_test
