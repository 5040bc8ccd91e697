// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/compat_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "record/markup.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; color: #222; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #ddd; padding: .3em .6em; text-align: left; vertical-align: top; }
.grade { border-radius: .3em; padding: .1em .5em; white-space: nowrap; color: #fff; }
.obeyed { background: #2a7d3f; } .not-observable, .not-applicable { background: #777; }
.late { background: #b8860b; }
.ignored { background: #b03a2e; } .unsafe { background: #6c1010; }
pre { background: #f5f5f5; max-height: 20em; overflow: auto; padding: .6em; }
)";

std::string grade_mark(Grade grade) {
  std::string css(name_of(grade));
  std::replace(css.begin(), css.end(), ' ', '-');
  return fmt::format(R"(<span class="grade {}">{}</span>)", css, name_of(grade));
}

std::string summary(const CompatReport& report) {
  std::array<int, kGradeCount> counts{};
  for (const CompatResult& result : report.results)
    ++counts[static_cast<std::size_t>(result.grade)];
  std::string text = "<p>";
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("{} {} &nbsp; ", counts[i], grade_mark(static_cast<Grade>(i)));
  text += "</p>\n";
  if (!report.has_measurement) {
    text +=
        "<p>Current and voltage were not measured. What only they can show is graded not "
        "observable, never obeyed.</p>\n";
  }
  if (!report.is_complete) text += "<p>The test was stopped before its end.</p>\n";
  return text;
}

std::string overview(const CompatReport& report) {
  std::string text = "<table>\n<tr><th>No.</th><th>Item</th><th>Grade</th></tr>\n";
  for (const CompatResult& result : report.results) {
    text += fmt::format("<tr><td>{}</td><td><a href=\"#{}\">{}</a></td><td>{}</td></tr>\n",
                        result.item.number, escaped_markup(result.item.id),
                        escaped_markup(result.item.title), grade_mark(result.grade));
  }
  return text + "</table>\n";
}

std::string details_of(const CompatResult& result) {
  std::string text =
      fmt::format("<h2 id=\"{}\">{}. {} {}</h2>\n<table>\n", escaped_markup(result.item.id),
                  result.item.number, escaped_markup(result.item.title), grade_mark(result.grade));
  if (!result.remark.empty())
    return text + fmt::format("</table>\n<p>Not played: {}.</p>\n", escaped_markup(result.remark));
  text +=
      "<tr><th>Step</th><th>Expected</th><th>Grade</th><th>After</th><th>Limit</th><th></th></"
      "tr>\n";
  for (const CompatFinding& finding : result.findings) {
    text += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.2f} s</td><td>{:g} s</td><td>{}</td></tr>\n",
        finding.step, name_of(finding.kind), grade_mark(finding.grade), finding.after_s,
        finding.allowed_s, escaped_markup(finding.detail));
  }
  text += fmt::format(
      "</table>\n<details><summary>{} frames, stimulus at {:.2f} s, verdict at {:.2f} s</summary>\n"
      "<pre>",
      result.evidence.lines.size() + result.evidence.left_out, to_seconds(result.stimulus_ns),
      to_seconds(result.verdict_ns));
  for (std::size_t i = 0; i < result.evidence.lines.size(); ++i) {
    if (result.evidence.left_out > 0 && i == result.evidence.left_out_at)
      text += fmt::format("... {} more in compat.log ...\n", result.evidence.left_out);
    text += result.evidence.lines[i].text;
  }
  return text + "</pre></details>\n";
}

}  // namespace

std::string compat_html(const CompatReport& report) {
  std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  text += fmt::format("<title>Obedience of {}</title>\n<style>{}</style>\n</head>\n<body>\n",
                      escaped_markup(report.inverter), kStyle);
  text += fmt::format("<h1>Obedience of {}</h1>\n<p>Script {}, as a {} on {}.</p>\n",
                      escaped_markup(report.inverter), escaped_markup(report.script),
                      escaped_markup(report.product), report.bus);
  text += summary(report) + overview(report);
  for (const CompatResult& result : report.results) text += details_of(result);
  return text + "</body>\n</html>\n";
}

}  // namespace doppelpack::sim
