// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench that looks once per task at what one protection does about its cause.
#pragma once

#include <gtest/gtest.h>

#include "protection_rows.hpp"

namespace doppelpack::sim::test {

inline constexpr std::int64_t kTaskPeriod_ms = 1;
inline constexpr double kNoCurrent_A = 0.5;
inline constexpr Time kLook = 50 * kMicrosecond;  // the AFE's own, while a comparator may trip

inline void add_rule(bms_config_t& bms, bms_rule_t rule, std::int32_t trip, std::int32_t release,
                     std::uint32_t delay_ms) {
  bms.rules[rule] = {};
  bms.rules[rule].protection = {true, trip, release, delay_ms, 5000};
  bms.rules[rule].opens = bms_rule_default_opens(rule);
}

/// The generic pack with perfect sensing, the rules it leaves out, and of all of them only this one.
inline Product product_with_only(bms_rule_t only, Product product) {
  bms_config_t& bms = product.bms;
  add_rule(bms, BMS_RULE_CELL_ZERO, 500, 2000, 3000);
  add_rule(bms, BMS_RULE_T_SPREAD, 200, 150, 2000);
  add_rule(bms, BMS_RULE_INSULATION, 100, 200, 1500);
  add_rule(bms, BMS_RULE_SOC_LOW, 100, 120, 2000);
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    bms.rules[i].warning.is_enabled = bms.rules[i].limiting.is_enabled = false;
    bms.rules[i].protection.is_enabled = bms.rules[i].protection.is_enabled && i == only;
  }
  for (bms_failure_config_t& failure : bms.failures) failure.is_enabled = false;
  bms_core()->seal(&bms);
  product.pack.spread = {};
  product.sensing_spread = {};
  for (models::Converter* converter : {&product.sensing.cell_V, &product.sensing.shunt_A})
    converter->offset = converter->gain_error = converter->noise_rms = 0.0;
  product.sensing.amplifier.drift_per_K = 0.0;
  product.board.insulation_monitor = models::InsulationMonitorParameters{};
  return product;
}

inline Scenario scenario_of(bms_rule_t rule) {
  Scenario scenario = free_run(0.5, "disobedient-charger");
  scenario.product = product_with_only(rule, std::move(scenario.product));
  scenario.inverter.max_charge_A = 100.0;
  scenario.inverter.cutoff_V = 20.0;
  if (rule == BMS_RULE_SOC_LOW) scenario.initial.soc = 0.103;
  return scenario;
}

/// In ms from the cause, or of one that ramps from the crossing; -1: not seen. Looked at once per
/// task, so that each is rounded up to one.
struct Timing {
  std::int64_t reading = -1;
  std::int64_t protection = -1;
  std::int64_t gate = -1;
  std::int64_t current = -1;
};

class TimedBench {
 public:
  explicit TimedBench(const ProtectionRow& row) : row_(row), bench_(scenario_of(row.rule)) {}

  std::int64_t delay_ms() const { return threshold().trip_delay_ms; }

  /// At work, and so long after the beginning of a scan.
  void start(Time phase_ns) {
    bench_.run_until(5 * kSecond);
    bench_.set("inverter1/demand_W", row_.demand_W);
    bench_.run_until(8 * kSecond);
    ASSERT_TRUE(outputs().charge_gate && outputs().discharge_gate);
    ASSERT_EQ(outputs().report.protections, 0U);
    ASSERT_GE(bench_.state().units[0].pack.current_A * (row_.demand_W < 0.0 ? -1.0 : 1.0),
              std::abs(row_.demand_W) / 60.0 - 1.0);
    ASSERT_FALSE(is_beyond(row_.reading(outputs().report)));
    // The monitor of the insulation has told its value in the first task of the second.
    const Time after_ns = row_.sampling_ns == kSecond ? kMillisecond : 0;
    bench_.run_until((bench_.now_ns() / row_.sampling_ns + 1) * row_.sampling_ns + after_ns +
                     phase_ns);
  }

  Timing watch() {
    constexpr Time kLongest = 30 * kSecond;
    row_.happen(bench_);
    Timing timing;
    from_ns_ = bench_.now_ns();
    const Time end_ns = from_ns_ + kLongest;
    while (timing.current < 0 && bench_.now_ns() < end_ns) {
      bench_.run_until(bench_.now_ns() + kMillisecond);
      note(timing);
    }
    return timing;
  }

 private:
  const bms_threshold_t& threshold() const {
    return bench_.scenario().product.bms.rules[row_.rule].protection;
  }
  const bms_outputs_t& outputs() const { return bench_.state().units[0].bms_outputs; }

  bool is_beyond(double value) const {
    return threshold().trip > threshold().release ? value >= threshold().trip
                                                  : value <= threshold().trip;
  }
  bool is_open() const {
    const unsigned configured = bench_.scenario().product.bms.rules[row_.rule].opens;
    const unsigned opens = configured != 0 ? configured : bms_rule_default_opens(row_.rule);
    return !((opens & BMS_OPENS_CHARGE) != 0 && outputs().charge_gate) &&
           !((opens & BMS_OPENS_DISCHARGE) != 0 && outputs().discharge_gate);
  }
  /// Of a cause that ramps, whether it is on its way: the charger's current, the state of charge.
  bool is_still_ramping() const {
    const double truth_mA = std::abs(bench_.state().units[0].pack.current_A) * 1000.0;
    if (row_.rule == BMS_RULE_OCC) return !is_beyond(truth_mA);
    return row_.rule == BMS_RULE_SOC_LOW && !is_beyond(row_.reading(outputs().report));
  }
  /// The state of charge is counted in every task and judged with the cells, one task later.
  bool is_read(std::int64_t now_ms) const {
    if (!is_beyond(row_.reading(outputs().report))) return false;
    return row_.rule != BMS_RULE_SOC_LOW ||
           (now_ms > kTaskPeriod_ms && bench_.now_ns() % row_.sampling_ns == 0);
  }

  void note(Timing& timing) {
    const bool is_ramp = row_.rule == BMS_RULE_OCC || row_.rule == BMS_RULE_SOC_LOW;
    if (is_ramp && timing.reading < 0 && is_still_ramping()) from_ns_ = bench_.now_ns();
    const std::int64_t now_ms = (bench_.now_ns() - from_ns_) / kMillisecond;
    const std::uint32_t protections = outputs().report.protections;
    if (timing.reading < 0 && is_read(now_ms)) timing.reading = now_ms;
    if (timing.protection < 0 && (protections & BMS_RULE_BIT(row_.rule)) != 0)
      timing.protection = now_ms;
    if (timing.gate < 0 && is_open()) timing.gate = now_ms;
    if (timing.gate >= 0 && timing.current < 0 &&
        std::abs(bench_.state().units[0].pack.current_A) < kNoCurrent_A)
      timing.current = now_ms;
  }

  const ProtectionRow& row_;
  Bench bench_;
  Time from_ns_ = 0;
};

}  // namespace doppelpack::sim::test
