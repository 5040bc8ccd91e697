// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Options of commands that may be paced: how the thread of the simulation is scheduled, and how late it
// may be.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "sim/bench.hpp"
#include "sim/timing.hpp"

namespace doppelpack::app {

struct PaceOptions {
  bool is_real_time = false;  ///< the bundle
  std::string spin;           ///< empty: not asked for
  std::optional<int> fifo_priority;
  bool locks_memory = false;
  std::optional<int> cpu;
  std::string budget;  ///< empty: the default
  bool requires_valid_timing = false;
};

void add_pace_options(CLI::App& command, PaceOptions& options);

/// Lets the bench have what the options ask for, and a notice on standard error where it has none.
/// bench.speed is given already. Throws DataError, also when they ask for something of a bench that is
/// not paced.
void apply(const PaceOptions& options, sim::BenchOptions& bench);

/// Lines about the timing of a paced run; nothing of another.
void print_timing(const std::optional<sim::TimingReport>& timing);

/// Whether the timing is no reason to fail.
bool is_timing_accepted(const PaceOptions& options, const sim::RunResult& result);

}  // namespace doppelpack::app
