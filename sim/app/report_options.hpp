// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// --report of `run` and `serve`: one HTML file that people take home.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/bench.hpp"
#include "sim/report.hpp"

namespace doppelpack::app {

struct HtmlReportOptions {
  std::string file;                   ///< empty: no report
  const CLI::App* command = nullptr;  ///< as it was called
};

/// help: of the option.
void add_html_report_option(CLI::App& command, HtmlReportOptions& options, const std::string& help);

/// What does the same again: "doppelpack run over-charge --seed 3"; positional: the one of several.
std::string command_line(const CLI::App& command, const std::string& positional);

/// Date and time of the host, UTC.
std::string date_and_time();

/// What --report asks for, looked at before anything runs. Throws DataError when the page of reports
/// was not built, or for one file and several scenarios.
class HtmlReports {
 public:
  HtmlReports(const HtmlReportOptions& options, std::size_t scenarios);

  bool are_wanted() const { return !options_.file.empty(); }
  /// The file itself if it ends in .html, else KEY.html in that folder.
  std::filesystem::path file_of(const std::string& key) const;
  std::string command_line_of(const std::string& scenario) const;
  /// Throws DataError when the file cannot be written.
  void write(sim::ReportFacts facts, const sim::ReportData& data, const sim::Scenario& scenario,
             const sim::RunResult& result) const;

 private:
  HtmlReportOptions options_;
  std::string page_;
};

/// The report of one bench; without a wish it does nothing and costs nothing.
class HtmlReport {
 public:
  /// scenario: as it was named on the command line.
  HtmlReport(const HtmlReports& reports, const sim::Scenario& scenario, const std::string& name);

  /// Before the bench is built, and right afterwards.
  void attach(sim::BenchOptions& options);
  void follow(const sim::Bench& bench);
  /// Throws DataError.
  void write(const sim::Bench& bench, const sim::RunResult& result) const;

 private:
  const HtmlReports& reports_;
  sim::ReportFacts facts_;
  std::optional<sim::ReportCollector> collector_;
};

}  // namespace doppelpack::app
