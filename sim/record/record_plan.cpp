// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/record_plan.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::array<std::string_view, 36> kStandardSet{
    "pack1/current_A",
    "pack1/terminal_V",
    "pack1/stack_V",
    "pack1/soc",
    "pack1/cell_max_V",
    "pack1/cell_min_V",
    "pack1/T_max_degC",
    "pack1/T_min_degC",
    "pack1/case_degC",
    "pack1/cell*/voltage_V",
    "pack1/ntc*/T_degC",
    "bms1/state",
    "bms1/soc",
    "bms1/current_A",
    "bms1/pack_V",
    "bms1/terminal_V",
    "bms1/cell_max_V",
    "bms1/cell_min_V",
    "bms1/T_max_degC",
    "bms1/T_min_degC",
    "bms1/cvl_V",
    "bms1/ccl_A",
    "bms1/dcl_A",
    "bms1/charge_gate",
    "bms1/discharge_gate",
    "bms1/bleeders",
    "bms1/cell*/voltage_V",
    "bms1/ntc*/T_degC",
    "inverter1/demand_W",
    "inverter1/current_A",
    "inverter1/target_A",
    "inverter1/max_V",
    "inverter1/is_connected",
    "inverter1/is_battery_lost",
    "site/*",
    "env/*",
};

// Positions named by one line of the plan.
std::vector<std::size_t> expand(const Located& signal, const SignalCatalogue& catalogue) {
  std::vector<std::size_t> positions = catalogue.match(signal.text);
  if (!positions.empty()) return positions;
  try {
    catalogue.find(signal.text);  // refuses with the near misses
  } catch (const std::invalid_argument& error) {
    throw DataError(signal.where, error.what());
  }
  return positions;
}

}  // namespace

std::vector<std::size_t> expand(const RecordPlan& plan, const SignalCatalogue& catalogue) {
  std::vector<std::vector<std::size_t>> parts;
  for (const Located& signal : plan.signals) parts.push_back(expand(signal, catalogue));
  if (plan.signals.empty()) {
    for (const std::string_view glob : kStandardSet) parts.push_back(catalogue.match(glob));
  }
  for (const Located& signal : plan.further) parts.push_back(expand(signal, catalogue));
  std::vector<std::size_t> positions;
  for (const auto& part : parts) {
    for (const std::size_t position : part) {
      const bool is_new =
          std::find(positions.begin(), positions.end(), position) == positions.end();
      if (is_new) positions.push_back(position);
    }
  }
  return positions;
}

}  // namespace doppelpack::sim
