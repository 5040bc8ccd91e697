// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the core finds broken: how long from the cause to the failure, to the open gates and to no
// current. As in protection_timing_test.cpp the properties become a table.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "protection_bench.hpp"

namespace doppelpack::sim {
namespace {

using test::kNoCurrent_A;
using test::kTaskPeriod_ms;

struct FailureRow {
  bms_failure_t failure;
  const char* cause;
  const char* found_by;
  std::int64_t window_ms;    // that finding it takes by itself, of the core's default thresholds
  std::int64_t sampling_ms;  // of the readings that it looks at
  bool is_exact;             // otherwise it is found within the window
  double demand_W;
  void (*happen)(Bench&);

  friend std::ostream& operator<<(std::ostream& stream, const FailureRow& self) {
    return stream << bms_failure_name(self.failure);
  }
};

template <typename... Severity>
void inject(Bench& bench, const char* fault, int target, Severity... severity) {
  bench.inject(fault, target, std::optional<double>(severity...), fault);
}

const FailureRow kFailures[]{
    {BMS_FAILURE_NTC_BROKEN, "thermistor open", "range of its reading", 0, 100, true, 1000.0,
     [](Bench& bench) { inject(bench, "ntc-open", 2); }},
    {BMS_FAILURE_MOSFET_NTC, "thermistor of the MOSFETs open", "range of its reading", 0, 100, true,
     1000.0, [](Bench& bench) { inject(bench, "ntc-open", 5); }},
    {BMS_FAILURE_AFE_SILENT, "AFE silent", "20 tasks without a current", 20, 0, true, 1000.0,
     [](Bench& bench) { inject(bench, "afe-silent", 0); }},
    {BMS_FAILURE_AFE_CORRUPT, "every transfer corrupt", "ten errors", 10, 0, true, 1000.0,
     [](Bench& bench) { inject(bench, "afe-corrupt", 0, 1.0); }},
    {BMS_FAILURE_CHARGE_MOSFET_OPEN, "CHG MOSFET open in discharge", "drop of its diode", 0, 20,
     true, -1000.0, [](Bench& bench) { inject(bench, "charge-mosfet-stuck-open", 0); }},
    {BMS_FAILURE_DISCHARGE_MOSFET_OPEN, "DSG MOSFET open in charge", "drop of its diode", 0, 20,
     true, 1000.0, [](Bench& bench) { inject(bench, "discharge-mosfet-stuck-open", 0); }},
    {BMS_FAILURE_SENSE_WIRE, "sense wire open", "test of the lines, two halves", 20000, 80, false,
     1000.0, [](Bench& bench) { inject(bench, "sense-wire-open", 8); }},
    {BMS_FAILURE_CLOCK, "real-time clock 5 % fast", "two windows of a minute", 120000, 1, false,
     1000.0, [](Bench& bench) { inject(bench, "rtc-drift", 0, 0.05); }},
};

constexpr std::uint32_t kDelay_ms = 700;

/// The generic pack with perfect sensing, no rules, and only this failure, which opens everything.
Scenario scenario_of(bms_failure_t failure) {
  Scenario scenario = test::scenario_of(BMS_RULE_COUNT);
  bms_config_t& bms = scenario.product.bms;
  bms.failures[failure] = {true, true, BMS_LATCH_POWER_CYCLE,
                           BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE, kDelay_ms};
  bms_core()->seal(&bms);
  return scenario;
}

class FailureTiming : public testing::TestWithParam<FailureRow> {
 protected:
  FailureTiming() : bench_(scenario_of(GetParam().failure)) {}

  /// At work, at the beginning of a scan of everything.
  void start() {
    bench_.run_until(5 * kSecond);
    bench_.set("inverter1/demand_W", GetParam().demand_W);
    bench_.run_until(kStart);
    ASSERT_TRUE(bench_.state().units[0].bms_outputs.charge_gate);
    ASSERT_GT(std::abs(bench_.state().units[0].pack.current_A), 15.0);
    ASSERT_EQ(bench_.state().units[0].bms_outputs.report.failures, 0U);
  }
  std::int64_t first_ms(bool (*holds)(const BenchState&, bms_failure_t)) {
    while (!holds(bench_.state(), GetParam().failure) && bench_.now_ns() < kStart + 200 * kSecond)
      bench_.run_until(bench_.now_ns() + kMillisecond);
    return (bench_.now_ns() - kStart) / kMillisecond;
  }
  void record(std::int64_t failure_ms, std::int64_t gate_ms, std::int64_t current_ms) {
    RecordProperty("failure", bms_failure_name(GetParam().failure));
    RecordProperty("cause", GetParam().cause);
    RecordProperty("found_by", GetParam().found_by);
    RecordProperty("bound", GetParam().is_exact ? "exactly" : "at most");
    RecordProperty("driven_at", "bench");
    RecordProperty("window_ms", std::to_string(GetParam().window_ms));
    RecordProperty("sampling_ms", std::to_string(GetParam().sampling_ms));
    RecordProperty("delay_ms", std::to_string(kDelay_ms));
    RecordProperty("failure_ms", std::to_string(failure_ms));
    RecordProperty("gate_ms", std::to_string(gate_ms));
    RecordProperty("current_ms", std::to_string(current_ms));
  }

  static constexpr Time kStart = 8 * kSecond + 100 * kMillisecond;
  Bench bench_;
};

TEST_P(FailureTiming, is_its_window_its_sampling_and_its_delay) {
  ASSERT_NO_FATAL_FAILURE(start());
  GetParam().happen(bench_);
  const std::int64_t failure_ms = first_ms([](const BenchState& state, bms_failure_t failure) {
    return (state.units[0].bms_outputs.report.failures & BMS_FAILURE_BIT(failure)) != 0;
  });
  const std::int64_t gate_ms = first_ms([](const BenchState& state, bms_failure_t) {
    return !state.units[0].bms_outputs.charge_gate && !state.units[0].bms_outputs.discharge_gate;
  });
  const std::int64_t current_ms = first_ms([](const BenchState& state, bms_failure_t) {
    return std::abs(state.units[0].pack.current_A) < kNoCurrent_A;
  });
  const std::int64_t expected_ms = GetParam().window_ms + GetParam().sampling_ms + kDelay_ms;
  if (GetParam().is_exact) {
    EXPECT_GE(failure_ms, expected_ms - kTaskPeriod_ms);
  } else {
    EXPECT_GE(failure_ms, kDelay_ms);
  }
  EXPECT_LE(failure_ms, expected_ms + kTaskPeriod_ms);
  EXPECT_EQ(gate_ms, failure_ms) << "in the same task";
  EXPECT_LE(current_ms, gate_ms + kTaskPeriod_ms);
  record(failure_ms, gate_ms, current_ms);
}

std::string name_of(const testing::TestParamInfo<FailureRow>& info) {
  std::string name = bms_failure_name(info.param.failure);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Failures, FailureTiming, testing::ValuesIn(kFailures), name_of);

}  // namespace
}  // namespace doppelpack::sim
