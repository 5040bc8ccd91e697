// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Two cores side by side on the same inputs.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core_fixture.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using namespace test;

BenchOptions pair(const CoreChoice& driving, const CoreChoice& shadow,
                  std::vector<std::string> fields = {}) {
  BenchOptions options = with_core(driving);
  options.shadow.emplace();
  options.shadow->core = shadow;
  options.shadow->fields = std::move(fields);
  return options;
}

TEST(Shadow, OfTheSameCoreAgreesThroughFaultsAndPowerDown) {
  Scenario scenario = free_run(0.6);
  scenario.product.supply = {51.0, 51.3, 0.01};
  Bench bench(std::move(scenario), pair({}, choose("own", Where::isolated)));
  start_up(bench);
  bench.inject("ntc-open", 2, {}, "");
  bench.run_until(25 * kSecond);
  bench.inject("discharge-mosfet-stuck-closed", 0, {}, "");
  bench.inject("terminal-short", 0, 0.02, "");
  bench.run_until(26 * kSecond);
  bench.clear("terminal-short");
  bench.run_until(30 * kSecond);
  EXPECT_FALSE(bench.is_over()) << bench.why_over();
  EXPECT_EQ(bench.finish().shadow->version, "own");
}

TEST(Shadow, ThatDiffersEndsTheRunWithTheFieldsByName) {
  BenchOptions options = pair(choose("plain", Where::here), choose("different", Where::here));
  options.shadow->context_steps = 5;
  const TemporaryFolder folder;
  options.out = folder.path();
  Bench bench(free_run(), options);
  bench.run_until(kSecond);
  ASSERT_TRUE(bench.is_over());
  EXPECT_NE(bench.why_over().find(
                "at 0.099250001 s in step 100: report.cell_mV[2] is 0 and 3300, and 1 more"),
            std::string::npos)
      << bench.why_over();

  const nlohmann::json report = read_json(*options.out / "divergence.json");
  EXPECT_EQ(report["at"]["step"], 100);
  ASSERT_EQ(report["differences"].size(), 2U);
  EXPECT_EQ(report["differences"][1]["field"], "report.protections");
  EXPECT_EQ(report["differences"][1]["b"], "[\"pack-ov\"]");
  ASSERT_EQ(report["steps"].size(), 6U);
  EXPECT_EQ(report["steps"][0]["at"]["step"], 95);
  EXPECT_EQ(report["steps"][5]["inputs"]["cell_adc"][3],
            bench.state().units[0].bms_inputs.cell_adc[3]);
  EXPECT_EQ(report["steps"][5]["b"]["report.cell_mV"][2], 3300);
  EXPECT_EQ(report["steps"][5]["a"]["charge_gate"], 1);
  EXPECT_FALSE(bench.finish().has_passed);
}

TEST(Shadow, IsComparedOnlyInWhatWasAskedFor) {
  const auto is_over = [](std::vector<std::string> fields) {
    Bench bench(free_run(), pair(choose("plain", Where::here), choose("different", Where::here),
                                 std::move(fields)));
    bench.run_until(kSecond);
    return bench.is_over();
  };
  EXPECT_FALSE(is_over({"charge_gate", "discharge_gate"}));
  EXPECT_TRUE(is_over({"charge_gate", "report.prot"}));
  EXPECT_THROW(is_over({"no_such_field"}), DataError);
}

TEST(Shadow, IsNotComparedInItsPadding) {
  Bench bench(free_run(), pair(choose("plain", Where::here), choose("soiled", Where::here)));
  bench.run_until(kSecond);
  EXPECT_FALSE(bench.is_over()) << bench.why_over();
}

// Only the first one is on the pins.
TEST(Shadow, DrivesNothing) {
  Bench alone(free_run(), with_core(choose("own", Where::here)));
  Bench shadowed(free_run(),
                 pair(choose("own", Where::here), choose("plain", Where::here), {"buzzer"}));
  alone.run_until(20 * kSecond);
  shadowed.run_until(20 * kSecond);
  EXPECT_FALSE(shadowed.is_over()) << shadowed.why_over();
  EXPECT_EQ(read(alone, "bms1/soc"), read(shadowed, "bms1/soc"));
  EXPECT_EQ(read(alone, "pack1/stack_V"), read(shadowed, "pack1/stack_V"));
}

}  // namespace
}  // namespace doppelpack::sim
