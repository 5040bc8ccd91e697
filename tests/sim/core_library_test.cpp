// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cores from shared libraries: which are refused, and that it does not matter where they run.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "core_fixture.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

// ---- refused ----

struct Refused {
  const char* core;
  const char* words;
};

class CoreLibrary : public ::testing::TestWithParam<std::tuple<Refused, Where>> {};

TEST_P(CoreLibrary, ThatDoesNotFitIsRefusedWithOneLine) {
  const auto& [refused, where] = GetParam();
  try {
    const Bench bench(free_run(), with_core(choose(refused.core, where)));
    FAIL() << "not refused";
  } catch (const DataError& error) {
    const std::string line = error.what();
    EXPECT_NE(line.find(refused.words), std::string::npos) << line;
    EXPECT_TRUE(line.starts_with(core_library(refused.core).string() + ": ")) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, CoreLibrary,
    ::testing::Combine(::testing::Values(Refused{"wrong_abi", "ABI version"},
                                         Refused{"wrong_size", "bms_inputs_t: found"},
                                         Refused{"no_symbol", "BMS_EXPORT_CORE"},
                                         Refused{"not_there", "No such file"}),
                       ::testing::Values(Where::here, Where::isolated)),
    [](const auto& info) {
      return std::string(std::get<0>(info.param).core) +
             (std::get<1>(info.param) == Where::here ? "_here" : "_isolated");
    });

TEST(Core, ThatNeedsMoreAlignmentThanThereIsIsRefused) {
  bms_core_t table = *bms_core();
  table.instance_alignment = 4096;
  BenchOptions options;
  options.core.table = &table;
  EXPECT_THROW(Bench(free_run(), options), DataError);
}

// ---- where it runs ----

struct Outcome {
  std::string hash;
  std::vector<double> voltage_V;
  std::vector<double> soc;
};

std::vector<double> recorded(const Bench& bench, std::string_view name) {
  const std::size_t wanted = bench.signals().find(name);
  const auto columns = bench.recorder().recorded();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] != wanted) continue;
    const Column& column = bench.recorder().column(i);
    return {column.block().get(), column.block().get() + column.size()};
  }
  return {};
}

/// Gates, alarms, bleeders, a dead supply and a second power-up.
Outcome story_of(BenchOptions options) {
  options.recording.keeps_rows = true;
  Scenario scenario = free_run(0.6);
  scenario.product.supply = {51.0, 51.3, 0.01};
  scenario.record.period_ns = 100 * kMillisecond;
  Bench bench(std::move(scenario), options);
  start_up(bench);
  bench.set("inverter1/demand_W", 2000.0);
  bench.run_until(25 * kSecond);
  bench.inject("ntc-open", 2, {}, "");
  bench.run_until(28 * kSecond);
  bench.clear("ntc-open");
  bench.inject("discharge-mosfet-stuck-closed", 0, {}, "");
  bench.inject("terminal-short", 0, 0.02, "");
  bench.run_until(29 * kSecond);
  bench.clear("terminal-short");
  bench.run_until(32 * kSecond);
  return {bench.finish().event_log_sha256, recorded(bench, "bms1/cell01/voltage_V"),
          recorded(bench, "bms1/soc")};
}

TEST(Core, GivesTheSameBitsInAProcessOfItsOwn) {
  const Outcome here = story_of(with_core(choose("own", Where::here)));
  const Outcome isolated = story_of(with_core(choose("own", Where::isolated)));
  EXPECT_EQ(here.hash, isolated.hash);
  EXPECT_GT(here.voltage_V.size(), 300U);
  EXPECT_EQ(here.voltage_V, isolated.voltage_V);
  EXPECT_EQ(here.soc, isolated.soc);
}

TEST(Core, WithoutALibraryCanBeIsolatedToo) {
  BenchOptions options;
  const std::string here = story_of(options).hash;
  options.core.is_isolated = true;
  EXPECT_EQ(here, story_of(options).hash);
}

TEST(Core, StandsInTheResultAndInTheEventLog) {
  Bench bench(free_run(), with_core(choose("plain", Where::isolated)));
  const RunResult result = bench.finish();
  EXPECT_EQ(result.core.name, "bad");
  EXPECT_EQ(result.core.version, "0.1-bad");
  EXPECT_EQ(result.core.sha256.size(), 64U);
  EXPECT_TRUE(result.core.is_isolated);
  const Event& event = bench.recorder().events().events().at(1);
  EXPECT_EQ(event.kind, "core");
  EXPECT_EQ(std::get<std::string>(event.fields.at(2).second), result.core.sha256);
}

TEST(Core, OtherLibraryOtherHashOfIt) {
  const auto hash = [](const char* name) {
    return Bench(free_run(), with_core(choose(name, Where::here))).finish().core.sha256;
  };
  EXPECT_NE(hash("plain"), hash("own"));
  EXPECT_EQ(hash("plain"), hash("plain"));
}

TEST(Core, ExampleKeepsAPackFromBeingOvercharged) {
  Bench bench(free_run(0.97, "disobedient-charger"), with_core(choose("example", Where::here)));
  start_up(bench);
  bench.set("inverter1/demand_W", 2800.0);
  ASSERT_TRUE(run_until(bench, "bms1/protection/cell-ov == active", 1800 * kSecond));
  EXPECT_EQ(read(bench, "bms1/charge_gate"), 0.0);
  EXPECT_EQ(read(bench, "bms1/discharge_gate"), 1.0);
  EXPECT_LT(read(bench, "pack1/cell_max_V"), 3.75);
}

// ---- its memory ----

class CoreMemory : public ::testing::TestWithParam<Where> {};

// "crasher" counts its steps and fails in the hundredth; in-process it is replaced by one that only
// overwrites its guard.
TEST_P(CoreMemory, IsTheBenchsAndAnOldCopyTakesTheCoreBack) {
  Bench bench(free_run(), with_core(choose("scribbler", GetParam())));
  bench.run_until(10 * kMillisecond);
  const auto saved = bench.state().units[0].bms_instance;
  bench.run_until(50 * kMillisecond);
  const_cast<BenchState&>(bench.state()).units[0].bms_instance = saved;
  bench.run_until(130 * kMillisecond);
  EXPECT_FALSE(bench.is_over());
  bench.run_until(150 * kMillisecond);
  EXPECT_TRUE(bench.is_over());
}

TEST_P(CoreMemory, IsNotSharedByTwoBenchesOfOneLibrary) {
  Bench first(free_run(), with_core(choose("scribbler", GetParam())));
  Bench second(free_run(), with_core(choose("scribbler", GetParam())));
  first.run_until(60 * kMillisecond);
  second.run_until(60 * kMillisecond);
  EXPECT_FALSE(first.is_over());
  EXPECT_FALSE(second.is_over());
  first.run_until(kSecond);
  EXPECT_TRUE(first.is_over());
  EXPECT_FALSE(second.is_over());
}

INSTANTIATE_TEST_SUITE_P(Each, CoreMemory, ::testing::Values(Where::here, Where::isolated),
                         [](const auto& info) {
                           return info.param == Where::here ? "here" : "isolated";
                         });

TEST(Core, LeavesNoProcessBehind) {
  {
    const Bench bench(free_run(), with_core(choose("plain", Where::isolated)));
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), 0) << "its process runs";
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace doppelpack::sim
