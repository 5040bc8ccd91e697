// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Options that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core_choice.hpp"
#include "sim/load.hpp"
#include "sim/quantity.hpp"
#include "sim/report_files.hpp"

namespace doppelpack::app {

/// How a core is run; which one is the command's own option.
struct CoreOptions {
  bool is_isolated = false;
  std::string answer_budget = "2 s";
  std::string cpu_budget;  ///< empty: none
};

void add_core_options(CLI::App& command, CoreOptions& options);

/// The core in a library, or with "builtin" or nothing the one in bms/. Throws DataError.
sim::CoreChoice choose_core(const std::string& library, const CoreOptions& options);

/// As asked for, or one per CPU if that is 0.
int number_of_workers(int asked);

/// The quantity that an option was given. Throws DataError.
double parse_option(const std::string& option, const std::string& text, sim::Dimension dimension);

/// What replaces values of a scenario file.
struct Settings {
  std::optional<std::uint64_t> seed;
  std::vector<std::string> assignments;  ///< "key.path=value"
};

/// Of a command that runs much at once and reports it.
struct ReportOptions {
  int workers = 0;
  std::string out;
  std::string junit;
  std::string markdown;

  sim::ReportFiles files() const { return {out, junit, markdown}; }
};

/// name: of the files in the folder; document: what the tables are for.
void add_report_options(CLI::App& command, ReportOptions& options, const std::string& name,
                        const std::string& document);

void add_settings(CLI::App& command, Settings& settings);
/// Throws DataError.
std::vector<sim::Override> to_overrides(const Settings& settings);

}  // namespace doppelpack::app
