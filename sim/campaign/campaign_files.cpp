// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "campaign/campaign_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "campaign/explain_findings.hpp"
#include "record/report_writer.hpp"

namespace doppelpack::sim {

namespace {

// "ntc-open" of "ntc-open@3", with the severity if there is one.
std::string fault_of(const std::string& id) {
  const std::size_t timing = id.rfind('/');
  const std::size_t fault = id.rfind('/', timing - 1) + 1;
  const std::string name = id.substr(fault, timing - fault);
  return name.substr(0, name.find('@'));
}

FindingGroup& group_for(std::vector<FindingGroup>& groups, FindingGroup wanted) {
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const FindingGroup& group) {
    return group.fault == wanted.fault && group.oracle == wanted.oracle &&
           group.explanation == wanted.explanation;
  });
  if (found != groups.end()) return *found;
  groups.push_back(std::move(wanted));
  return groups.back();
}

}  // namespace

void write_campaign(const ReportFiles& files, const CampaignReport& report) {
  write_report(files, "campaign",
               {[&] { return campaign_json(report); }, [&] { return campaign_html(report); },
                [&] { return campaign_junit(report); }, [&] { return campaign_markdown(report); }});
}

std::vector<StartSlice> slices_of(const CampaignReport& report) {
  std::vector<StartSlice> slices;
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    const CampaignStart* start = &report.plan->starts[report.cases[i].start];
    if (slices.empty() || slices.back().start != start) slices.push_back({start, i, 0});
    ++slices.back().count;
  }
  return slices;
}

std::vector<FindingGroup> findings_of(const CampaignReport& report, std::size_t product) {
  std::vector<FindingGroup> groups;
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    const CampaignCase& of = report.cases[i];
    if (report.plan->starts[of.start].product != product) continue;
    for (const Objection& objection : report.results[i].objections) {
      FindingGroup& group =
          group_for(groups, {fault_of(of.id),
                             objection.oracle,
                             objection.text,
                             explanation_of(report.plan->explanations, of.id, objection),
                             {}});
      if (group.cases.empty() || group.cases.back() != i) group.cases.push_back(i);
    }
  }
  return groups;
}

std::string states_text(const CampaignReport& report, const FindingGroup& group) {
  std::vector<std::string> states;
  for (const std::size_t i : group.cases) {
    const std::string& name =
        report.plan->states[report.plan->starts[report.cases[i].start].state].name;
    if (std::find(states.begin(), states.end(), name) == states.end()) states.push_back(name);
  }
  return fmt::format("{}", fmt::join(states, ", "));
}

}  // namespace doppelpack::sim
