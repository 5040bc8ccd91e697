// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// A core on a bench: physical values in, counts to the core, outputs back. Tests use the core through its table only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "bms/bms.h"

namespace bms_test {

inline constexpr uint32_t kAllFresh = BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS;
inline constexpr uint32_t kNtcFullScale = 16383;
inline constexpr double kNtcPullup_Ohm = 10000;

inline constexpr uint32_t kTrip_ms = 1000, kRelease_ms = 2000;  // make_rule
inline constexpr uint64_t kHour_ms = 3600000;

// Warning and protection of one rule; delays that differ from rule to rule would hide nothing here.
inline bms_rule_config_t make_rule(int32_t warning, int32_t warning_release, int32_t trip,
                                   int32_t release, uint8_t max_retries = BMS_RETRY_FOREVER) {
  bms_rule_config_t rule{};
  rule.warning = {true, warning, warning_release, 300, 200};
  rule.protection = {true, trip, release, kTrip_ms, kRelease_ms};
  rule.max_retries = max_retries;
  return rule;
}

inline bms_curve_t make_curve(std::initializer_list<std::pair<int32_t, uint16_t>> points) {
  bms_curve_t curve{};
  for (const auto& [x, factor_permille] : points) curve.point[curve.count++] = {x, factor_permille};
  return curve;
}

// 16 cells of 100 Ah. 0.1 mV, 1 mA and 1 mV per count, so that a physical value is met exactly.
inline bms_config_t make_config() {
  bms_config_t config{};
  config.cell_count = 16;
  config.ntc_count = 4;
  config.sensing = {
      100, 1000, 1000, 1000, kNtcFullScale, false, static_cast<uint32_t>(kNtcPullup_Ohm)};
  config.rules[BMS_RULE_CELL_OV] = make_rule(3550, 3500, 3650, 3450);
  config.rules[BMS_RULE_CELL_UV] = make_rule(2800, 2900, 2500, 3000);
  config.rules[BMS_RULE_PACK_OV] = make_rule(56000, 55000, 57600, 55500);
  config.rules[BMS_RULE_PACK_UV] = make_rule(46000, 47000, 43200, 48000);
  config.rules[BMS_RULE_OCC] = make_rule(105000, 100000, 110000, 50000, 3);
  config.rules[BMS_RULE_OCD] = make_rule(105000, 100000, 120000, 50000, 3);
  config.rules[BMS_RULE_OCD2] = make_rule(180000, 150000, 200000, 50000, 3);
  config.rules[BMS_RULE_SCD] = make_rule(300000, 0, 300000, 0, 0);
  config.rules[BMS_RULE_OTC] = make_rule(450, 420, 500, 450);
  config.rules[BMS_RULE_OTD] = make_rule(550, 520, 600, 550);
  config.rules[BMS_RULE_UTC] = make_rule(50, 80, 0, 30);
  config.rules[BMS_RULE_UTD] = make_rule(-100, -70, -200, -150);
  config.rules[BMS_RULE_SCD].warning.is_enabled = false;
  config.rules[BMS_RULE_SCD].protection.trip_delay_ms = 0;
  for (int i = 0; i < BMS_RULE_COUNT; ++i)
    config.rules[i].opens = bms_rule_default_opens(static_cast<bms_rule_t>(i));
  config.diagnosis = BMS_DIAGNOSIS_DEFAULTS;
  config.idle_current_mA = 500;
  config.limits.cvl_mV = 56800;
  config.limits.discharge_voltage_limit_mV = 47000;
  config.limits.ccl_mA = 80000;
  config.limits.dcl_mA = 100000;
  config.limits.ccl_over_ddegC =
      make_curve({{0, 0}, {100, 200}, {150, 1000}, {450, 1000}, {550, 300}});
  config.limits.dcl_over_ddegC = make_curve({{-200, 0}, {0, 1000}, {500, 1000}, {600, 0}});
  config.limits.ccl_over_cell_mV = make_curve({{3450, 1000}, {3550, 100}, {3650, 0}});
  config.limits.dcl_over_cell_mV = make_curve({{2500, 0}, {2900, 1000}});
  config.limits.force_charge_permille = 50;
  config.limits.force_charge2_permille = 100;
  config.balancing.start_mV = 3360;
  config.balancing.start_delta_mV = 30;
  config.balancing.stop_delta_mV = 12;
  config.soc = {100000, 3450, 5000, 10000, 2700, 5000};
  return config;
}

// The table's NTC as a resistance, by the Steinhart-Hart fit of cell_models.md 3.4 (0.06 K over -40..100 degC): another
// source than the table in the core.
inline double ntc_Ohm(double degC) {
  const auto temperature_degC = [](double Ohm) {
    const double l = std::log(Ohm);
    return 1 / (8.911e-4 + 2.5074e-4 * l + 1.9626e-7 * l * l * l) - 273.15;
  };
  double low = 10, high = 1e7;
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(low * high);
    (temperature_degC(middle) > degC ? low : high) = middle;
  }
  return low;
}

inline uint16_t ntc_counts(double Ohm, double full_scale = kNtcFullScale,
                           double pullup_Ohm = kNtcPullup_Ohm) {
  return static_cast<uint16_t>(std::lround(full_scale * Ohm / (Ohm + pullup_Ohm)));
}

class Bench {
 public:
  bms_config_t config = make_config();
  bms_factory_t factory = {500, 1000, 0, 1};
  std::vector<uint8_t> nvm;  // empty: as the factory makes it
  bms_inputs_t in{};
  bms_outputs_t out{};
  uint32_t dt_us = 1000;
  bool is_shorted = false;  // the AFE sets its flag again and again

  Bench() {
    in.fresh = kAllFresh;
    set_cells_mV(3300);
    set_temperature_degC(25);
  }

  void set_cell_mV(std::size_t cell, uint32_t mV) {
    in.cell_adc[cell] = static_cast<uint16_t>(mV * 10);
  }
  void set_cells_mV(uint32_t mV) {
    for (std::size_t i = 0; i < BMS_MAX_CELLS; ++i) set_cell_mV(i, mV);
  }
  // Spread over the cells, so that each is within 1 mV of the mean and the sum is exact.
  void set_pack_mV(uint32_t mV) {
    for (uint32_t i = 0; i < config.cell_count; ++i)
      set_cell_mV(i, mV / config.cell_count + (i < mV % config.cell_count ? 1 : 0));
  }
  void set_stack_mV(uint32_t mV) { in.pack_adc = static_cast<uint16_t>(mV); }
  void set_terminal_mV(uint32_t mV) { in.terminal_adc = static_cast<uint16_t>(mV); }
  void set_current_mA(int32_t mA) { in.shunt_adc = mA; }
  void set_ntc_degC(std::size_t ntc, double degC) { in.ntc_adc[ntc] = ntc_counts(ntc_Ohm(degC)); }
  void set_temperature_degC(double degC) {
    for (std::size_t i = 0; i < BMS_MAX_NTCS; ++i) set_ntc_degC(i, degC);
  }

  bms_status_t power_up() {
    memory_.assign(bms_core()->instance_bytes / sizeof(std::max_align_t) + 1, std::max_align_t{});
    std::vector<uint8_t> fresh(BMS_NVM_BYTES);
    bms_core()->format(&factory, fresh.data());
    bms_core()->seal(&config);
    return bms_core()->init(memory_.data(), &config, nvm.empty() ? fresh.data() : nvm.data());
  }
  void start() {
    ASSERT_EQ(power_up().error, BMS_OK);
    step();
    ASSERT_NE(out.report.state, BMS_STATE_SELF_TEST);
  }

  void step() {
    if (out.clear_comparators & BMS_COMPARATOR_SCD) in.comparator_flags = 0;
    if (is_shorted) in.comparator_flags = BMS_COMPARATOR_SCD;
    bms_core()->step(memory_.data(), &in, dt_us, &out);
  }
  void run_ms(uint64_t duration_ms) {
    for (uint64_t passed_us = 0; passed_us < duration_ms * 1000; passed_us += dt_us) step();
  }
  // Steps until the core is in that state; `limit` if it does not get there.
  uint32_t steps_until(bms_state_t state, uint32_t limit = 100000) {
    uint32_t steps = 0;
    do {
      step();
      ++steps;
    } while (out.report.state != state && steps < limit);
    return steps;
  }
  bool is_in(bms_state_t state, bms_reason_t reason) const {
    return out.report.state == state && out.report.reason == reason;
  }
  // Looks for that failure and only tells of it.
  void watch(bms_failure_t failure) { config.failures[failure] = {true, false, 0, 0, 0}; }
  // Keeps every failure over a loss of power.
  void keep_failures() {
    for (bms_failure_config_t& failure : config.failures)
      failure = {true, true, BMS_LATCH_REPAIR, 0, 0};
  }
  void press_reset() {
    in.buttons = BMS_BUTTON_RESET;
    step();
    in.buttons = 0;
    step();
  }

  bool has_failed(bms_failure_t failure) const {
    return (out.report.failures & BMS_FAILURE_BIT(failure)) != 0;
  }
  bool is_protecting(bms_rule_t rule) const {
    return (out.report.protections & BMS_RULE_BIT(rule)) != 0;
  }
  bool is_warning(bms_rule_t rule) const { return (out.report.warnings & BMS_RULE_BIT(rule)) != 0; }
  bool are_gates(bool charge, bool discharge) const {
    return out.charge_gate == charge && out.discharge_gate == discharge;
  }

  void* instance() { return memory_.data(); }

 private:
  std::vector<std::max_align_t> memory_;
};

}  // namespace bms_test
