// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report_options.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "record/line_file.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHtml = ".html";

bool is_one_file(const std::string& file) {
  return file.ends_with(kHtml);
}

// As a shell takes it.
std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

}  // namespace

void add_html_report_option(CLI::App& command, HtmlReportOptions& options,
                            const std::string& help) {
  options.command = &command;
  command.add_option("--report", options.file, help);
}

std::string command_line(const CLI::App& command, const std::string& positional) {
  std::string line = "doppelpack " + command.get_name() + " " + quoted(positional);
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_positional()) continue;
    const std::string name = "--" + option->get_lnames().front();
    if (option->get_expected_max() == 0)
      line += " " + name;
    else
      for (const std::string& value : option->results()) line += " " + name + " " + quoted(value);
  }
  return line;
}

std::string date_and_time() {
  return fmt::format(
      "{:%Y-%m-%d %H:%M} UTC",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

HtmlReports::HtmlReports(const HtmlReportOptions& options, std::size_t scenarios)
    : options_(options) {
  if (!are_wanted()) return;
  if (scenarios > 1 && is_one_file(options_.file))
    throw sim::DataError({"--report", 0, ""},
                         fmt::format("found the file {} for {} scenarios, expected a folder",
                                     options_.file, scenarios));
  page_ = sim::read_report_page();
}

fs::path HtmlReports::file_of(const std::string& key) const {
  if (is_one_file(options_.file)) return options_.file;
  return fs::path(options_.file) / (key + std::string(kHtml));
}

std::string HtmlReports::command_line_of(const std::string& scenario) const {
  return command_line(*options_.command, scenario);
}

void HtmlReports::write(sim::ReportFacts facts, const sim::ReportData& data,
                        const sim::Scenario& scenario, const sim::RunResult& result) const {
  facts.made_at = date_and_time();
  const std::string json = sim::report_json(data, scenario, facts, &result);
  const fs::path file = file_of(scenario.key);
  if (file.has_parent_path()) sim::create_folder(file.parent_path());
  sim::replace_file(file, sim::fill_report_page(page_, json));
  fmt::print("  report in {}\n", file.string());
}

HtmlReport::HtmlReport(const HtmlReports& reports, const sim::Scenario& scenario,
                       const std::string& name)
    : reports_(reports) {
  if (!reports.are_wanted()) return;
  facts_.command = reports.command_line_of(name);
  facts_.scenario_text = sim::scenario_text(scenario);
  collector_.emplace();
}

void HtmlReport::attach(sim::BenchOptions& options) {
  if (collector_) collector_->attach(options);
}

void HtmlReport::follow(const sim::Bench& bench) {
  if (collector_) collector_->follow(bench);
}

void HtmlReport::write(const sim::Bench& bench, const sim::RunResult& result) const {
  if (!collector_) return;
  reports_.write(facts_, *collector_->take(), bench.scenario(), result);
}

}  // namespace doppelpack::app
