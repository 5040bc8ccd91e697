// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "campaign/case_transfer.hpp"

#include <nlohmann/json.hpp>

namespace doppelpack::sim {

namespace {

using CaseJson = nlohmann::json;

CaseJson packed_case(const CaseResult& result) {
  CaseJson objections = CaseJson::array();
  for (const Objection& objection : result.objections)
    objections.push_back({objection.oracle, objection.text});
  return {static_cast<int>(result.is), std::move(objections), result.told,
          result.told_after_s ? CaseJson(*result.told_after_s) : CaseJson(),
          result.event_log_sha256};
}

CaseResult unpacked_case(const CaseJson& value) {
  CaseResult result;
  result.is = static_cast<CaseClass>(value.at(0).get<int>());
  for (const CaseJson& objection : value.at(1))
    result.objections.push_back({objection.at(0), objection.at(1)});
  result.told = value.at(2).get<std::vector<std::string>>();
  if (!value.at(3).is_null()) result.told_after_s = value.at(3).get<double>();
  result.event_log_sha256 = value.at(4);
  return result;
}

std::string dumped(const CaseJson& value) {
  return value.dump(-1, ' ', false, CaseJson::error_handler_t::replace);
}

}  // namespace

std::string pack_outcome(const CaseBench::Outcome& outcome) {
  const Tellings& told = outcome.tellings;
  return dumped({packed_case(outcome.result),
                 {told.warnings, told.protections, told.failures, told.lamps, told.is_dark,
                  told.is_inverter_alarmed}});
}

CaseBench::Outcome unpack_outcome(const std::string& text) {
  const CaseJson value = CaseJson::parse(text);
  const CaseJson& told = value.at(1);
  return {unpacked_case(value.at(0)),
          {told.at(0), told.at(1), told.at(2), told.at(3), told.at(4), told.at(5)}};
}

std::string pack_results(const std::vector<CaseResult>& results) {
  CaseJson list = CaseJson::array();
  for (const CaseResult& result : results) list.push_back(packed_case(result));
  return dumped(list);
}

std::vector<CaseResult> unpack_results(const std::string& text) {
  std::vector<CaseResult> results;
  for (const CaseJson& value : CaseJson::parse(text)) results.push_back(unpacked_case(value));
  return results;
}

}  // namespace doppelpack::sim
