// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <system_error>
#include <utility>

#include "arguments.hpp"

namespace doppelpack::bindings {

namespace {

Path page_folder() {
  const Path module = py::module_::import("doppelpack._core").attr("__file__").cast<Path>();
  return module.parent_path() / "page";
}

bool has_report_page() {
  std::error_code error;
  return std::filesystem::is_regular_file(page_folder() / "report.html", error);
}

}  // namespace

std::string read_report_page() {
  return sim::read_report_page({page_folder()});
}

std::vector<sim::Verdict> to_verdicts(const py::sequence& verdicts) {
  std::vector<sim::Verdict> list;
  for (const py::handle each : verdicts) {
    sim::Verdict verdict;
    verdict.name = each.attr("name").cast<std::string>();
    verdict.kind = each.attr("kind").cast<std::string>();
    verdict.that = each.attr("that").cast<std::string>();
    verdict.has_held = each.attr("has_held").cast<bool>();
    verdict.is_decided = true;
    verdict.measured_s = each.attr("measured_s").cast<std::optional<double>>();
    verdict.limit_s = each.attr("limit_s").cast<std::optional<double>>();
    verdict.margin_s = each.attr("margin_s").cast<std::optional<double>>();
    verdict.reason = each.attr("reason").cast<std::string>();
    list.push_back(std::move(verdict));
  }
  return list;
}

std::string PyReport::html(const std::string& page, sim::ReportFacts facts, const sim::Bench* bench,
                           const sim::RunResult* result) const {
  facts.scenario_text = scenario_text_;
  if (bench == nullptr) {
    facts.timing = kept_->timing;
    return sim::fill_report_page(page,
                                 sim::report_json(*kept_->data, kept_->scenario, facts, result));
  }
  facts.timing = bench->timing();
  return sim::fill_report_page(
      page, sim::report_json(*collector_.take(), bench->scenario(), facts, result));
}

void add_report(py::module_& m) {
  m.def("has_report_page", &has_report_page);
}

}  // namespace doppelpack::bindings
