// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <memory>
#include <nlohmann/json.hpp>

#include "compat/compat_html.hpp"
#include "record/line_file.hpp"
#include "sim/compat.hpp"

namespace doppelpack::sim {

namespace {

using CompatJson = nlohmann::ordered_json;

CompatJson finding_value(const CompatFinding& finding) {
  return {{"step", finding.step},
          {"expected", name_of(finding.kind)},
          {"grade", name_of(finding.grade)},
          {"after_s", finding.after_s},
          {"allowed_s", finding.allowed_s},
          {"detail", finding.detail}};
}

CompatJson result_value(const CompatResult& result) {
  CompatJson findings = CompatJson::array();
  for (const CompatFinding& finding : result.findings) findings.push_back(finding_value(finding));
  CompatJson evidence = CompatJson::array();
  for (const TimedLine& line : result.evidence.lines)
    evidence.push_back(line.text.substr(0, line.text.size() - 1));
  return {{"id", result.item.id},
          {"number", result.item.number},
          {"title", result.item.title},
          {"grade", name_of(result.grade)},
          {"remark", result.remark},
          {"stimulus_s", to_seconds(result.stimulus_ns)},
          {"verdict_s", to_seconds(result.verdict_ns)},
          {"findings", std::move(findings)},
          {"evidence", std::move(evidence)},
          {"evidence_left_out", result.evidence.left_out}};
}

}  // namespace

std::function<void(std::string_view lines)> open_compat_log(const std::filesystem::path& folder) {
  create_folder(folder);
  const auto file = std::make_shared<LineFile>(folder / "compat.log");
  return [file](std::string_view lines) { file->write(lines); };
}

void write_compat(const std::filesystem::path& folder, const CompatReport& report) {
  create_folder(folder);
  CompatJson items = CompatJson::array();
  for (const CompatResult& result : report.results) items.push_back(result_value(result));
  const CompatJson document = {{"script", report.script},
                               {"product", report.product},
                               {"bus", report.bus},
                               {"inverter", report.inverter},
                               {"has_measurement", report.has_measurement},
                               {"is_complete", report.is_complete},
                               {"has_passed", report.has_passed()},
                               {"items", std::move(items)}};
  replace_file(folder / "compat.html", compat_html(report));
  replace_file(folder / "compat.json",
               document.dump(2, ' ', false, CompatJson::error_handler_t::replace) + "\n");
}

}  // namespace doppelpack::sim
