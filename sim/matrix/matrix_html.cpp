// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include "matrix/matrix_files.hpp"
#include "record/markup.hpp"
#include "record/page_style.hpp"
#include "sim/matrix_text.hpp"

namespace doppelpack::sim {

namespace {

std::string css_of(RowVerdict verdict) {
  return verdict == RowVerdict::not_covered ? "not-covered" : std::string(name_of(verdict));
}

std::string anchor(const MatrixRun& run) {
  return fmt::format("run-{}-{}", escaped_markup(run.result.scenario), run.core);
}

std::string count_of(const MatrixReport& report, RowVerdict verdict) {
  return fmt::format("<span class=\"{}\">{} {}</span>", css_of(verdict),
                     count_rows(report, verdict), name_of(verdict));
}

std::string html_summary(const MatrixReport& report) {
  return fmt::format(
      "<p>{} rows: {}, {}, {}, {}. {} runs.</p>\n<p class=\"faint\">sha256 of all event logs: "
      "<code>{}</code></p>\n",
      report.rows.size(), count_of(report, RowVerdict::passed),
      count_of(report, RowVerdict::failed), count_of(report, RowVerdict::not_covered),
      count_of(report, RowVerdict::missing), report.runs.size(), report.sha256);
}

std::string html_head(const std::string& section, bool has_cores) {
  return fmt::format(
      "<h2>{}</h2>\n<table>\n<tr><th>Row</th><th>Cause</th><th>Product</th><th>Scenario</th>{}"
      "<th>Verdict</th><th class=\"n\">FDTI</th><th class=\"n\">FRTI</th><th "
      "class=\"n\">Margin</th>"
      "<th class=\"n\">Beyond mV</th><th class=\"n\">A</th><th class=\"n\">K</th>"
      "<th class=\"n\">A&sup2;s</th><th>Shown</th></tr>\n",
      escaped_markup(section), has_cores ? "<th>Core</th>" : "");
}

std::string html_run(const MatrixReport& report, const MatrixRow& row, const MatrixRun& run,
                     bool is_first) {
  const MatrixLine line = line_of(report, run);
  std::string text = fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td><a href=\"#{}\">{}</a></td>",
      is_first ? escaped_markup(row.row.id) : "", is_first ? escaped_markup(row.row.cause) : "",
      escaped_markup(line.product), anchor(run), escaped_markup(line.scenario));
  if (report.cores.size() > 1) text += fmt::format("<td>{}</td>", escaped_markup(line.core));
  text += fmt::format("<td class=\"{0}\">{0}</td>", line.verdict);
  for (const std::string* number : {&line.detection, &line.reaction, &line.margin, &line.over_mV,
                                    &line.over_A, &line.over_K, &line.over_A2s})
    text += fmt::format("<td class=\"n\">{}</td>", *number);
  return text + fmt::format("<td>{}</td></tr>\n", line.proves);
}

std::string html_row(const MatrixReport& report, const MatrixRow& row) {
  const std::size_t columns = report.cores.size() > 1 ? 14 : 13;
  std::string text;
  for (const std::size_t run : row.runs)
    text += html_run(report, row, report.runs[run], run == row.runs.front());
  if (row.runs.empty())
    text +=
        fmt::format("<tr><td>{}</td><td>{}</td><td class=\"{}\" colspan=\"{}\">{}{}</td></tr>\n",
                    escaped_markup(row.row.id), escaped_markup(row.row.cause), css_of(row.verdict),
                    columns - 2, name_of(row.verdict),
                    row.row.not_covered.empty() ? "" : ": " + escaped_markup(row.row.not_covered));
  else if (!row.row.not_covered.empty())
    text += fmt::format(
        "<tr><td></td><td></td><td class=\"not-covered\" colspan=\"{}\">not covered of it: "
        "{}</td></tr>\n",
        columns - 2, escaped_markup(row.row.not_covered));
  return text;
}

std::string html_verdict(const Verdict& verdict) {
  return fmt::format(
      "<tr><td class=\"{0}\">{0}</td><td>{1}<br><code class=\"faint\">{2} "
      "{3}</code>{4}</td><td>{5}</td>"
      "<td class=\"n\">{6}</td><td class=\"n\">{7}</td><td class=\"n\">{8}</td></tr>\n",
      verdict.has_held ? "passed" : "failed", escaped_markup(verdict.name),
      escaped_markup(verdict.kind), escaped_markup(verdict.that),
      verdict.has_held
          ? ""
          : fmt::format("<br><span class=\"reason\">{}</span>", escaped_markup(verdict.reason)),
      verdict.proves, interval_text(verdict.measured_s), interval_text(verdict.limit_s),
      interval_text(verdict.margin_s));
}

std::string html_details(const MatrixReport& report, const MatrixRun& run) {
  const RunResult& result = run.result;
  std::string text = fmt::format(
      "<details id=\"{}\"{}><summary><span class=\"{}\">{}</span>: {} <span class=\"faint\">({}, "
      "{:g} s "
      "simulated, core "
      "{})</span></summary>\n<table>\n<tr><th></th><th>Expectation</th><th>Proves</th>"
      "<th class=\"n\">Measured</th><th class=\"n\">Limit</th><th class=\"n\">Margin</th></tr>\n",
      anchor(run), result.has_passed ? "" : " open", result.has_passed ? "passed" : "failed",
      escaped_markup(result.scenario), escaped_markup(result.title), escaped_markup(result.product),
      result.simulated_s, escaped_markup(report.cores[run.core]));
  for (const Verdict& verdict : result.expectations) text += html_verdict(verdict);
  return text +
         fmt::format(
             "</table>\n<p class=\"faint\">event log sha256 <code>{}</code></p>\n</details>\n",
             result.event_log_sha256);
}

}  // namespace

std::string matrix_html(const MatrixReport& report) {
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" "
      "content=\"width=device-width\">\n<title>Fault "
      "matrix</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<h1>Fault matrix</h1>\n<p>{}</p>\n",
      page_style(), escaped_markup(report.title));
  text += html_summary(report);
  const std::string* section = nullptr;
  for (const MatrixRow& row : report.rows) {
    if (section == nullptr || *section != row.row.section) {
      if (section != nullptr) text += "</table>\n";
      text += html_head(row.row.section, report.cores.size() > 1);
    }
    section = &row.row.section;
    text += html_row(report, row);
  }
  text += section == nullptr ? "" : "</table>\n";
  text += "<h2>Runs</h2>\n";
  for (const MatrixRun& run : report.runs) text += html_details(report, run);
  return text + "</body>\n</html>\n";
}

}  // namespace doppelpack::sim
