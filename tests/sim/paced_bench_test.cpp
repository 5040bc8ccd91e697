// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a bench says about its own pace. How late it is depends on the machine; what is counted does not.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_fixture.hpp"

namespace doppelpack::sim {
namespace {

BenchOptions at_speed(double speed) {
  BenchOptions options;
  options.speed = speed;
  return options;
}

TEST(PacedBench, one_that_is_not_paced_has_no_timing) {
  Bench bench(test::free_run(), {});
  bench.run_until(kSecond);
  EXPECT_FALSE(bench.timing());
  const RunResult result = bench.finish();
  EXPECT_FALSE(result.timing);
  EXPECT_TRUE(nlohmann::json::parse(to_json(result))["timing"].is_null());
  EXPECT_EQ(to_junit({{result}}).find("timing"), std::string::npos);
}

TEST(PacedBench, has_a_deadline_per_millisecond_and_fewer_at_high_speed) {
  Bench slow(test::free_run(), at_speed(4.0));
  slow.run_until(kSecond);
  EXPECT_EQ(slow.timing()->slots, 1000U);
  Bench fast(test::free_run(), at_speed(100.0));
  fast.run_until(10 * kSecond);  // 0.25 ms of the host are 25 ms
  EXPECT_EQ(fast.timing()->slots, 400U);
  EXPECT_EQ(fast.timing()->speed, 100.0);
}

TEST(PacedBench, tells_result_and_junit) {
  Bench bench(test::free_run(), at_speed(100.0));
  bench.run_until(5 * kSecond);
  const RunResult result = bench.finish();
  const auto timing = nlohmann::json::parse(to_json(result))["timing"];
  EXPECT_EQ(timing["slots"], 200);
  EXPECT_EQ(timing["budget_ms"], 1.0);
  EXPECT_EQ(timing["is_valid"], result.timing->is_valid);
  EXPECT_GE(timing["lateness_us"]["max"], timing["lateness_us"]["p50"]);
  EXPECT_TRUE(timing["scheduling"].empty());
  const std::string junit = to_junit({{result}});
  EXPECT_NE(junit.find("<property name=\"timing_slots\" value=\"200\"/>"), std::string::npos);
}

// No machine is that fast: it lags behind, and says so; what is simulated is none the worse.
TEST(PacedBench, a_speed_out_of_reach_is_not_valid) {
  Bench bench(test::free_run(), at_speed(1e6));
  bench.run_until(1000 * kSecond);
  const RunResult result = bench.finish();
  ASSERT_TRUE(result.timing);
  EXPECT_FALSE(result.timing->is_valid);
  EXPECT_GT(result.timing->slips, 0U) << result.timing->reason;
  EXPECT_GT(result.timing->missed_slots, 0U);
  EXPECT_TRUE(result.has_passed);
}

TEST(PacedBench, an_unpaced_stretch_has_no_deadlines) {
  Bench bench(test::free_run(), at_speed(1.0));
  bench.run_until(100 * kMillisecond);
  bench.set_speed(0.0);
  bench.run_until(600 * kSecond);
  bench.set_speed(2.0);
  bench.run_until(600 * kSecond + 100 * kMillisecond);
  EXPECT_EQ(bench.timing()->slots, 200U);
  EXPECT_EQ(bench.timing()->speed, 2.0);
}

TEST(PacedBench, its_pace_changes_no_bit) {
  Bench free(test::free_run(), {});
  Bench paced(test::free_run(), at_speed(200.0));
  for (Bench* bench : {&free, &paced}) {
    bench->set("inverter1/demand_W", 1000.0);
    bench->run_until(60 * kSecond);
  }
  EXPECT_EQ(free.recorder().events().sha256(), paced.recorder().events().sha256());
  EXPECT_EQ(free.finish().event_log_sha256, paced.finish().event_log_sha256);
}

TEST(PacedBench, what_the_host_refuses_is_said_once_and_stops_nothing) {
  std::vector<std::string> notices;
  BenchOptions options = at_speed(100.0);
  options.real_time.cpu = 1023;  // nobody has that one
  options.notice = [&](std::string_view line) { notices.emplace_back(line); };
  Bench bench(test::free_run(), options);
  bench.run_until(kSecond);
  bench.run_until(2 * kSecond);
  EXPECT_EQ(bench.now_ns(), 2 * kSecond);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("not on CPU 1023: "), std::string::npos) << notices[0];
  ASSERT_EQ(bench.timing()->scheduling.size(), 1U);
  EXPECT_EQ(bench.timing()->scheduling[0].find("not on CPU 1023: "), 0U);
}

TEST(PacedBench, spinning_changes_when_it_wakes_and_nothing_else) {
  BenchOptions options = at_speed(20.0);
  options.real_time.spin = std::chrono::microseconds(100);
  Bench bench(test::free_run(), options);
  bench.run_until(2 * kSecond);
  EXPECT_EQ(bench.timing()->slots, 400U);
  EXPECT_EQ(bench.timing()->scheduling, std::vector<std::string>{"spin 100 us"});
}

}  // namespace
}  // namespace doppelpack::sim
