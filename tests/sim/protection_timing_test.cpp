// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every protection of the generic pack, and of the same pack with the rules it leaves out: how long
// from the cause to the reading, to the alarm, to the open gate and to no current. The properties of
// these tests are the table of docs/verification.md: see verification/timing.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "protection_bench.hpp"

namespace doppelpack::sim {
namespace {

using test::kLook;
using test::kNoCurrent_A;
using test::kTaskPeriod_ms;
using test::ProtectionRow;
using test::scenario_of;
using test::TimedBench;
using test::Timing;

void expect_within_a_task(std::int64_t is_ms, std::int64_t expected_ms) {
  EXPECT_LE(std::abs(is_ms - expected_ms), kTaskPeriod_ms) << is_ms << " and " << expected_ms;
}

class ProtectionTiming : public testing::TestWithParam<ProtectionRow> {
 protected:
  /// The delay counts from the reading, the gate opens in the task of the alarm.
  void measure(Time phase_ns) {
    TimedBench bench(GetParam());
    ASSERT_NO_FATAL_FAILURE(bench.start(phase_ns));
    timing_ = bench.watch();
    delay_ms_ = bench.delay_ms();
    ASSERT_GE(timing_.current, 0) << "read " << timing_.reading << ", tripped "
                                  << timing_.protection << ", open " << timing_.gate;
    expect_within_a_task(timing_.protection - timing_.reading, delay_ms_);
    EXPECT_EQ(timing_.gate, timing_.protection);
    expect_within_a_task(timing_.current, timing_.gate);
  }
  bool is_counted() const { return GetParam().rule == BMS_RULE_SOC_LOW; }

  void record(std::int64_t latest_ms) {
    RecordProperty("rule", bms_rule_name(GetParam().rule));
    RecordProperty("cause", GetParam().cause);
    RecordProperty("sampled", GetParam().sampled);
    RecordProperty("driven_at", "bench");
    RecordProperty("delay_ms", std::to_string(delay_ms_));
    RecordProperty("sampling_ms", std::to_string(sampling_ms_));
    RecordProperty("reading_ms", std::to_string(timing_.reading));
    RecordProperty("protection_ms", std::to_string(timing_.protection));
    RecordProperty("gate_ms", std::to_string(timing_.gate));
    RecordProperty("current_ms", std::to_string(timing_.current));
    RecordProperty("latest_ms", std::to_string(latest_ms));
  }

  const std::int64_t sampling_ms_ = GetParam().sampling_ns / kMillisecond;
  std::int64_t delay_ms_ = 0;
  Timing timing_;
};

TEST_P(ProtectionTiming, is_its_delay_and_its_sampling) {
  std::int64_t latest_ms = 0;
  for (const int quarter : {1, 2, 3}) {  // missed by this scan, it is in the next one
    ASSERT_NO_FATAL_FAILURE(measure(quarter * GetParam().sampling_ns / 4));
    EXPECT_LE(timing_.reading, 2 * sampling_ms_ + kTaskPeriod_ms);
    latest_ms = std::max(latest_ms, timing_.protection);
  }
  ASSERT_NO_FATAL_FAILURE(measure(0));
  if (is_counted())
    EXPECT_LE(timing_.reading, sampling_ms_ + kTaskPeriod_ms);
  else
    expect_within_a_task(timing_.reading, sampling_ms_);
  record(std::max(latest_ms, timing_.protection));
}

/// From the crossing of the comparator's threshold, in ns; -1: not seen.
struct ShortTiming {
  Time trip_ns = -1;
  Time current_ns = -1;
  Time protection_ns = -1;
};

ShortTiming short_circuit(Time phase_ns) {
  Scenario scenario = scenario_of(BMS_RULE_SCD);
  const double threshold_A = scenario.product.pack.electrical.comparators.scd.threshold_A;
  Bench bench(std::move(scenario));
  bench.run_until(8 * kSecond + phase_ns);
  bench.inject("terminal-short", 0, 0.005, "short");
  ShortTiming timing;
  Time from_ns = bench.now_ns();
  const Time end_ns = from_ns + 10 * kMillisecond;
  while ((timing.protection_ns < 0 || timing.current_ns < 0) && bench.now_ns() < end_ns) {
    bench.run_until(bench.now_ns() + kLook);
    const models::PackState& pack = bench.state().units[0].pack;
    const bool is_tripped = pack.path.comparators.scd.is_latched;
    const double current_A = std::abs(pack.current_A);
    if (!is_tripped && timing.trip_ns < 0 && current_A < threshold_A) from_ns = bench.now_ns();
    const Time now_ns = bench.now_ns() - from_ns;
    const std::uint32_t protections = bench.state().units[0].bms_outputs.report.protections;
    if (timing.trip_ns < 0 && is_tripped) timing.trip_ns = now_ns;
    if (timing.trip_ns >= 0 && timing.current_ns < 0 && current_A < kNoCurrent_A)
      timing.current_ns = now_ns;
    if (timing.protection_ns < 0 && (protections & BMS_RULE_BIT(BMS_RULE_SCD)) != 0)
      timing.protection_ns = now_ns;
  }
  EXPECT_FALSE(bench.state().units[0].bms_outputs.discharge_gate);
  return timing;
}

std::string in_ms(Time t_ns) {
  return std::to_string(static_cast<double>(t_ns) / 1e6);
}

// The comparator acts on its own; firmware learns of it in its next task.
TEST(ProtectionTimingOfScd, is_the_delay_of_the_comparator_and_one_task) {
  const double delay_s = test::free_run().product.pack.electrical.comparators.scd.delay_s;
  const Time delay_ns = std::llround(delay_s * 1e9);
  ShortTiming latest;
  for (int i = 0; i < 10; ++i) {
    const ShortTiming timing = short_circuit(i * kMillisecond / 10);
    ASSERT_GE(timing.current_ns, timing.trip_ns);
    EXPECT_GE(timing.trip_ns, delay_ns - kLook);
    EXPECT_LE(timing.trip_ns, delay_ns + 2 * kLook);
    EXPECT_LE(timing.current_ns - timing.trip_ns, kTaskPeriod_ms * kMillisecond);
    EXPECT_GE(timing.protection_ns, timing.trip_ns);
    EXPECT_LE(timing.protection_ns - timing.trip_ns, kTaskPeriod_ms * kMillisecond);
    if (timing.protection_ns > latest.protection_ns) latest = timing;
  }
  RecordProperty("rule", "scd");
  RecordProperty("cause", "5 mOhm across the terminals");
  RecordProperty("sampled", "comparator, then every task");
  RecordProperty("driven_at", "bench");
  RecordProperty("delay_ms", in_ms(delay_ns));
  RecordProperty("sampling_ms", std::to_string(kTaskPeriod_ms));
  RecordProperty("reading_ms", in_ms(latest.trip_ns - delay_ns));
  RecordProperty("protection_ms", in_ms(latest.protection_ns));
  RecordProperty("gate_ms", in_ms(latest.trip_ns));
  RecordProperty("current_ms", in_ms(latest.current_ns));
  RecordProperty("latest_ms", in_ms(latest.protection_ns));
}

TEST(ProtectionTimes, have_a_row_for_every_rule) {
  std::set<bms_rule_t> rules{BMS_RULE_SCD};
  for (const ProtectionRow& row : test::kProtections) rules.insert(row.rule);
  EXPECT_EQ(rules.size(), std::size_t{BMS_RULE_COUNT});
}

std::string rule_name_of(const testing::TestParamInfo<ProtectionRow>& info) {
  std::string name = bms_rule_name(info.param.rule);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, ProtectionTiming, testing::ValuesIn(test::kProtections),
                         rule_name_of);

}  // namespace
}  // namespace doppelpack::sim
