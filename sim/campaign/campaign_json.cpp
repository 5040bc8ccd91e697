// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <nlohmann/json.hpp>

#include "campaign/campaign_files.hpp"

namespace doppelpack::sim {

namespace {

using CampaignJson = nlohmann::ordered_json;

CampaignJson case_value(const CampaignReport& report, std::size_t index) {
  const CampaignCase& of = report.cases[index];
  const CaseResult& result = report.results[index];
  CampaignJson objections = CampaignJson::array();
  for (const Objection& objection : result.objections)
    objections.push_back({{"oracle", objection.oracle}, {"text", objection.text}});
  return {
      {"id", of.id},
      {"fault", of.fault != nullptr ? CampaignJson(of.fault->key) : CampaignJson()},
      {"pack", of.pack},
      {"target", of.target != 0 ? CampaignJson(of.target) : CampaignJson()},
      {"severity",
       of.fault != nullptr && of.fault->has_severity ? CampaignJson(of.severity) : CampaignJson()},
      {"class", name_of(result.is)},
      {"objections", std::move(objections)},
      {"is_explained", result.is_explained},
      {"explanations", result.explanations},
      {"told", result.told},
      {"told_after_s", result.told_after_s ? CampaignJson(*result.told_after_s) : CampaignJson()},
      {"event_log_sha256", result.event_log_sha256}};
}

CampaignJson explanation_value(const Explanation& explanation) {
  return {{"cases", explanation.cases},
          {"oracles", explanation.oracles},
          {"kind", name_of(explanation.kind)},
          {"why", explanation.why}};
}

}  // namespace

std::string campaign_json(const CampaignReport& report) {
  CampaignJson explanations = CampaignJson::array();
  for (const Explanation& explanation : report.plan->explanations)
    explanations.push_back(explanation_value(explanation));
  CampaignJson cases = CampaignJson::array();
  for (std::size_t i = 0; i < report.cases.size(); ++i) cases.push_back(case_value(report, i));
  CampaignJson classes;
  for (int i = 0; i < kCaseClassCount; ++i) {
    const auto of_case = static_cast<CaseClass>(i);
    classes[std::string(name_of(of_case))] = count_cases(report, of_case);
  }
  const CampaignJson document = {{"campaign", report.plan->key},
                                 {"title", report.plan->title},
                                 {"watch_s", to_seconds(report.plan->watch_ns)},
                                 {"has_passed", report.has_passed()},
                                 {"sha256", report.sha256},
                                 {"classes", std::move(classes)},
                                 {"explanations", std::move(explanations)},
                                 {"stale", report.stale},
                                 {"cases", std::move(cases)}};
  return document.dump(1, ' ', false, CampaignJson::error_handler_t::replace) + "\n";
}

}  // namespace doppelpack::sim
