// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One pack as it is after one pass of the firmware, as far as oracles look at it: the truth of the
// plant, what was measured, and what was decided.
#pragma once

#include <cstdint>

#include "sim/bench_state.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// The times of a configuration.
constexpr Time from_ms(std::uint32_t ms) {
  return static_cast<Time>(ms) * kMillisecond;
}

/// Voltages [V], current [A, + charges], temperatures [degC] of a pack, true or measured. Not a number
/// where there is nothing to measure.
struct Quantities {
  double current_A = 0.0;
  double cell_max_V = 0.0;
  double cell_min_V = 0.0;
  double pack_V =
      0.0;  ///< sum of the cells at their taps, each as far as the front end can read it
  double hottest_degC = 0.0;
  double coldest_degC = 0.0;  ///< of the thermistors, without that of the MOSFETs
  double mosfet_degC = 0.0;
};

struct Sight {
  Time t_ns = -1;           ///< -1: never looked
  Time scan_ns = 0;         ///< when it looked at everything the last time
  bool is_alive = false;    ///< the BMS has a supply
  bool is_working = false;  ///< and the core watches and drives: no self-test, sleep or shutdown
  bool is_reset = false;    ///< somebody presses RESET
  std::uint32_t uptime_ms = 0;
  Quantities truth;
  Quantities read;
  double inner_max_V = 0.0;  ///< of a cell itself, without the busbars between its taps
  double inner_min_V = 0.0;
  double peak_A = 0.0;     ///< highest magnitude since something switched
  double cell_degC = 0.0;  ///< hottest cell
  bool is_vented = false;
  double worst_cell_V = 0.0;    ///< largest difference of a cell's reading from the truth
  bool is_ntc_invalid = false;  ///< a thermistor reads as broken
  double worst_ntc_K = 0.0;     ///< likewise, of a thermistor from the cell that it is on
  std::uint64_t causes = 0;     ///< set of failures whose cause is there: causes_of()
  std::uint32_t warnings = 0;   ///< as in bms_report_t
  std::uint32_t protections = 0;
  std::uint32_t latched = 0;
  std::uint64_t failures = 0;
  bool charge_gate = false;
  bool discharge_gate = false;
  bool is_charge_allowed = false;  ///< as the buses tell it
  bool is_discharge_allowed = false;
};

/// Brings a sight up to date. What moves no faster than the cells are read is looked at as often as
/// they are; the rest every time.
void look_at(const PackUnit& unit, const Product& product, Time t_ns, Sight& sight);

}  // namespace doppelpack::sim
