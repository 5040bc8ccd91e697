// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "shared_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "sim/data_error.hpp"
#include "sim/quantity.hpp"

namespace doppelpack::app {

namespace {

double parse_budget(const char* option, const std::string& text) {
  const double budget_s = parse_option(option, text, sim::Dimension::time);
  if (budget_s > 0.0 && budget_s <= 3600.0) return budget_s;
  throw sim::DataError({option, 0, ""},
                       fmt::format("found \"{}\", expected a time above 0, at most 1 h", text));
}

}  // namespace

void add_core_options(CLI::App& command, CoreOptions& options) {
  command.add_flag("--isolated", options.is_isolated,
                   "Run the core in a child process: a crash or a hang is reported, not suffered");
  command
      .add_option("--bms-budget", options.answer_budget,
                  "With --isolated: how long a step may take on the wall clock")
      ->capture_default_str();
  command.add_option("--bms-cpu-budget", options.cpu_budget,
                     "How much CPU time a step may take, \"200 us\"; without it, any");
}

sim::CoreChoice choose_core(const std::string& library, const CoreOptions& options) {
  sim::CoreChoice choice;
  if (library != "builtin") choice.library = library;
  choice.is_isolated = options.is_isolated;
  choice.answer_budget_s = parse_budget("--bms-budget", options.answer_budget);
  if (!options.cpu_budget.empty())
    choice.cpu_budget_s = parse_budget("--bms-cpu-budget", options.cpu_budget);
  return choice;
}

double parse_option(const std::string& option, const std::string& text, sim::Dimension dimension) {
  try {
    return sim::parse_quantity(text, dimension);
  } catch (const std::invalid_argument& error) {
    throw sim::DataError({option, 0, ""}, error.what());
  }
}

void add_report_options(CLI::App& command, ReportOptions& options, const std::string& name,
                        const std::string& document) {
  command
      .add_option("--workers", options.workers, "Processes at a time; auto, or none: one per CPU")
      ->transform([](const std::string& text) -> std::string {
        if (text == "0") throw CLI::ValidationError("found 0, expected auto or 1 to 1024");
        return text == "auto" ? "0" : text;
      })
      ->check(CLI::Range(0, 1024));
  command.add_option("--out", options.out,
                     fmt::format("Folder for {}.json and {}.html", name, name));
  command.add_option("--junit", options.junit, "Write a JUnit XML report to this file");
  command.add_option("--markdown", options.markdown,
                     fmt::format("Write the tables of {} to this file", document));
}

void add_settings(CLI::App& command, Settings& settings) {
  command.add_option("--seed", settings.seed, "Replaces the scenario's seed");
  command
      .add_option("--set", settings.assignments,
                  "Replace a value of the scenario: key.path=value (repeatable)")
      ->allow_extra_args(false);
}

std::vector<sim::Override> to_overrides(const Settings& settings) {
  std::vector<sim::Override> overrides;
  for (const std::string& assignment : settings.assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw sim::DataError({"--set", 0, ""},
                           fmt::format("found \"{}\", expected key=value", assignment));
    }
    overrides.push_back({assignment.substr(0, equals), assignment.substr(equals + 1)});
  }
  if (settings.seed) overrides.push_back({"seed", std::to_string(*settings.seed)});
  return overrides;
}

int number_of_workers(int asked) {
  if (asked > 0) return asked;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace doppelpack::app
