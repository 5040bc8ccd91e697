// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/matrix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>

#include "bms/bms.h"
#include "core_fixture.hpp"
#include "sim/matrix_text.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

const fs::path kPlanted = fs::path(DOPPELPACK_SOURCE_DIR) / "tests" / "matrix" / "planted.yaml";

AcceptanceList planted_list() {
  return load_acceptance_list(kPlanted.string(), find_data_folder());
}

AcceptancePlan plan_of(const AcceptanceList& list, const std::vector<std::string>& ids = {}) {
  return plan_acceptance(list, ids, find_data_folder());
}

MatrixOptions on_builtin(int workers) {
  MatrixOptions options;
  options.cores.emplace_back();
  options.core_names.emplace_back("builtin");
  options.workers = workers;
  return options;
}

// A list of its own in a folder of its own, with scenarios beside it.
class ListFolder : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  void write_list(const std::string& rows) const {
    write("list.yaml",
          "acceptance: list\ntitle: A list\nsources: [a test]\nscenarios: .\nsections:\n"
          "  - title: Rows\n    rows:\n" +
              rows);
  }
  void write_scenario(const std::string& name, const std::string& row,
                      const std::string& that) const {
    write(name + ".yaml",
          "scenario: " + name + "\ntitle: Nothing happens\nrow: [" + row +
              "]\nproduct: generic-16s\nduration: 3 s\nexpect:\n  - {by: 2 s, that: " + that +
              "}\n");
  }
  AcceptanceList load() const {
    return load_acceptance_list(folder_.file("list.yaml"), find_data_folder());
  }
  std::string error_of_plan() const {
    try {
      plan_of(load());
    } catch (const DataError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
};

constexpr const char* kCloses = "bms1/charge_gate == closed";

// ---- the list ----

TEST(Acceptance, the_shipped_list_says_of_every_row_what_shows_it_or_why_nothing_does) {
  const AcceptanceList list = load_acceptance_list("fault-matrix", find_data_folder());
  EXPECT_EQ(list.rows.size(), 127U);
  const AcceptancePlan plan = plan_of(list);
  EXPECT_FALSE(plan.scenarios.empty());
  for (const AcceptancePlan::Row& row : plan.rows) {
    EXPECT_TRUE(!row.scenarios.empty() || !row.row.not_covered.empty())
        << row.row.id << " has neither a scenario nor a reason why not";
    EXPECT_FALSE(!row.scenarios.empty() && row.row.not_covered == "no scenario yet")
        << row.row.id << " has a scenario by now";
  }
}

TEST_F(ListFolder, takes_the_scenarios_that_name_a_row_in_the_order_of_the_rows) {
  write_list("      - {id: T-2, cause: two}\n      - {id: T-1, cause: one}\n");
  write_scenario("a", "T-1", kCloses);
  write_scenario("b", "T-1, T-2", kCloses);
  write_scenario("c", "T-1", kCloses);
  const AcceptancePlan plan = plan_of(load());
  std::vector<std::string> keys;
  for (const Scenario& scenario : plan.scenarios) keys.push_back(scenario.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(plan.rows[0].scenarios, (std::vector<std::size_t>{0}));
  EXPECT_EQ(plan.rows[1].scenarios, (std::vector<std::size_t>{1, 0, 2}));
}

TEST_F(ListFolder, refuses_a_scenario_of_a_row_that_is_not_there) {
  write_list("      - {id: T-1, cause: one}\n");
  write_scenario("a", "T-2", kCloses);
  EXPECT_EQ(error_of_plan(), folder_.file("a.yaml") +
                                 ":3: row[0]: found no row 'T-2' (did you mean T-1?), expected one "
                                 "of those in " +
                                 folder_.file("list.yaml"));
}

TEST_F(ListFolder, refuses_a_row_twice) {
  write_list("      - {id: T-1, cause: one}\n      - {id: T-1, cause: two}\n");
  EXPECT_THROW(load(), DataError);
}

// ---- verdicts of rows ----

TEST_F(ListFolder, a_row_without_scenario_is_missing_unless_the_list_says_why) {
  write_list(
      "      - {id: T-1, cause: one}\n      - {id: T-2, cause: two, not_covered: no model}\n"
      "      - {id: T-3, cause: three}\n      - {id: T-4, cause: four}\n");
  write_scenario("holds", "T-3", kCloses);
  write_scenario("breaks", "T-4", "bms1/soc > 2");
  const AcceptanceList list = load();
  const MatrixReport report = run_matrix(list, plan_of(list), on_builtin(1));
  ASSERT_EQ(report.rows.size(), 4U);
  EXPECT_EQ(report.rows[0].verdict, RowVerdict::missing);
  EXPECT_EQ(report.rows[1].verdict, RowVerdict::not_covered);
  EXPECT_EQ(report.rows[2].verdict, RowVerdict::passed);
  EXPECT_EQ(report.rows[3].verdict, RowVerdict::failed);
  EXPECT_FALSE(report.has_passed());
}

TEST_F(ListFolder, what_is_not_covered_does_not_fail_the_matrix_and_what_is_missing_does) {
  write_scenario("holds", "T-1", kCloses);
  write_list("      - {id: T-1, cause: one}\n      - {id: T-2, cause: two, not_covered: why}\n");
  EXPECT_TRUE(run_matrix(load(), plan_of(load()), on_builtin(1)).has_passed());
  write_list("      - {id: T-1, cause: one}\n      - {id: T-2, cause: two}\n");
  EXPECT_FALSE(run_matrix(load(), plan_of(load()), on_builtin(1)).has_passed());
}

// ---- runs ----

TEST(Matrix, is_the_same_with_one_worker_and_with_three) {
  const AcceptanceList list = planted_list();
  const AcceptancePlan plan = plan_of(list);
  const MatrixReport one = run_matrix(list, plan, on_builtin(1));
  const MatrixReport three = run_matrix(list, plan, on_builtin(3));
  EXPECT_TRUE(one.has_passed());
  EXPECT_EQ(one.sha256, three.sha256);
  ASSERT_EQ(one.runs.size(), three.runs.size());
  for (std::size_t i = 0; i < one.runs.size(); ++i) {
    EXPECT_EQ(one.runs[i].result.scenario, three.runs[i].result.scenario);
    EXPECT_EQ(one.runs[i].overshoot, three.runs[i].overshoot);
  }
}

TEST(Matrix, hashes_what_a_run_without_it_has) {
  const AcceptanceList list = planted_list();
  const AcceptancePlan plan = plan_of(list, {"BUG-SPIKE"});
  const MatrixReport report = run_matrix(list, plan, on_builtin(1));
  Bench bench(plan.scenarios[0]);
  bench.run_until(plan.scenarios[0].duration_ns);
  EXPECT_EQ(report.runs[0].result.event_log_sha256, bench.finish().event_log_sha256);
}

TEST(Matrix, a_core_that_crashes_fails_its_own_runs_and_no_other) {
  const AcceptanceList list = planted_list();
  MatrixOptions options = on_builtin(2);
  options.cores.push_back(test::choose("crasher", test::Where::here));
  options.core_names.emplace_back("crasher");
  const MatrixReport report = run_matrix(list, plan_of(list, {"BUG-SPIKE"}), options);
  ASSERT_EQ(report.runs.size(), 2U);
  EXPECT_TRUE(report.runs[0].result.has_passed);
  EXPECT_FALSE(report.runs[1].result.has_passed);
  EXPECT_EQ(report.rows[0].verdict, RowVerdict::failed);
  EXPECT_NE(report.runs[1].result.expectations[0].reason.find("signal"), std::string::npos);
}

TEST(Matrix, a_core_that_cannot_be_loaded_is_bad_input) {
  const AcceptanceList list = planted_list();
  MatrixOptions options = on_builtin(1);
  options.cores[0].library = "/no/such/core.so";
  EXPECT_THROW(run_matrix(list, plan_of(list, {"BUG-SPIKE"}), options), DataError);
}

// ---- what is beyond the limits ----

// The recorder looks at the same signals, a thousand times a second.
TEST(Overshoot, is_the_largest_excess_that_the_recorder_saw) {
  const AcceptanceList list = planted_list();
  AcceptancePlan plan = plan_of(list, {"BUG-SPIKE"});
  const Overshoot overshoot = run_matrix(list, plan, on_builtin(1)).runs[0].overshoot;

  Scenario scenario = plan.scenarios[0];
  scenario.record.period_ns = kMillisecond;
  scenario.record.signals = {{"pack1/current_A", {}}};
  BenchOptions options;
  options.recording.keeps_rows = true;
  Bench bench(scenario, options);
  bench.run_until(scenario.duration_ns);
  const double trip_A = scenario.product.bms.rules[BMS_RULE_OCD].protection.trip / 1000.0;
  double worst_A = 0.0;
  double sum_A2s = 0.0;
  for (std::size_t i = 0; i < bench.recorder().column(0).size(); ++i) {
    const double current_A = -bench.recorder().column(0).block()[static_cast<std::ptrdiff_t>(i)];
    worst_A = std::max(worst_A, current_A - trip_A);
    sum_A2s += std::max(0.0, current_A * current_A - trip_A * trip_A) * 1e-3;
  }
  EXPECT_GT(worst_A, 20.0);
  EXPECT_NEAR(overshoot.discharge_A.value(), worst_A, 1e-3 * worst_A);
  EXPECT_NEAR(overshoot.discharge_A2s.value(), sum_A2s, 1e-3 * sum_A2s);
  EXPECT_EQ(overshoot.charge_A, 0.0);
  EXPECT_EQ(overshoot.cell_under_mV, 0.0);
}

TEST(Overshoot, of_a_cell_is_against_its_protection) {
  const AcceptanceList list = planted_list();
  const AcceptancePlan plan = plan_of(list, {"BUG-OV"});
  const MatrixRun run = run_matrix(list, plan, on_builtin(1)).runs[0];
  EXPECT_GT(run.overshoot.cell_over_mV.value(), 5.0);
  EXPECT_LT(run.overshoot.cell_over_mV.value(), 30.0);
}

TEST(Overshoot, of_a_short_has_the_peak_that_the_comparator_cut_off) {
  const AcceptanceList list = planted_list();
  const AcceptancePlan plan = plan_of(list, {"BUG-SHORT"});
  EXPECT_GT(run_matrix(list, plan, on_builtin(1)).runs[0].overshoot.discharge_A.value(), 1000.0);
}

TEST_F(ListFolder, is_empty_without_the_protection) {
  write_list("      - {id: T-1, cause: one}\n");
  write_scenario("a", "T-1", kCloses);
  AcceptancePlan plan = plan_of(load());
  bms_config_t& config = plan.scenarios[0].product.bms;
  config.rules[BMS_RULE_OCC].protection.is_enabled = false;
  config.rules[BMS_RULE_OTC].protection.is_enabled = false;
  config.rules[BMS_RULE_OTD].protection.is_enabled = false;
  bms_core()->seal(&config);
  const Overshoot overshoot = run_matrix(load(), plan, on_builtin(1)).runs[0].overshoot;
  EXPECT_FALSE(overshoot.charge_A);
  EXPECT_FALSE(overshoot.charge_A2s);
  EXPECT_FALSE(overshoot.hot_K);
  EXPECT_EQ(overshoot.discharge_A, 0.0);
  EXPECT_EQ(overshoot.cold_K, 0.0);
}

// ---- times ----

Expectation expects(Proof proof, const char* of) {
  Expectation expectation;
  expectation.kind = ExpectationKind::within;
  expectation.proves = proof;
  expectation.of = Located{of, {}};
  return expectation;
}

Verdict measured(double measured_s, double margin_s) {
  Verdict verdict;
  verdict.measured_s = measured_s;
  verdict.margin_s = margin_s;
  return verdict;
}

TEST(FaultTimes, are_the_slowest_and_a_reaction_counts_from_the_detection_of_its_cause) {
  Scenario scenario;
  scenario.expectations = {expects(Proof::detection, "first"), expects(Proof::detection, "second"),
                           expects(Proof::reaction, "first"), expects(Proof::reaction, "second")};
  const std::vector<Verdict> verdicts{measured(1.0, 0.5), measured(4.0, 0.25), measured(1.5, 0.75),
                                      measured(4.125, 2.0)};
  const FaultTimes times = fault_times(scenario, verdicts);
  EXPECT_EQ(times.detection_s, 4.0);
  EXPECT_EQ(times.reaction_s, 0.5);
  EXPECT_EQ(times.margin_s, 0.25);
}

TEST(FaultTimes, leave_nothing_for_a_reaction_before_the_detection) {
  Scenario scenario;
  scenario.expectations = {expects(Proof::detection, "short"), expects(Proof::reaction, "short")};
  const std::vector<Verdict> verdicts{measured(0.003, 0.1), measured(0.001, 0.1)};
  EXPECT_EQ(fault_times(scenario, verdicts).reaction_s, 0.0);
}

TEST(FaultTimes, of_a_reaction_to_the_knowledge_itself_are_as_measured) {
  Scenario scenario;
  scenario.expectations = {expects(Proof::reaction, "bms1/protection/otc == active"),
                           expects(Proof::reaction, "a cause that nothing detects")};
  const std::vector<Verdict> verdicts{measured(0.005, 0.1), measured(32.0, 0.1)};
  EXPECT_EQ(fault_times(scenario, verdicts).reaction_s, 0.005);
}

TEST(FaultTimes, are_unknown_where_nothing_proves_them) {
  Scenario scenario;
  scenario.expectations = {expects(Proof::panel, "cause"), expects(Proof::detection, "cause")};
  const FaultTimes times = fault_times(scenario, std::vector<Verdict>{measured(1.0, 0.5), {}});
  EXPECT_FALSE(times.detection_s);
  EXPECT_FALSE(times.reaction_s);
  EXPECT_EQ(times.margin_s, 0.5);
}

// ---- as text ----

TEST(MatrixText, has_three_digits) {
  EXPECT_EQ(interval_text(std::nullopt), "-");
  EXPECT_EQ(interval_text(0.0), "0 s");
  EXPECT_EQ(interval_text(0.00025), "0.25 ms");
  EXPECT_EQ(interval_text(0.35), "350 ms");
  EXPECT_EQ(interval_text(1.0249), "1.02 s");
  EXPECT_EQ(interval_text(-64.9), "-64.9 s");
  EXPECT_EQ(interval_text(12345.6), "12346 s");
  EXPECT_EQ(figure_text(std::nullopt), "-");
  EXPECT_EQ(figure_text(0.0), "0");
  EXPECT_EQ(figure_text(0.0049), "0");
  EXPECT_EQ(figure_text(13.42), "13.4");
}

}  // namespace
}  // namespace doppelpack::sim
