// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "campaign/campaign_files.hpp"
#include "record/markup.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kHowToReadCases = R"(
A case is one physical fault, put on a pack that is in one state, at one place and in one way, and watched from there on. Its id
says so: `product/state/fault@place/timing`. Oracles judge it by the truth of the plant and by what firmware, panel and inverter
say; their bounds come from nothing but the configuration of the product.

| oracle | objects when |
| --- | --- |
| `limit` | a cell itself is beyond what the product calls a broken cell, warmer than where its own reactions begin, or vents |
| `detection` | a trip value is passed, or a broken part there, longer than sampling and delay allow, and the core does not know |
| `reaction` | current flows longer than that and the time of the actuator, or although an alarm opens its direction; or its gate stays driven |
| `stays-open` | what an alarm has opened closes before the release delay is over, a latch clears by itself, or current flows again |
| `latch` | a protection that has used up its retries is not latched, or a latch goes without what the product file says clears it |
| `release` | a protection that is not latched stays on although its cause has been gone for the release delay |
| `permission` | the buses allow a direction for a second and longer whose gate is open or that an alarm opens |
| `warning-first` | a protection trips although its warning had been due before |
| `nothing-else` | something trips that neither finds such a fault nor has a cause in the truth |
| `true-readings` | in the end a current, cell or temperature reads wrong and nobody has been told anything |
| `run` | the core fails, the plant breaks one of its invariants, or the state is not reached |

- **safe**: no oracle objects, and there is nothing that anybody has to know of.
- **latent**: the same, but a means of protecting or telling is gone that is not needed yet, and nobody is told: a second fault
  would find it missing.
- **annunciated**: no oracle objects, and the panel or the inverter says something that it does not say without the fault.
- **finding**: an oracle objects. The tables list all of them with the number of their explanation.
)";

std::string count_line(const CampaignReport& report) {
  std::string text = fmt::format("{} cases", report.cases.size());
  for (int i = 0; i < kCaseClassCount; ++i) {
    const auto of_case = static_cast<CaseClass>(i);
    text +=
        fmt::format("{} {} {}", i == 0 ? ":" : ",", count_cases(report, of_case), name_of(of_case));
  }
  const auto unexplained =
      std::count_if(report.results.begin(), report.results.end(),
                    [](const CaseResult& result) { return !result.is_explained; });
  return text + fmt::format(" ({} of them not explained).\n", unexplained);
}

std::string state_row(const CampaignReport& report, const StartSlice& slice) {
  std::array<int, kCaseClassCount> counts{};
  for (std::size_t i = slice.first; i < slice.first + slice.count; ++i)
    ++counts[static_cast<std::size_t>(report.results[i].is)];
  const CampaignState& state = report.plan->states[slice.start->state];
  return fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", state.name,
                     escaped_cell(state.title), slice.count, counts[0], counts[1], counts[2],
                     counts[3]);
}

std::string finding_row(const CampaignReport& report, const FindingGroup& group) {
  const std::string number =
      group.explanation < 0 ? "**none**" : fmt::format("{}", group.explanation + 1);
  return fmt::format("| `{}` | {} | `{}` | {} | {} | {} |\n", group.fault,
                     states_text(report, group), group.oracle, escaped_cell(group.example),
                     group.cases.size(), number);
}

std::string latent_line(const CampaignReport& report, std::size_t product) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    const CampaignCase& of = report.cases[i];
    if (report.plan->starts[of.start].product != product || of.fault == nullptr ||
        report.results[i].is != CaseClass::latent)
      continue;
    const std::string name = fmt::format("`{}`", of.fault->key);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names.empty() ? "" : fmt::format("\nLatent: {}.\n", fmt::join(names, ", "));
}

std::string product_section(const CampaignReport& report, std::size_t product) {
  const CampaignProduct& of = report.plan->products[product];
  std::string text = fmt::format(
      "\n## {}\n\n{}{}.\n\n| state | | cases | safe | latent | annunciated | finding |\n"
      "| --- | --- | --: | --: | --: | --: | --: |\n",
      of.name, of.product.title, of.packs > 1 ? fmt::format(", {} of them", of.packs) : "");
  for (const StartSlice& slice : slices_of(report))
    if (slice.start->product == product) text += state_row(report, slice);
  text += latent_line(report, product);
  const std::vector<FindingGroup> groups = findings_of(report, product);
  if (groups.empty()) return text + "\nNo findings.\n";
  text +=
      "\n| finding | in | oracle | the first of them | cases | explained |\n"
      "| --- | --- | --- | --- | --: | --: |\n";
  for (const FindingGroup& group : groups) text += finding_row(report, group);
  return text;
}

std::string kind_text(Explanation::Kind kind) {
  switch (kind) {
    case Explanation::Kind::product:
      return "The product's nature";
    case Explanation::Kind::model:
      return "Of the model or the oracle";
    case Explanation::Kind::open:
      break;
  }
  return "Open";
}

std::string explanation_list(const CampaignReport& report) {
  std::string text = "\n## Explanations\n\n";
  for (std::size_t i = 0; i < report.plan->explanations.size(); ++i) {
    const Explanation& explanation = report.plan->explanations[i];
    const auto count =
        std::count_if(report.results.begin(), report.results.end(), [&](const CaseResult& result) {
          return std::find(result.explanations.begin(), result.explanations.end(), i) !=
                 result.explanations.end();
        });
    text += fmt::format("{}. **{}**, {} cases: {}\n", i + 1, kind_text(explanation.kind), count,
                        explanation.why);
  }
  return text;
}

std::string timing_list(const CampaignPlan& plan) {
  std::string text = "\n## Timings\n\n";
  for (const CampaignTiming& timing : plan.timings)
    text += fmt::format("- `{}`: {}\n", timing.name, timing.title);
  return text;
}

}  // namespace

std::string campaign_markdown(const CampaignReport& report) {
  std::string text = fmt::format(
      "# Safety report\n\nMade by `make safety-report` from the runs themselves; do not edit. {}. "
      "Each case is watched for {:g} s.\n\n",
      report.plan->title, to_seconds(report.plan->watch_ns));
  text += count_line(report) + std::string(kHowToReadCases);
  for (std::size_t i = 0; i < report.plan->products.size(); ++i) text += product_section(report, i);
  text += explanation_list(report) + timing_list(*report.plan) + "\n## Sources\n\n";
  for (const std::string& source : report.plan->sources) text += fmt::format("- {}\n", source);
  return text;
}

}  // namespace doppelpack::sim
