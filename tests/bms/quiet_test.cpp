// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Steps that do without the slow stages: they are many, and nobody can tell them from the others. Two cores get the same
// inputs, and one of them is made to run all its stages in every step.
#include <cstring>
#include <random>
#include <string>

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

class QuietBench : public Bench {
 public:
  bool is_alert = false;  // runs all its stages in every step
  int quiet = 0;          // steps that did not

  explicit QuietBench(bool has_switch = true) {
    bms_sequence_config_t& sequence = config.sequence;
    sequence.has_switch = has_switch;
    sequence.has_power_button = !has_switch;
    sequence.press_off_ms = 130;
    sequence.inverter_lost_ms = 1037;
    sequence.inverter_silence_ms = 3011;
    sequence.shutdown_ms = 50;
    sequence.grace_ms = 700;
    sequence.supply_low_mV = 46500;
    sequence.supply_back_mV = 47500;
    config.rules[BMS_RULE_PACK_UV].opens = BMS_OPENS_SUPPLY;
    for (bms_rule_config_t& rule : config.rules) rule.warning.trip_delay_ms = 307;
    config.rules[BMS_RULE_CELL_OV].limiting = {true, 3560, 3510, 207, 107};
    config.rules[BMS_RULE_CELL_OV].limited_ccl_permille = 300;
    config.limits.rise_mA_per_s = 3000;
    config.limits.full_charge_days = 1;
    config.balancing.only_in_charge = true;
    watch(BMS_FAILURE_INVERTER_LOST);
    watch(BMS_FAILURE_AFE_CORRUPT);
    config.failures[BMS_FAILURE_AFE_CORRUPT].opens = BMS_OPENS_SUPPLY;
    config.failures[BMS_FAILURE_AFE_CORRUPT].delay_ms = 40;
    set_stack_mV(52800);
    in.buttons = has_switch ? BMS_BUTTON_SWITCH : BMS_BUTTON_POWER;
  }
  core_t& core() { return *static_cast<core_t*>(instance()); }
  // The memory takes this flag back in every step in which it runs and the pack works.
  void pass() {
    if (is_alert) core().quiet.until_us = 0;
    core().memory.is_saved = true;
    step();
    quiet += core().memory.is_saved && bms_is_working(&core()) ? 1 : 0;
  }
};

// A pack at work, and now and then something that happens to it. Same seed, same life.
class Life {
 public:
  explicit Life(uint32_t seed) : random_(seed) {}

  void change(QuietBench& bench, int step) {
    bms_inputs_t& in = bench.in;
    in.fresh = BMS_FRESH_CURRENT;
    if (step % 20 == 0) in.fresh |= BMS_FRESH_CELLS;
    if (step % 100 == 0) in.fresh |= BMS_FRESH_NTCS;
    if (is_once_in(3000)) in.fresh = below(16);
    if (is_once_in(5000)) current_mA_ = kCurrents_mA[below(std::size(kCurrents_mA))];
    in.shunt_adc = current_mA_ + static_cast<int32_t>(below(60));
    if (is_once_in(20000)) bench.set_cells_mV(kCells_mV[below(std::size(kCells_mV))]);
    if (is_once_in(4000)) in.pack_adc = static_cast<uint16_t>(39000 + below(10000));
    if (is_once_in(300)) bench.set_cell_mV(below(16), 3300 + below(80));
    if (is_once_in(20000)) bench.set_temperature_degC(below(60));
    if (is_once_in(10000)) is_silent_ = !is_silent_;
    if (!is_silent_ && is_once_in(200)) ++in.bus.inverter_frames;
    if (is_once_in(40000)) ++in.afe_errors;
    if (is_once_in(500)) in.wake ^= 1 + below(3);
    if (is_once_in(20000)) in.dip ^= 1;
    press(in);
    if (bench.out.report.state == BMS_STATE_OFF) in.buttons |= BMS_BUTTON_POWER;
    write(bench);
  }
  // Lets a day, or an hour, be over within seconds, and the pack learn its capacity.
  void leap(QuietBench& a, QuietBench& b) {
    const uint64_t ago_us = below(9000000);
    const bool is_full_due = is_once_in(30000), is_save_due = is_once_in(30000);
    for (core_t* core : {&a.core(), &b.core()}) {
      if (is_full_due) core->soc.anchored_us = core->now_us - kDay_us + ago_us;
      if (is_save_due) core->memory.saved_us = core->now_us - kHour_us + ago_us;
      if (is_full_due || is_save_due) core->quiet.until_us = 0;
    }
    if (is_once_in(30000))
      a.core().out.report.full_mAh = b.core().out.report.full_mAh = 99000 + below(1000);
  }

 private:
  static constexpr uint64_t kHour_us = UINT64_C(3600000000);
  static constexpr uint64_t kDay_us = 24 * kHour_us;
  static constexpr int32_t kCurrents_mA[] = {0,      400,    480,    20000,  -20000,  60000,
                                             -90000, 104000, 107000, 112000, -125000, -400};
  static constexpr uint32_t kCells_mV[] = {3300, 3300, 3340, 3500, 3560, 3660, 2850, 2600, 3300};

  uint32_t below(std::size_t limit) { return static_cast<uint32_t>(random_() % limit); }
  bool is_once_in(uint32_t steps) { return below(steps) == 0; }
  void press(bms_inputs_t& in) {
    constexpr uint32_t kTouch = BMS_BUTTON_POWER | BMS_BUTTON_RESET | BMS_BUTTON_WAKE;
    if (is_once_in(2000)) in.buttons |= 1U << below(4);
    if (is_once_in(100)) in.buttons &= ~kTouch;
    // Off as a bounce, or for good.
    if (is_once_in(8000)) in.buttons &= ~static_cast<uint32_t>(BMS_BUTTON_SWITCH);
    if (is_once_in(50)) in.buttons |= BMS_BUTTON_SWITCH;
  }
  void write(QuietBench& bench) {
    if (bench.out.nvm.length > 0)
      bench.in.is_nvm_busy = true;
    else if (is_once_in(5))
      bench.in.is_nvm_busy = is_once_in(2000);
  }

  std::mt19937 random_;
  int32_t current_mA_ = 20000;
  bool is_silent_ = false;
};

class Quiet : public testing::TestWithParam<uint32_t> {};

TEST_P(Quiet, changes_no_output) {
  const bool has_switch = GetParam() % 2 == 0;
  QuietBench bench(has_switch), alert(has_switch);
  alert.is_alert = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  ASSERT_EQ(alert.power_up().error, BMS_OK);
  Life life(GetParam());
  for (int step = 0; step < 300000; ++step) {
    life.change(bench, step);
    life.leap(bench, alert);
    alert.in = bench.in;
    bench.pass();
    alert.pass();
    ASSERT_EQ(std::memcmp(&bench.out, &alert.out, sizeof bench.out), 0)
        << "step " << step << " in state " << alert.out.report.state;
    ASSERT_EQ(std::memcmp(&bench.core().kept, &alert.core().kept, sizeof(kept_t)), 0) << step;
    if (alert.out.report.state == BMS_STATE_OFF) {  // the next life
      ASSERT_EQ(bench.power_up().error, BMS_OK);
      ASSERT_EQ(alert.power_up().error, BMS_OK);
    }
  }
  EXPECT_GT(bench.quiet, 30000);
  EXPECT_EQ(alert.quiet, 0);
}

INSTANTIATE_TEST_SUITE_P(lives, Quiet, testing::Range(1U, 7U));

// Where a request does not already keep it awake.
TEST(QuietSteps, notice_in_the_same_step_that_a_charger_has_gone_from_a_low_pack) {
  QuietBench bench;
  bench.config.rules[BMS_RULE_CELL_UV] = {};
  bench.config.rules[BMS_RULE_PACK_UV] = {};
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_current_mA(-20000);
  bench.in.wake = BMS_WAKE_CHARGER;
  bench.run_ms(10);
  bench.set_cells_mV(2850);
  bench.set_stack_mV(45600);
  bench.run_ms(2);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(2);
  bench.pass();
  ASSERT_EQ(bench.out.report.state, BMS_STATE_DISCHARGE);
  ASSERT_EQ(bench.quiet, 1);
  bench.in.wake = 0;
  bench.pass();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_SUPPLY_LOSS);
}

// ---- how often ----

int quiet_steps_of_a_second(QuietBench& bench, int32_t current_mA) {
  EXPECT_EQ(bench.power_up().error, BMS_OK);
  bench.quiet = 0;
  for (int step = 0; step < 3000; ++step) {
    bench.in.fresh = BMS_FRESH_CURRENT;
    if (step % 20 == 0) bench.in.fresh = kAllFresh;
    if (step % 100 == 0) ++bench.in.bus.inverter_frames;
    bench.set_current_mA(current_mA);
    if (step == 2000) bench.quiet = 0;
    bench.pass();
  }
  return bench.quiet;
}

TEST(QuietSteps, are_most_of_them_while_a_current_flows) {
  QuietBench bench;
  EXPECT_GE(quiet_steps_of_a_second(bench, 20000), 850);
  EXPECT_GE(quiet_steps_of_a_second(bench, -20000), 850);
  bench.config.sequence.inverter_lost_ms = bench.config.sequence.inverter_silence_ms = 0;
  EXPECT_GE(quiet_steps_of_a_second(bench, 20000), 850);
}

TEST(QuietSteps, are_none_at_rest_or_in_a_bank_or_with_a_path_open) {
  QuietBench rest, bank, open;
  EXPECT_EQ(quiet_steps_of_a_second(rest, 100), 0);
  bank.config.bank = {};
  bank.config.bank.kind = BMS_BANK_DIP;
  bank.config.bank.period_ms = 100;
  bank.config.bank.lost_ms = 1000;
  EXPECT_EQ(quiet_steps_of_a_second(bank, 20000), 0);
  open.set_temperature_degC(52);  // no charging, but discharging
  EXPECT_EQ(quiet_steps_of_a_second(open, -20000), 0);
}

}  // namespace
}  // namespace bms_test
