// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/bench.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include <cmath>
#include <memory>
#include <string>

#include "bench_fixture.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

/// What one run of a fixed story leaves in its event log.
std::string hash_of_story(const std::vector<Time>& pauses) {
  Bench bench(free_run(0.6));
  for (const Time t_ns : pauses) {
    bench.run_until(t_ns);
    read(bench, "pack1/cell_max_V");
  }
  bench.run_until(20 * kSecond);
  bench.set("inverter1/demand_W", 2000.0);
  bench.run_until(60 * kSecond);
  bench.inject("ntc-open", 2, {}, "");
  bench.run_until(100 * kSecond);
  bench.clear("ntc-open");
  bench.run_until(1300 * kSecond);
  return bench.finish().event_log_sha256;
}

TEST(Bench, SameStorySameHash) {
  EXPECT_EQ(hash_of_story({}), hash_of_story({}));
}

TEST(Bench, LookingDoesNotChangeAnything) {
  EXPECT_EQ(hash_of_story({}),
            hash_of_story({1, kMillisecond, 777'777, 3 * kSecond + 123, 19 * kSecond}));
}

TEST(Bench, SeedMakesAnotherSpecimen) {
  Scenario first = free_run();
  Scenario second = free_run();
  second.seed = first.seed + 1;
  Bench a(std::move(first));
  Bench b(std::move(second));
  start_up(a);
  start_up(b);
  EXPECT_NE(read(a, "pack1/cell01/voltage_V"), read(b, "pack1/cell01/voltage_V"));
}

TEST(Bench, TwoBenchesInOneProcessDoNotDisturbEachOther) {
  Bench alone(free_run());
  alone.set("inverter1/demand_W", 3000.0);
  alone.run_until(40 * kSecond);
  const double expected_soc = read(alone, "pack1/soc");

  Bench first(free_run());
  auto second = std::make_unique<Bench>(free_run(0.9));
  first.set("inverter1/demand_W", 3000.0);
  second->set("inverter1/demand_W", -3000.0);
  for (int i = 1; i <= 20; ++i) {
    first.run_until(2 * i * kSecond);
    second->run_until(3 * i * kSecond);
  }
  second.reset();
  EXPECT_EQ(read(first, "pack1/soc"), expected_soc);
}

TEST(Bench, ManyBenchesOneAfterTheOther) {
  for (int i = 0; i < 50; ++i) {
    Bench bench(free_run());
    bench.run_until(kSecond);
    ASSERT_EQ(bench.now_ns(), kSecond);
  }
}

TEST(Bench, GatesCloseAfterSelfTestAndTheInverterLearnsItsLimitsFromTheBus) {
  Bench bench(free_run());
  EXPECT_EQ(read(bench, "bms1/charge_gate"), 0.0);
  EXPECT_TRUE(std::isnan(read(bench, "inverter1/ccl_A")));
  ASSERT_TRUE(run_until(bench, "bms1/charge_gate == closed and bms1/discharge_gate == closed",
                        5 * kSecond));
  ASSERT_TRUE(run_until(bench, "inverter1/is_battery_lost == no", 5 * kSecond));
  EXPECT_NEAR(read(bench, "inverter1/ccl_A"), read(bench, "bms1/ccl_A"), 0.1);
}

TEST(Bench, ChargesWithTheDemandedPower) {
  Bench bench(free_run());
  start_up(bench);
  bench.set("inverter1/demand_W", 2000.0);
  bench.run_until(bench.now_ns() + 10 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A") * read(bench, "pack1/terminal_V"), 2000.0, 40.0);
  EXPECT_NEAR(read(bench, "bms1/current_A"), read(bench, "pack1/current_A"), 0.3);
}

TEST(Bench, DischargesOnNegativeDemand) {
  Bench bench(free_run());
  start_up(bench);
  bench.set("inverter1/demand_W", -1000.0);
  bench.run_until(bench.now_ns() + 10 * kSecond);
  EXPECT_LT(read(bench, "pack1/current_A"), -15.0);
}

TEST(Bench, RunUntilStopsAtThePassThatSeesTheCondition) {
  Bench bench(free_run());
  start_up(bench);
  const Time before_ns = bench.now_ns();
  bench.inject("ntc-open", 1, {}, "");
  ASSERT_TRUE(run_until(bench, "bms1/charge_gate == open", 10 * kSecond));
  const Time stopped_ns = bench.now_ns();
  EXPECT_GT(stopped_ns, before_ns);
  EXPECT_EQ(read(bench, "bms1/charge_gate"), 0.0);
  EXPECT_TRUE(run_until(bench, "bms1/charge_gate == open", kSecond));
  EXPECT_EQ(bench.now_ns(), stopped_ns) << "an already true condition takes no time";
  EXPECT_FALSE(run_until(bench, "pack1/cell_max_V > 4 V", kSecond));
  EXPECT_EQ(bench.now_ns(), stopped_ns + kSecond);
}

TEST(Bench, ShortCircuitIsOpenedByTheComparatorInMicroseconds) {
  Bench bench(free_run());
  start_up(bench);
  const Time shorted_ns = bench.now_ns();
  bench.inject("terminal-short", 0, 0.005, "");
  bench.run_until(shorted_ns + 150 * kMicrosecond);
  EXPECT_LT(read(bench, "pack1/current_A"), -1000.0) << "nothing has opened yet";
  bench.run_until(shorted_ns + kMillisecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 0.0, 0.1);
  bench.run_until(shorted_ns + 10 * kMillisecond);
  EXPECT_EQ(read(bench, "bms1/protection/scd"), 1.0) << "the firmware learns it from the flag";
}

// Nothing a user can do breaks an invariant: the test reaches into the plant.
TEST(Bench, BrokenInvariantEndsTheRunAndSaysWhere) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.out = folder.path();
  Bench bench(free_run(), options);
  bench.run_until(kSecond);
  EXPECT_FALSE(bench.is_over());
  const_cast<BenchState&>(bench.state()).units[0].pack.cells.x(4, 0) += 0.01;
  bench.run_until(5 * kSecond);
  EXPECT_TRUE(bench.is_over());
  EXPECT_LT(bench.now_ns(), 1200 * kMillisecond);
  const RunResult result = bench.finish();
  EXPECT_FALSE(result.has_passed);
  ASSERT_FALSE(result.expectations.empty());
  EXPECT_EQ(result.expectations.back().name, "audit");
  EXPECT_EQ(result.expectations.back().reason.substr(0, 16), "charge of cell 5");
  EXPECT_TRUE(std::filesystem::exists(folder / "violation.json"));
}

TEST(Bench, StuckMosfetDefeatsTheFirmware) {
  Bench bench(free_run(0.5, "disobedient-charger"));
  bench.set("inverter1/demand_W", 2000.0);
  start_up(bench);
  bench.inject("charge-mosfet-stuck-closed", 0, {}, "");
  bench.inject("ntc-open", 1, {}, "");
  ASSERT_TRUE(run_until(bench, "bms1/charge_gate == open", 10 * kSecond));
  bench.run_until(bench.now_ns() + kSecond);
  EXPECT_GT(read(bench, "pack1/current_A"), 30.0);
}

TEST(Bench, PressedButtonIsReleasedAgain) {
  Bench bench(free_run());
  bench.run_until(kSecond);
  bench.press("reset", 200 * kMillisecond);
  EXPECT_EQ(read(bench, "bms1/button/reset"), 1.0);
  bench.run_until(bench.now_ns() + 201 * kMillisecond);
  EXPECT_EQ(read(bench, "bms1/button/reset"), 0.0);
}

TEST(Bench, BadRequestsAreRefusedWithOneLine) {
  Bench bench(free_run());
  EXPECT_THROW(bench.inject("ntc-opne", 1, {}, ""), DataError);
  EXPECT_THROW(bench.inject("ntc-open", 99, {}, ""), DataError);
  EXPECT_THROW(bench.inject("terminal-short", 3, {}, ""), DataError);
  EXPECT_THROW(bench.inject("terminal-short", 0, -1.0, ""), DataError);
  EXPECT_THROW(bench.clear("never-injected"), DataError);
  EXPECT_THROW(bench.set("pack1/current_A", 1.0), DataError);
  try {
    bench.inject("ntc-opne", 1, {}, "");
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("ntc-open"), std::string::npos) << error.what();
  }
}

/// A core that closes both gates at once and reports nothing else: somebody else's firmware.
void careless_format(const bms_factory_t*, uint8_t*) {}
bms_status_t careless_init(void*, const bms_config_t*, const uint8_t*) {
  return {BMS_OK, 0};
}
void careless_step(void*, const bms_inputs_t*, uint32_t, bms_outputs_t* out) {
  *out = {};
  out->charge_gate = true;
  out->discharge_gate = true;
}

TEST(Bench, AnotherCoreTakesThePlaceOfOurs) {
  const bms_core_t careless{BMS_ABI_VERSION, "careless",   1, 1, 1, nullptr, careless_format,
                            careless_init,   careless_step};
  BenchOptions options;
  options.core.table = &careless;
  Bench bench(free_run(), options);
  bench.run_until(2 * kMillisecond);
  EXPECT_EQ(read(bench, "bms1/charge_gate"), 1.0);
}

}  // namespace
}  // namespace doppelpack::sim
