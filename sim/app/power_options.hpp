// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What current flows at the terminals: asked of the virtual inverter, or measured outside.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "sim/bench.hpp"

namespace doppelpack::app {

struct PowerOptions {
  std::string power;         ///< a quantity, or "scpi:..."
  std::string current_from;  ///< a meter
  bool is_current_inverted = false;
  int meter_address = 1;
};

void add_power_options(CLI::App& command, PowerOptions& options);

/// What the virtual inverter is asked for; 0 when the current is measured. Throws DataError.
double demand_W(const PowerOptions& options);

/// A bench that runs so opens what measures, if anything does; its signals are recorded, too. Throws
/// DataError or PortError.
void attach_power(const PowerOptions& options, sim::Scenario& scenario, sim::BenchOptions& bench);

}  // namespace doppelpack::app
