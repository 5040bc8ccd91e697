// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The report of a run: one HTML file that shows what ran, what came out, and each noteworthy moment
// with signals, lamps and buses. It is collected while a bench runs, by an observer with bounded memory.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/bench.hpp"
#include "sim/expectations.hpp"
#include "sim/recorder.hpp"
#include "sim/scenario.hpp"
#include "sim/timing.hpp"

namespace doppelpack::sim {

/// What was collected up to some moment; does not change any more.
struct ReportData;

/// Watches one bench: signals over the whole run as lowest and highest of at most some hundred
/// intervals, and windows around noteworthy events with signals, lamps and frames as they were.
/// Observing changes nothing that is simulated. Must outlive the bench.
class ReportCollector {
 public:
  ReportCollector();
  ~ReportCollector();
  ReportCollector(const ReportCollector&) = delete;
  ReportCollector& operator=(const ReportCollector&) = delete;

  /// Before the bench is built: hangs itself onto its hooks, beside whoever is there already.
  void attach(BenchOptions& options);
  /// As soon as the bench is built and before it runs.
  void follow(const Bench& bench);

  /// Everything up to now; between two runs of the bench, or after its end.
  std::shared_ptr<const ReportData> take() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// What a bench does not know of itself. Texts for people; empty: not said.
struct ReportFacts {
  std::string command;        ///< shell command that does the same again
  std::string made_at;        ///< date and time of the host
  std::string scenario_text;  ///< the scenario's file as it was read
  std::string clock_json;  ///< how time has kept its promise so far, where there is no result yet
  std::optional<TimingReport> timing;  ///< in place of clock_json
  /// Of whoever runs the bench, as far as the result does not have them.
  std::vector<Verdict> verdicts;
};

/// The scenario's file as it is now, for ReportFacts; empty for a bench without one.
std::string scenario_text(const Scenario& scenario);

/// The report's data as JSON; result: nullptr while the bench still runs.
std::string report_json(const ReportData& data, const Scenario& scenario, const ReportFacts& facts,
                        const RunResult* result);

/// Where the page that shows such data is looked for: beside the installed program, in the build folder.
std::vector<std::filesystem::path> report_page_folders();

/// That page as it was built, from the first folder that has it. Throws DataError when none has.
std::string read_report_page(
    const std::vector<std::filesystem::path>& folders = report_page_folders());

/// That page with the data in it: one file that needs no other. The data may contain anything.
std::string fill_report_page(std::string_view page, std::string_view json);

}  // namespace doppelpack::sim
