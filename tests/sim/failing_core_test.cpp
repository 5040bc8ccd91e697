// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cores that fail are reported with the step that did it, and everything recorded is kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core_fixture.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

struct Failing {
  const char* core;
  Where where;
  const char* kind;
  const char* words;
  int step = 100;
};

class FailingCore : public ::testing::TestWithParam<Failing> {
 protected:
  BenchOptions options() const {
    CoreChoice choice = choose(GetParam().core, GetParam().where);
    const std::string kind = GetParam().kind;
    if (kind == "hang") choice.answer_budget_s = 1.0;
    if (kind == "overrun") choice.cpu_budget_s = 0.002;
    BenchOptions made = with_core(choice);
    made.out = folder_.path();
    return made;
  }

 private:
  TemporaryFolder folder_;
};

TEST_P(FailingCore, EndsTheRunAndIsReported) {
  const BenchOptions given = options();
  Bench bench(free_run(), given);
  bench.run_until(5 * kSecond);
  ASSERT_TRUE(bench.is_over());
  EXPECT_NE(bench.why_over().find(GetParam().words), std::string::npos) << bench.why_over();
  EXPECT_LE(bench.now_ns(), 100 * kMillisecond);

  const RunResult result = bench.finish();
  EXPECT_FALSE(result.has_passed);
  EXPECT_EQ(result.expectations.back().name, "core");
  EXPECT_EQ(result.expectations.back().that, GetParam().kind);
  EXPECT_EQ(result.expectations.back().reason, bench.why_over());
  const auto& events = bench.recorder().events().events();
  EXPECT_EQ(std::count_if(events.begin(), events.end(),
                          [](const Event& event) { return event.kind == "core-failure"; }),
            1);
  EXPECT_TRUE(std::filesystem::exists(*given.out / "result.json"));
}

TEST_P(FailingCore, LeavesTheCallThatDidIt) {
  const BenchOptions given = options();
  Bench bench(free_run(), given);
  bench.run_until(5 * kSecond);
  const nlohmann::json report = read_json(*given.out / "core_failure.json");
  EXPECT_EQ(report["kind"], GetParam().kind);
  EXPECT_EQ(report["at"]["step"], GetParam().step);
  EXPECT_EQ(report["core"]["sha256"].get<std::string>().size(), 64U);
  if (GetParam().step == 0) {
    EXPECT_EQ(report["call"], "init");
    return;
  }
  EXPECT_EQ(report["inputs"]["cell_adc"][0], bench.state().units[0].bms_inputs.cell_adc[0]);
  EXPECT_EQ(report["inputs_bytes"].get<std::string>().size(), 2 * sizeof(bms_inputs_t));
  // An isolated core's memory is as it was before the call: 99 steps counted.
  const bool is_isolated = GetParam().where == Where::isolated;
  EXPECT_EQ(report["instance_bytes"], is_isolated ? "63000000" : "64000000");
}

INSTANTIATE_TEST_SUITE_P(
    Each, FailingCore,
    ::testing::Values(
        Failing{"crasher", Where::isolated, "crash", "ended by signal"},
        Failing{"init_crasher", Where::isolated, "crash", "in init", 0},
        Failing{"exiter", Where::isolated, "crash", "ended with exit code 3"},
        Failing{"hanger", Where::isolated, "hang", "no answer within 1 s"},
        Failing{"slow", Where::isolated, "overrun", "budget 0.002 s, at 0.099250001 s in step 100"},
        Failing{"slow", Where::here, "overrun", "budget 0.002 s, at 0.099250001 s in step 100"},
        Failing{"scribbler", Where::isolated, "scribble", "outside its instance of 4 bytes"},
        Failing{"scribbler", Where::here, "scribble", "outside its instance of 4 bytes"},
        Failing{"scribbler_before", Where::here, "scribble", "outside its instance"}),
    [](const auto& info) {
      return std::string(info.param.core) +
             (info.param.where == Where::here ? "_here" : "_isolated");
    });

TEST(CoreThatFails, DoesNotDisturbTheNextBench) {
  {
    Bench bench(free_run(), with_core(choose("crasher", Where::isolated)));
    bench.run_until(kSecond);
    ASSERT_TRUE(bench.is_over());
  }
  Bench bench(free_run(), with_core(choose("own", Where::isolated)));
  bench.run_until(kSecond);
  EXPECT_FALSE(bench.is_over());
  EXPECT_EQ(bench.why_over(), "");
}

// Whatever the first core does, the second keeps its own process.
TEST(CoreThatFails, AsAShadowIsReportedToo) {
  BenchOptions options = with_core(choose("plain", Where::here));
  options.shadow.emplace();
  options.shadow->core = choose("crasher", Where::isolated);
  Bench bench(free_run(), options);
  bench.run_until(kSecond);
  EXPECT_TRUE(bench.is_over());
  EXPECT_NE(bench.why_over().find("ended by signal"), std::string::npos);
}

}  // namespace
}  // namespace doppelpack::sim
