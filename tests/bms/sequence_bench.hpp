// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Packs with a life-cycle: one with a POWER button and an activation window, and one with relays that follow their
// coils a few milliseconds later and a link that charges over the resistor.
#pragma once

#include <ostream>

#include "bench.hpp"

namespace bms_test {

inline constexpr uint32_t kSaving_ms = 200;  // the supply is held so long for the memory

inline testing::AssertionResult is_dark(const Bench& bench) {
  const bms_outputs_t& out = bench.out;
  if (out.charge_gate || out.discharge_gate) return testing::AssertionFailure() << "a gate is on";
  if (out.report.is_charge_allowed || out.report.is_discharge_allowed)
    return testing::AssertionFailure() << "something is allowed";
  if (out.report.ccl_mA + out.report.dcl_mA > 0) return testing::AssertionFailure() << "a limit";
  if (out.bleeders) return testing::AssertionFailure() << "a bleeder is on";
  return testing::AssertionSuccess();
}

class ButtonBench : public Bench {
 public:
  ButtonBench() {
    bms_sequence_config_t& sequence = config.sequence;
    sequence.has_power_button = true;
    sequence.press_on_ms = 2000;
    sequence.press_off_ms = 1500;
    sequence.activation_low_mV = 45000;
    sequence.activation_high_mV = 60000;
    sequence.activation_ms = 200;
    sequence.not_meant_ms = 500;
    sequence.shutdown_ms = 3000;
    sequence.grace_ms = 10000;
    set_stack_mV(52800);
  }
  void press(uint32_t buttons) { in.buttons = buttons; }
  // On by its button, which is released again.
  void turn_on() {
    ASSERT_EQ(power_up().error, BMS_OK);
    press(BMS_BUTTON_POWER);
    ASSERT_LE(steps_until(BMS_STATE_STANDBY, 10000), 2100u);
    press(0);
    step();
  }
  // Off, while something else keeps the core supplied.
  void turn_off() {
    press(BMS_BUTTON_POWER);
    ASSERT_LT(steps_until(BMS_STATE_OFF, 10000), 10000u);
    press(0);
    run_ms(100);
    ASSERT_EQ(out.report.state, BMS_STATE_OFF);
  }
};

class ContactBench : public Bench {
 public:
  static constexpr uint32_t kMain1 = BMS_CONTACT_MAIN_1, kMain2 = BMS_CONTACT_MAIN_2,
                            kPrecharge = BMS_CONTACT_PRECHARGE, kMains = kMain1 | kMain2;
  static constexpr uint32_t kContact_ms = 20, kFast_ms = 50, kPrecharge_ms = 500;

  double link_ms = 100;       // time constant over the resistor
  uint32_t stuck_closed = 0;  // contacts that do not obey
  uint32_t stuck_open = 0;
  uint32_t outside_mV = 0;  // what a charger holds the terminals at
  bool is_link_shorted = false;

  ContactBench() {
    bms_sequence_config_t& sequence = config.sequence;
    sequence.has_contacts = true;
    sequence.contact_ms = kContact_ms;
    sequence.precharge_fast_ms = kFast_ms;
    sequence.precharge_ms = kPrecharge_ms;
    sequence.precharge_delta_mV = 2000;
    sequence.opening_ms = 300;
    config.diagnosis.watched_contacts = kMains | kPrecharge;
    for (int i = BMS_FAILURE_PRECHARGE_WELDED; i <= BMS_FAILURE_PRECHARGE_NEVER; ++i)
      config.failures[i] = {true, true, BMS_LATCH_BUTTON, BMS_OPENS_ALL_PATHS, 0};
    set_stack_mV(kStack_mV);
  }
  void set_stack_mV(uint32_t mV) {
    stack_mV_ = mV;
    Bench::set_stack_mV(mV);
  }
  uint32_t link_mV() const { return static_cast<uint32_t>(link_mV_); }
  uint32_t contacts() const { return in.contacts; }

  // One step of the core, then one millisecond of copper.
  void tick() {
    step();
    if (out.coils != coils_) age_ms_ = 0;
    coils_ = out.coils;
    if (++age_ms_ >= 5) in.contacts = coils_;
    in.contacts = (in.contacts | stuck_closed) & ~stuck_open;
    const bool bridge = is_precharge_across_main_1() ? has(kMain1) : has(kMain2);
    const bool other = is_precharge_across_main_1() ? has(kMain2) : has(kMain1);
    double target = outside_mV, rate = 1;
    if (outside_mV == 0 && out.discharge_gate && other && bridge)
      target = stack_mV_;
    else if (outside_mV == 0 && out.discharge_gate && other && has(kPrecharge)) {
      target = stack_mV_;
      rate = 1 / (1 + link_ms);
    } else if (outside_mV == 0) {
      target = link_mV_;  // keeps its charge
    }
    link_mV_ = is_link_shorted ? 0 : link_mV_ + (target - link_mV_) * rate;
    set_terminal_mV(link_mV());
  }
  void tick_ms(uint32_t duration_ms) {
    for (uint32_t i = 0; i < duration_ms; ++i) tick();
  }
  uint32_t ticks_until(bms_state_t state, uint32_t limit = 5000) {
    uint32_t ticks = 0;
    do {
      tick();
      ++ticks;
    } while (out.report.state != state && ticks < limit);
    return ticks;
  }
  void power_up_and_close() {
    ASSERT_EQ(power_up().error, BMS_OK);
    ASSERT_LT(ticks_until(BMS_STATE_STANDBY), 5000u);
    ASSERT_EQ(out.coils, kMains);
  }
  bool has_failed(bms_failure_t failure) const {
    return (out.report.failures & BMS_FAILURE_BIT(failure)) != 0;
  }
  static constexpr uint32_t kStack_mV = 52800;

 private:
  bool has(uint32_t contact) const { return (in.contacts & contact) != 0; }
  bool is_precharge_across_main_1() const { return config.sequence.is_precharge_across_main_1; }

  double link_mV_ = 0;
  uint32_t stack_mV_ = 0, coils_ = 0, age_ms_ = 0;
};

}  // namespace bms_test
