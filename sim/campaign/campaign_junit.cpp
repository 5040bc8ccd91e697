// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include "campaign/campaign_files.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

std::string objections_text(const CaseResult& result) {
  std::string text;
  for (const Objection& objection : result.objections)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", objection.oracle, objection.text);
  return text;
}

// A case fails when it is a finding that nobody has explained.
Verdict verdict_of(const CampaignCase& of, const CaseResult& result) {
  Verdict verdict;
  verdict.name = of.id;
  verdict.kind = std::string(name_of(result.is));
  verdict.that = "safe, annunciated or explained";
  verdict.is_decided = true;
  verdict.has_held = result.is_explained;
  verdict.measured_s = result.told_after_s;
  verdict.reason = objections_text(result);
  return verdict;
}

}  // namespace

std::string campaign_junit(const CampaignReport& report) {
  std::vector<JunitSuite> suites;
  for (const StartSlice& slice : slices_of(report)) {
    JunitSuite suite;
    suite.result.scenario = slice.start->scenario.key;
    suite.result.title = slice.start->scenario.title;
    suite.result.product = slice.start->scenario.product.key;
    for (std::size_t i = slice.first; i < slice.first + slice.count; ++i) {
      suite.result.expectations.push_back(verdict_of(report.cases[i], report.results[i]));
      suite.result.has_passed = suite.result.has_passed && report.results[i].is_explained;
    }
    suites.push_back(std::move(suite));
  }
  return to_junit(suites);
}

}  // namespace doppelpack::sim
