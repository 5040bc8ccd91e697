// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include "matrix/matrix_files.hpp"
#include "sim/matrix.hpp"

namespace doppelpack::sim {

namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

Properties properties_of(const MatrixReport& report, const MatrixRun& run) {
  Properties properties;
  std::string rows;
  for (const std::string& row : run.result.rows) rows += (rows.empty() ? "" : " ") + row;
  properties.emplace_back("rows", rows);
  properties.emplace_back("core", report.cores[run.core]);
  const auto add = [&](const char* name, const std::optional<double>& number) {
    if (number) properties.emplace_back(name, fmt::format("{:.9g}", *number));
  };
  add("fdti_s", run.times.detection_s);
  add("frti_s", run.times.reaction_s);
  add("margin_s", run.times.margin_s);
  add("cell_over_mV", run.overshoot.cell_over_mV);
  add("cell_under_mV", run.overshoot.cell_under_mV);
  add("charge_A", run.overshoot.charge_A);
  add("discharge_A", run.overshoot.discharge_A);
  add("charge_A2s", run.overshoot.charge_A2s);
  add("discharge_A2s", run.overshoot.discharge_A2s);
  add("hot_K", run.overshoot.hot_K);
  add("cold_K", run.overshoot.cold_K);
  return properties;
}

JunitSuite suite_of(const MatrixReport& report, const MatrixRun& run) {
  JunitSuite suite{run.result, properties_of(report, run), ""};
  if (report.cores.size() > 1)
    suite.result.scenario += fmt::format(" on {}", report.cores[run.core]);
  return suite;
}

// A row without a scenario has been skipped with a reason, or has failed.
JunitSuite suite_of(const MatrixRow& row) {
  JunitSuite suite;
  suite.result.scenario = row.row.id;
  suite.result.title = row.row.cause;
  if (row.verdict == RowVerdict::not_covered) {
    suite.skipped = row.row.not_covered;
    return suite;
  }
  Verdict verdict;
  verdict.name = row.row.cause;
  verdict.kind = "missing";
  verdict.that = "a scenario shows this row";
  verdict.is_decided = true;
  verdict.reason = "no scenario shows this row";
  suite.result.has_passed = false;
  suite.result.expectations.push_back(std::move(verdict));
  return suite;
}

}  // namespace

std::string matrix_junit(const MatrixReport& report) {
  std::vector<JunitSuite> suites;
  for (const MatrixRun& run : report.runs) suites.push_back(suite_of(report, run));
  for (const MatrixRow& row : report.rows)
    if (row.runs.empty()) suites.push_back(suite_of(row));
  return to_junit(suites);
}

}  // namespace doppelpack::sim
