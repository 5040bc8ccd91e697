// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>

#include "matrix/matrix_files.hpp"
#include "record/markup.hpp"
#include "sim/matrix_text.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kHowToRead = R"(
A row is passed when every scenario that shows it holds all its expectations. Scenarios inject physical causes only, and
lie in `scenarios/matrix/` under the name given here.

- **FDTI**, fault detection time interval: from the cause to the core's knowledge of it; **FRTI**, fault reaction time
  interval: from there to open gates or contacts (ISO 26262-1). The slowest of the scenario. FRTI is 0 where a comparator has opened
  before the core has read it, and "-" where nothing tells detection and reaction apart.
- **margin**: what the closest of all timed expectations had left of its limit.
- **beyond**: how far the plant, not the measurement, went past the trip values of the product's protections, in mV of a cell, A, K
  and A2s (the integral of i^2 - trip^2 over one excess); "-" without such a protection. What a current or voltage does while
  a protection waits for its delay is in there. Temperatures count while current flows in the direction that the protection is for.
  A current that a comparator cuts off within a millisecond counts in A, with its peak, and not in A2s.
- **shown**: what the expectations prove of the row.
)";

std::string section_head(const std::string& title) {
  return fmt::format(
      "\n## {}\n\n| row | cause | product | scenario | verdict | FDTI | FRTI | margin | beyond mV "
      "| A | K | A2s | shown |\n"
      "| --- | --- | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --- |\n",
      title);
}

std::string table_rows(const MatrixReport& report, const MatrixRow& row) {
  if (row.runs.empty())
    return fmt::format("| {} | {} | | | {} | | | | | | | | |\n", row.row.id,
                       escaped_cell(row.row.cause), name_of(row.verdict));
  std::string text;
  for (const std::size_t run : row.runs) {
    const MatrixLine line = line_of(report, report.runs[run]);
    const bool is_first = run == row.runs.front();
    text +=
        fmt::format("| {} | {} | {} | {}{} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    is_first ? row.row.id : "", is_first ? escaped_cell(row.row.cause) : "",
                    line.product, line.scenario, report.cores.size() > 1 ? " on " + line.core : "",
                    line.verdict, line.detection, line.reaction, line.margin, line.over_mV,
                    line.over_A, line.over_K, line.over_A2s, line.proves);
  }
  return text;
}

std::string summary(const MatrixReport& report) {
  const int partly = static_cast<int>(std::count_if(
      report.rows.begin(), report.rows.end(),
      [](const MatrixRow& row) { return !row.runs.empty() && !row.row.not_covered.empty(); }));
  return fmt::format(
      "{} rows: {} passed ({} of them in part), {} failed, {} not covered, {} missing. {} runs.\n",
      report.rows.size(), count_rows(report, RowVerdict::passed), partly,
      count_rows(report, RowVerdict::failed), count_rows(report, RowVerdict::not_covered),
      count_rows(report, RowVerdict::missing), report.runs.size());
}

std::string not_covered(const MatrixReport& report) {
  std::string text = "\n## Not covered\n\n";
  bool is_all = true;
  for (const MatrixRow& row : report.rows) {
    if (row.row.not_covered.empty() && row.verdict != RowVerdict::missing) continue;
    is_all = false;
    text += fmt::format("- **{}** ({}){}: {}\n", row.row.id, row.row.cause,
                        row.runs.empty() ? "" : ", in part",
                        row.row.not_covered.empty() ? "nothing shows it" : row.row.not_covered);
  }
  return is_all ? text + "Nothing: every row has its scenarios.\n" : text;
}

}  // namespace

std::string matrix_markdown(const MatrixReport& report) {
  std::string text = fmt::format(
      "# Fault matrix\n\nMade by `make fault-matrix-doc` from the runs themselves; do not edit. "
      "{}.\n\n",
      report.title);
  text += summary(report) + std::string(kHowToRead);
  const std::string* section = nullptr;
  for (const MatrixRow& row : report.rows) {
    if (section == nullptr || *section != row.row.section) text += section_head(row.row.section);
    section = &row.row.section;
    text += table_rows(report, row);
  }
  text += not_covered(report) + "\n## Sources\n\n";
  for (const std::string& source : report.sources) text += fmt::format("- {}\n", source);
  return text;
}

}  // namespace doppelpack::sim
