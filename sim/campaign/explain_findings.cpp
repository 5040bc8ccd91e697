// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "campaign/explain_findings.hpp"

#include <algorithm>

#include "load/glob.hpp"

namespace doppelpack::sim {

namespace {

bool explains(const Explanation& explanation, const std::string& id, const Objection& objection) {
  const std::vector<std::string>& oracles = explanation.oracles;
  const bool is_of_oracle = oracles.empty() || std::find(oracles.begin(), oracles.end(),
                                                         objection.oracle) != oracles.end();
  return is_of_oracle &&
         std::any_of(explanation.cases.begin(), explanation.cases.end(),
                     [&](const std::string& glob) { return matches_glob(glob, id); });
}

void explain_case(const std::vector<Explanation>& explanations, const std::string& id,
                  CaseResult& result, std::vector<bool>& is_needed) {
  for (const Objection& objection : result.objections) {
    const int found = explanation_of(explanations, id, objection);
    if (found < 0) {
      result.is_explained = false;
      continue;
    }
    const auto index = static_cast<std::size_t>(found);
    is_needed[index] = true;
    if (std::find(result.explanations.begin(), result.explanations.end(), index) ==
        result.explanations.end())
      result.explanations.push_back(index);
  }
}

}  // namespace

int explanation_of(const std::vector<Explanation>& explanations, const std::string& id,
                   const Objection& objection) {
  const auto found = std::find_if(
      explanations.begin(), explanations.end(),
      [&](const Explanation& explanation) { return explains(explanation, id, objection); });
  return found == explanations.end() ? -1 : static_cast<int>(found - explanations.begin());
}

void explain_findings(bool is_complete, CampaignReport& report) {
  const std::vector<Explanation>& explanations = report.plan->explanations;
  std::vector<bool> is_needed(explanations.size(), false);
  for (std::size_t i = 0; i < report.cases.size(); ++i)
    explain_case(explanations, report.cases[i].id, report.results[i], is_needed);
  if (!is_complete) return;
  for (std::size_t i = 0; i < explanations.size(); ++i)
    if (!is_needed[i]) report.stale.push_back(i);
}

}  // namespace doppelpack::sim
