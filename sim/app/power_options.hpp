// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What current flows at the terminals: asked of the virtual inverter, or measured outside.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "sim/bench.hpp"
#include "sim/compat_rig.hpp"

namespace doppelpack::app {

/// A meter beside an inverter.
struct MeterOptions {
  std::string name;  ///< empty: none
  bool is_inverted = false;
  int address = 1;  ///< on Modbus
};

/// --current-from, which is returned, --current-inverted and --meter-address.
CLI::Option* add_meter_options(CLI::App& command, MeterOptions& options, const std::string& help);

/// Of a meter with a name. Throws PortError.
sim::MeterPlace meter_place(const MeterOptions& options);

struct PowerOptions {
  std::string power;  ///< a quantity, or "scpi:..."
  MeterOptions meter;
};

void add_power_options(CLI::App& command, PowerOptions& options);

/// What the virtual inverter is asked for; 0 when the current is measured. Throws DataError.
double demand_W(const PowerOptions& options);

/// A bench that runs so opens what measures, if anything does; its signals are recorded, too. Throws
/// DataError or PortError.
void attach_power(const PowerOptions& options, sim::Scenario& scenario, sim::BenchOptions& bench);

}  // namespace doppelpack::app
