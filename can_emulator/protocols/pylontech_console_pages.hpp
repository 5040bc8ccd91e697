// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the commands of the Pylontech text console print, and reading it back. Sources, by short name:
//   IRE  irekzielinski/Pylontech-Battery-Monitoring: columns and line ends its parser relies on
//   HRA  Hrabovszki1023/pylontech-console: captures of a US2000C (B67.5.0), normalised line ends
//   MIK  mikee47/IOPylontech, data/      MLE  mletenay/home-assistant-pylontech
// Millivolts, milliamperes (discharge negative) and thousandths of a degree; "-" for what is missing.
#pragma once

#include <string>
#include <string_view>

#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

struct Console {
  Packs packs;
  const BatteryIdentity& identity;
  std::size_t module;  ///< 1 for the master; the one a command asks for
};

/// The lines between "@" and "Command completed successfully".
std::string print_power_table(const Console& console);  // pwr
std::string print_power_block(const Console& console);  // pwr n
std::string print_cells(const Console& console);        // bat n
std::string print_identity(const Console& console);     // info, info n
std::string print_statistics(const Console& console);   // stat
std::string print_time(const Console& console);         // time
std::string print_log(const Console& console);          // log
std::string print_help(const Console& console);         // help

/// Each takes over what a page says; false leaves the view in an undefined state.
bool read_power_table(std::string_view page, BatteryView& view);
bool read_cells(std::string_view page, BatteryView& view);
bool read_identity(std::string_view page, BatteryView& view);

}  // namespace doppelpack::can_emulator
