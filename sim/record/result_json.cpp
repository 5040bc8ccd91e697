// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <nlohmann/json.hpp>

#include "record/core_identity_json.hpp"
#include "record/timing_json.hpp"
#include "record/verdict_json.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

Json to_value(const models::Violation& violation) {
  return {{"invariant", models::name_of(violation.invariant)},
          {"node", violation.node + 1},
          {"size", violation.size},
          {"limit", violation.limit}};
}

// "worst" in the unit of the invariant; "share" of its limit, above 1 it is violated.
Json to_value(const AuditResult& audit) {
  Json residuals = Json::object();
  for (int i = 0; i < static_cast<int>(models::Invariant::count); ++i) {
    const char* const name = models::name_of(static_cast<models::Invariant>(i));
    residuals[name] = {{"worst", audit.state.worst[i]}, {"share_of_limit", audit.state.share[i]}};
  }
  Json value = {{"windows", audit.state.windows}, {"residuals", std::move(residuals)}};
  value["violation"] = audit.violated_at_s ? to_value(audit.state.first) : Json();
  if (audit.violated_at_s) value["violation"]["t_s"] = *audit.violated_at_s;
  return value;
}

Json to_value(const RecordingReport& recording) {
  return {{"format", name_of(recording.format)},
          {"lost_rows", recording.lost_rows},
          {"lost_frames", recording.lost_frames},
          {"lost_events", recording.lost_events},
          {"stopped", recording.stopped.empty() ? Json() : Json(recording.stopped)}};
}

Json to_array(const models::CellArray& values) {
  Json array = Json::array();
  for (const double value : values) array.push_back(value);
  return array;
}

}  // namespace

std::string to_json(Time t_ns, const models::PackState& pack) {
  const models::CellState& cells = pack.cells;
  const Json document = {{"t_ns", t_ns},
                         {"violation", to_value(pack.audit.first)},
                         {"current_A", pack.current_A},
                         {"stack_V", pack.stack_V},
                         {"terminal_V", pack.terminal_V},
                         {"link_V", pack.path.link_V},
                         {"cell_V", to_array(pack.cell_V)},
                         {"cell_current_A", to_array(pack.cell_current_A)},
                         {"soc", to_array(cells.x.col(0))},
                         {"ocv_V", to_array(cells.ocv_V)},
                         {"r_Ohm", to_array(cells.r_Ohm)},
                         {"capacity_factor", to_array(cells.capacity_factor)},
                         {"T_degC", to_array(cells.T_degC)},
                         {"link_degC", to_array(pack.thermal.link_degC)},
                         {"case_degC", pack.thermal.case_degC}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_json(const RunResult& result) {
  const Json document = {{"scenario", result.scenario},
                         {"title", result.title},
                         {"rows", result.rows},
                         {"product", result.product},
                         {"seed", result.seed},
                         {"has_passed", result.has_passed},
                         {"simulated_s", result.simulated_s},
                         {"wall_s", result.wall_s},
                         {"real_time_factor", result.real_time_factor},
                         {"timing", result.timing ? to_value(*result.timing) : Json()},
                         {"event_log_sha256", result.event_log_sha256},
                         {"core", to_value(result.core)},
                         {"shadow", result.shadow ? to_value(*result.shadow) : Json()},
                         {"audit", to_value(result.audit)},
                         {"recording", result.recording ? to_value(*result.recording) : Json()},
                         {"expectations", to_value(result.expectations)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace doppelpack::sim
