// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include "campaign/campaign_files.hpp"
#include "record/markup.hpp"
#include "record/page_style.hpp"

namespace doppelpack::sim {

namespace {

std::string html_case(const CampaignReport& report, std::size_t index) {
  const CaseResult& result = report.results[index];
  std::string said;
  for (const Objection& objection : result.objections)
    said +=
        fmt::format("<div><b>{}</b>: {}</div>", objection.oracle, escaped_markup(objection.text));
  for (const std::size_t i : result.explanations)
    said += fmt::format("<div class=\"reason\">{}: {}</div>",
                        name_of(report.plan->explanations[i].kind),
                        escaped_markup(report.plan->explanations[i].why));
  std::string told;
  for (const std::string& who : result.told) told += (told.empty() ? "" : ", ") + who;
  return fmt::format(
      "<tr><td><code>{}</code></td><td class=\"{}\">{}</td><td class=\"n\">{}</td><td>{}</td>"
      "<td>{}</td></tr>\n",
      escaped_markup(report.cases[index].id), name_of(result.is), name_of(result.is),
      result.told_after_s ? fmt::format("{:.3f} s", *result.told_after_s) : "-",
      escaped_markup(told), said);
}

std::string html_start(const CampaignReport& report, const StartSlice& slice) {
  std::string text = fmt::format(
      "<details><summary>{} ({} cases): {}</summary>\n<table>\n<tr><th>Case</th><th>Class</th>"
      "<th class=\"n\">Told after</th><th>Told</th><th>Objections</th></tr>\n",
      escaped_markup(slice.start->scenario.key), slice.count,
      escaped_markup(slice.start->scenario.title));
  for (std::size_t i = slice.first; i < slice.first + slice.count; ++i)
    text += html_case(report, i);
  return text + "</table>\n</details>\n";
}

}  // namespace

std::string campaign_html(const CampaignReport& report) {
  std::string counts;
  for (int i = 0; i < kCaseClassCount; ++i) {
    const auto of_case = static_cast<CaseClass>(i);
    counts += fmt::format("{}<span class=\"{}\">{} {}</span>", i == 0 ? "" : ", ", name_of(of_case),
                          count_cases(report, of_case), name_of(of_case));
  }
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Campaign: "
      "{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n<p>{2} cases: {3}.</p>\n<p "
      "class=\"faint\">sha256 of all cases: <code>{4}</code></p>\n",
      escaped_markup(report.plan->title), page_style(), report.cases.size(), counts, report.sha256);
  for (const StartSlice& slice : slices_of(report)) text += html_start(report, slice);
  return text + "</body>\n</html>\n";
}

}  // namespace doppelpack::sim
