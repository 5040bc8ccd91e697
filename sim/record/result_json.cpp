// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <nlohmann/json.hpp>

#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

Json to_value(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json to_value(const Verdict& verdict) {
  return {{"name", verdict.name},
          {"kind", verdict.kind},
          {"that", verdict.that},
          {"has_held", verdict.has_held},
          {"is_decided", verdict.is_decided},
          {"measured_s", to_value(verdict.measured_s)},
          {"limit_s", to_value(verdict.limit_s)},
          {"margin_s", to_value(verdict.margin_s)},
          {"reason", verdict.reason}};
}

}  // namespace

std::string to_json(const RunResult& result) {
  Json expectations = Json::array();
  for (const Verdict& verdict : result.expectations) expectations.push_back(to_value(verdict));
  const Json document = {{"scenario", result.scenario},
                         {"title", result.title},
                         {"product", result.product},
                         {"seed", result.seed},
                         {"has_passed", result.has_passed},
                         {"simulated_s", result.simulated_s},
                         {"wall_s", result.wall_s},
                         {"real_time_factor", result.real_time_factor},
                         {"event_log_sha256", result.event_log_sha256},
                         {"expectations", std::move(expectations)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace doppelpack::sim
