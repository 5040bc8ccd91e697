// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every protection of the generic pack, and of the same pack with the rules it leaves out: how long
// from the cause to the reading, to the alarm, to the open gate and to no current. The properties of
// these tests are the table of docs/verification.md: see verification/timing.
#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "protection_rows.hpp"

namespace doppelpack::sim {
namespace {

using test::ProtectionRow;

constexpr std::int64_t kTaskPeriod_ms = 1;
constexpr double kNoCurrent_A = 0.5;
constexpr Time kLook = 50 * kMicrosecond;  // the AFE's own, while a comparator may trip

void add_rule(bms_config_t& bms, bms_rule_t rule, std::int32_t trip, std::int32_t release,
              std::uint32_t delay_ms) {
  bms.rules[rule] = {};
  bms.rules[rule].protection = {true, trip, release, delay_ms, 5000};
  bms.rules[rule].opens = bms_rule_default_opens(rule);
}

/// The generic pack with perfect sensing, the rules it leaves out, and of all of them only this one.
Product product_with_only(bms_rule_t only, Product product) {
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

Scenario scenario_of(bms_rule_t rule) {
  Scenario scenario = test::free_run(0.5, "disobedient-charger");
  scenario.product = product_with_only(rule, std::move(scenario.product));
  scenario.inverter.max_charge_A = 100.0;
  scenario.inverter.cutoff_V = 20.0;
  if (rule == BMS_RULE_SOC_LOW) scenario.initial.soc = 0.103;
  return scenario;
}

/// In ms from the cause; -1: not seen. Looked at once per task, so that each is rounded up to one.
struct Timing {
  std::int64_t crossing = -1;  // of the truth, where it ramps
  std::int64_t reading = -1;
  std::int64_t protection = -1;
  std::int64_t gate = -1;
  std::int64_t current = -1;
};

void expect_within_a_task(std::int64_t is_ms, std::int64_t expected_ms) {
  EXPECT_LE(std::abs(is_ms - expected_ms), kTaskPeriod_ms) << is_ms << " and " << expected_ms;
}

class ProtectionTiming : public testing::TestWithParam<ProtectionRow> {
 protected:
  ProtectionTiming() : bench_(scenario_of(GetParam().rule)) {}

  const bms_threshold_t& threshold() const {
    return bench_.scenario().product.bms.rules[GetParam().rule].protection;
  }
  unsigned opens() const {
    const unsigned opens = bench_.scenario().product.bms.rules[GetParam().rule].opens;
    return opens != 0 ? opens : bms_rule_default_opens(GetParam().rule);
  }
  const bms_outputs_t& outputs() const { return bench_.state().bms_outputs; }

  bool is_beyond(double value) const {
    return threshold().trip > threshold().release ? value >= threshold().trip
                                                  : value <= threshold().trip;
  }
  bool is_open() const {
    return !((opens() & BMS_OPENS_CHARGE) != 0 && outputs().charge_gate) &&
           !((opens() & BMS_OPENS_DISCHARGE) != 0 && outputs().discharge_gate);
  }

  /// Where it ramps: the charger's current. The state of charge is counted by the core itself.
  double truth() const {
    return GetParam().rule == BMS_RULE_OCC ? std::abs(bench_.state().pack.current_A) * 1000.0
                                           : GetParam().reading(outputs().report);
  }

  /// At work, and at the beginning of a scan.
  void start() {
    const Time period_ns = GetParam().sampling_ns;
    bench_.run_until(5 * kSecond);
    bench_.set("inverter1/demand_W", GetParam().demand_W);
    bench_.run_until(8 * kSecond);
    ASSERT_TRUE(outputs().charge_gate && outputs().discharge_gate);
    ASSERT_EQ(outputs().report.protections, 0U);
    ASSERT_NEAR(bench_.state().pack.current_A, GetParam().demand_W / 52.8,
                1.0 + std::abs(GetParam().demand_W) / 500.0);
    ASSERT_FALSE(is_beyond(GetParam().reading(outputs().report)));
    // The monitor of the insulation has just told its value, half a task after the full second.
    const Time after_ns = period_ns == kSecond ? kMillisecond : 0;
    bench_.run_until((bench_.now_ns() / period_ns + 1) * period_ns + after_ns);
  }

  void note(Time from_ns, Timing& timing) const {
    const std::int64_t now_ms = (bench_.now_ns() - from_ns) / kMillisecond;
    const bms_report_t& report = outputs().report;
    if (timing.crossing < 0 && is_beyond(truth())) timing.crossing = now_ms;
    if (timing.reading < 0 && is_beyond(GetParam().reading(report))) timing.reading = now_ms;
    if (timing.protection < 0 && (report.protections & BMS_RULE_BIT(GetParam().rule)) != 0)
      timing.protection = now_ms;
    if (timing.gate < 0 && is_open()) timing.gate = now_ms;
    if (timing.gate >= 0 && timing.current < 0 &&
        std::abs(bench_.state().pack.current_A) < kNoCurrent_A)
      timing.current = now_ms;
  }

  Timing watch(Time longest_ns) {
    Timing timing;
    const Time from_ns = bench_.now_ns();
    while (timing.current < 0 && bench_.now_ns() < from_ns + longest_ns) {
      bench_.run_until(bench_.now_ns() + kMillisecond);
      note(from_ns, timing);
    }
    return timing;
  }

  void record(const Timing& timing, std::int64_t since_ms) {
    RecordProperty("rule", bms_rule_name(GetParam().rule));
    RecordProperty("cause", GetParam().cause);
    RecordProperty("sampled", GetParam().sampled);
    RecordProperty("driven_at", "bench");
    RecordProperty("delay_ms", std::to_string(threshold().trip_delay_ms));
    RecordProperty("sampling_ms", std::to_string(GetParam().sampling_ns / kMillisecond));
    RecordProperty("reading_ms", std::to_string(timing.reading - since_ms));
    RecordProperty("protection_ms", std::to_string(timing.protection - since_ms));
    RecordProperty("gate_ms", std::to_string(timing.gate - since_ms));
    RecordProperty("current_ms", std::to_string(timing.current - since_ms));
  }

  Bench bench_;
};

// A cause that steps takes one sampling period to be read. Of one that ramps, the current of the
// charger and the state of charge, the time counts from the crossing.
TEST_P(ProtectionTiming, is_its_delay_and_its_sampling) {
  ASSERT_NO_FATAL_FAILURE(start());
  GetParam().happen(bench_);
  const Timing timing = watch(30 * kSecond);
  ASSERT_GE(timing.current, 0) << "read " << timing.reading << ", tripped " << timing.protection
                               << ", open " << timing.gate;
  const std::int64_t sampling_ms = GetParam().sampling_ns / kMillisecond;
  const std::int64_t delay_ms = threshold().trip_delay_ms;
  const bool is_ramp = GetParam().rule == BMS_RULE_OCC || GetParam().rule == BMS_RULE_SOC_LOW;
  const std::int64_t since_ms = is_ramp ? timing.crossing - kTaskPeriod_ms : 0;
  record(timing, since_ms);
  if (GetParam().rule == BMS_RULE_SOC_LOW) {  // counted, not sampled; judged with the cells
    EXPECT_GE(timing.protection - timing.reading, delay_ms);
    EXPECT_LE(timing.protection - timing.reading, delay_ms + sampling_ms + kTaskPeriod_ms);
  } else {
    expect_within_a_task(timing.reading - since_ms, sampling_ms);
    expect_within_a_task(timing.protection - timing.reading, delay_ms);
    expect_within_a_task(timing.protection - since_ms, delay_ms + sampling_ms);
  }
  EXPECT_EQ(timing.gate, timing.protection) << "in the same task";
  expect_within_a_task(timing.current, timing.gate);
}

// The comparator acts on its own; firmware learns of it in its next task.
TEST(ProtectionTimingOfScd, is_the_delay_of_the_comparator_and_one_task) {
  Scenario scenario = scenario_of(BMS_RULE_SCD);
  const models::ComparatorParameters comparator = scenario.product.pack.electrical.comparators.scd;
  Bench bench(std::move(scenario));
  bench.run_until(8 * kSecond);
  ASSERT_TRUE(bench.state().bms_outputs.discharge_gate);
  bench.inject("terminal-short", 0, 0.005, "short");
  Time crossing_ns = -1, trip_ns = -1, current_ns = -1, protection_ns = -1;
  const auto is_over = [&] { return protection_ns >= 0 && current_ns >= 0; };
  for (Time t_ns = kLook; !is_over() && t_ns < 10 * kMillisecond; t_ns += kLook) {
    bench.run_until(8 * kSecond + t_ns);
    const models::PackState& pack = bench.state().pack;
    const double current_A = std::abs(pack.current_A);
    if (crossing_ns < 0 && current_A >= comparator.threshold_A) crossing_ns = t_ns;
    if (trip_ns < 0 && pack.path.comparators.scd.is_latched) trip_ns = t_ns;
    if (trip_ns >= 0 && current_ns < 0 && current_A < kNoCurrent_A) current_ns = t_ns;
    const std::uint32_t protections = bench.state().bms_outputs.report.protections;
    if (protection_ns < 0 && (protections & BMS_RULE_BIT(BMS_RULE_SCD)) != 0) protection_ns = t_ns;
  }
  ASSERT_GE(protection_ns, 0);
  ASSERT_GE(crossing_ns, 0);
  EXPECT_NEAR(static_cast<double>(trip_ns - crossing_ns), comparator.delay_s * 1e9, kLook);
  EXPECT_GE(current_ns, trip_ns);
  EXPECT_LE(current_ns - trip_ns, kTaskPeriod_ms * kMillisecond);
  EXPECT_GE(protection_ns, trip_ns);
  EXPECT_LE(protection_ns - trip_ns, kTaskPeriod_ms * kMillisecond);
  EXPECT_FALSE(bench.state().bms_outputs.discharge_gate);
  const auto ms = [&](Time t_ns) {
    return std::to_string(static_cast<double>(t_ns - crossing_ns) / 1e6);
  };
  RecordProperty("rule", "scd");
  RecordProperty("cause", "5 mOhm across the terminals");
  RecordProperty("sampled", "comparator, then every task");
  RecordProperty("driven_at", "bench");
  RecordProperty("delay_ms", std::to_string(comparator.delay_s * 1e3));
  RecordProperty("sampling_ms", std::to_string(kTaskPeriod_ms));
  RecordProperty("reading_ms", ms(trip_ns));
  RecordProperty("protection_ms", ms(protection_ns));
  RecordProperty("gate_ms", ms(trip_ns));
  RecordProperty("current_ms", ms(current_ns));
}

std::string name_of(const testing::TestParamInfo<ProtectionRow>& info) {
  std::string name = bms_rule_name(info.param.rule);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, ProtectionTiming, testing::ValuesIn(test::kProtections), name_of);

}  // namespace
}  // namespace doppelpack::sim
