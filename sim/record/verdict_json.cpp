// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/verdict_json.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace doppelpack::sim {

namespace {

nlohmann::ordered_json number_or_null(const std::optional<double>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json();
}

}  // namespace

nlohmann::ordered_json to_value(const std::vector<Verdict>& verdicts) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Verdict& verdict : verdicts) {
    array.push_back({{"name", verdict.name},
                     {"kind", verdict.kind},
                     {"that", verdict.that},
                     {"proves", verdict.proves.empty() ? nlohmann::ordered_json()
                                                       : nlohmann::ordered_json(verdict.proves)},
                     {"has_held", verdict.has_held},
                     {"is_decided", verdict.is_decided},
                     {"measured_s", number_or_null(verdict.measured_s)},
                     {"limit_s", number_or_null(verdict.limit_s)},
                     {"margin_s", number_or_null(verdict.margin_s)},
                     {"reason", verdict.reason}});
  }
  return array;
}

}  // namespace doppelpack::sim
