// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <nlohmann/json.hpp>

#include "matrix/matrix_files.hpp"
#include "record/core_identity_json.hpp"

namespace doppelpack::sim {

namespace {

using MatrixJson = nlohmann::ordered_json;

MatrixJson number_or_null(const std::optional<double>& number) {
  return number ? MatrixJson(*number) : MatrixJson();
}

MatrixJson matrix_value(const Verdict& verdict) {
  return {{"name", verdict.name},
          {"kind", verdict.kind},
          {"that", verdict.that},
          {"proves", verdict.proves.empty() ? MatrixJson() : MatrixJson(verdict.proves)},
          {"has_held", verdict.has_held},
          {"measured_s", number_or_null(verdict.measured_s)},
          {"limit_s", number_or_null(verdict.limit_s)},
          {"margin_s", number_or_null(verdict.margin_s)},
          {"reason", verdict.reason}};
}

MatrixJson matrix_value(const Overshoot& overshoot) {
  return {{"cell_over_mV", number_or_null(overshoot.cell_over_mV)},
          {"cell_under_mV", number_or_null(overshoot.cell_under_mV)},
          {"charge_A", number_or_null(overshoot.charge_A)},
          {"discharge_A", number_or_null(overshoot.discharge_A)},
          {"charge_A2s", number_or_null(overshoot.charge_A2s)},
          {"discharge_A2s", number_or_null(overshoot.discharge_A2s)},
          {"hot_K", number_or_null(overshoot.hot_K)},
          {"cold_K", number_or_null(overshoot.cold_K)}};
}

MatrixJson matrix_value(const MatrixRun& run) {
  MatrixJson expectations = MatrixJson::array();
  for (const Verdict& verdict : run.result.expectations)
    expectations.push_back(matrix_value(verdict));
  return {{"scenario", run.result.scenario},
          {"title", run.result.title},
          {"rows", run.result.rows},
          {"product", run.result.product},
          {"seed", run.result.seed},
          {"core", to_value(run.result.core)},
          {"has_passed", run.result.has_passed},
          {"fdti_s", number_or_null(run.times.detection_s)},
          {"frti_s", number_or_null(run.times.reaction_s)},
          {"margin_s", number_or_null(run.times.margin_s)},
          {"overshoot", matrix_value(run.overshoot)},
          {"simulated_s", run.result.simulated_s},
          {"event_log_sha256", run.result.event_log_sha256},
          {"expectations", std::move(expectations)}};
}

MatrixJson matrix_value(const MatrixRow& row) {
  return {
      {"id", row.row.id},
      {"section", row.row.section},
      {"cause", row.row.cause},
      {"verdict", name_of(row.verdict)},
      {"not_covered", row.row.not_covered.empty() ? MatrixJson() : MatrixJson(row.row.not_covered)},
      {"runs", row.runs}};
}

}  // namespace

std::string matrix_json(const MatrixReport& report) {
  MatrixJson rows = MatrixJson::array();
  for (const MatrixRow& row : report.rows) rows.push_back(matrix_value(row));
  MatrixJson runs = MatrixJson::array();
  for (const MatrixRun& run : report.runs) runs.push_back(matrix_value(run));
  const MatrixJson document = {{"acceptance", report.list},         {"title", report.title},
                               {"sources", report.sources},         {"cores", report.cores},
                               {"has_passed", report.has_passed()}, {"sha256", report.sha256},
                               {"rows", std::move(rows)},           {"runs", std::move(runs)}};
  return document.dump(2, ' ', false, MatrixJson::error_handler_t::replace) + "\n";
}

}  // namespace doppelpack::sim
