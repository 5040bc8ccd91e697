// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The report of a bench as Python has it: collected while it runs, asked for at any time.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/bench.hpp"
#include "sim/expectations.hpp"
#include "sim/report.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::bindings {

namespace py = pybind11;

/// The page that the wheel, and the build tree, carry. Throws DataError when it was not built.
std::string read_report_page();

/// Objects of doppelpack.verdict.Verdict.
std::vector<sim::Verdict> to_verdicts(const py::sequence& verdicts);

/// Must outlive the bench it watches; what it says of one that is gone is what it was at its end.
class PyReport {
 public:
  explicit PyReport(const sim::Scenario& scenario) : scenario_text_(sim::scenario_text(scenario)) {}

  void attach(sim::BenchOptions& options) { collector_.attach(options); }
  void follow(const sim::Bench& bench) { collector_.follow(bench); }
  /// The bench is about to go.
  void keep(const sim::Bench& bench) {
    kept_.emplace(Kept{collector_.take(), bench.scenario(), bench.timing()});
  }

  /// page: of read_report_page(); bench: nullptr once it is gone; result: nullptr before it is finished.
  std::string html(const std::string& page, sim::ReportFacts facts, const sim::Bench* bench,
                   const sim::RunResult* result) const;

 private:
  struct Kept {
    std::shared_ptr<const sim::ReportData> data;
    sim::Scenario scenario;
    std::optional<sim::TimingReport> timing;
  };

  std::string scenario_text_;
  sim::ReportCollector collector_;
  std::optional<Kept> kept_;
};

/// Registers has_report_page.
void add_report(py::module_& m);

}  // namespace doppelpack::bindings
