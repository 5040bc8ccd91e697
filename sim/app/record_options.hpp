// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a recording holds, and as what.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/bench.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::app {

struct RecordArguments {
  std::vector<std::string> signals;  ///< names or globs; empty: what the scenario says
  std::string period;                ///< likewise
  std::string format = "csv";
};

/// --record, --record-period and --record-format, which all need the option for the folder.
void add_record_options(CLI::App& command, RecordArguments& arguments, CLI::Option* folder);

/// Throws DataError.
void apply(const RecordArguments& arguments, sim::Scenario& scenario);
sim::RecordChoice choose_recording(const RecordArguments& arguments);

/// Says what a recording lacks, if anything.
void print_losses(const sim::RunResult& result);

}  // namespace doppelpack::app
