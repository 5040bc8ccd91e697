// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/sight.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/oracles/mechanisms.hpp"

namespace doppelpack::sim {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

bool is_watching(bms_state_t state) {
  switch (state) {
    case BMS_STATE_PRECHARGE:
    case BMS_STATE_STANDBY:
    case BMS_STATE_CHARGE:
    case BMS_STATE_DISCHARGE:
    case BMS_STATE_LIMIT:
    case BMS_STATE_PROTECTION:
    case BMS_STATE_FAILURE:
      return true;
    default:
      return false;
  }
}

// The thermistors that the rules of the cells look at: without an input of its own the last one, too.
int count_ntcs(const Product& product) {
  return static_cast<int>(product.pack.beads.size()) - (product.pack.has_mosfet_ntc ? 1 : 0);
}

Quantities true_quantities(const PackUnit& unit, const Product& product) {
  const models::PackState& pack = unit.pack;
  Quantities truth{
      pack.current_A, pack.cell_V.maxCoeff(), pack.cell_V.minCoeff(), 0.0, kNothing, kNothing,
      kNothing};
  const double range_V = product.sensing.cell_V.max_counts * product.sensing.cell_V.per_count;
  for (Eigen::Index i = 0; i < pack.cell_V.size(); ++i)
    truth.pack_V += std::clamp(pack.cell_V[i], 0.0, range_V);
  for (int i = 0; i < count_ntcs(product); ++i) {
    truth.hottest_degC = std::fmax(truth.hottest_degC, pack.thermal.bead_degC[i]);
    truth.coldest_degC = std::fmin(truth.coldest_degC, pack.thermal.bead_degC[i]);
  }
  if (product.pack.has_mosfet_ntc) truth.mosfet_degC = pack.thermal.bead_degC[count_ntcs(product)];
  return truth;
}

Quantities read_quantities(const bms_report_t& report) {
  Quantities read{report.current_mA / 1000.0,
                  kNothing,
                  kNothing,
                  report.pack_mV / 1000.0,
                  kNothing,
                  kNothing,
                  kNothing};
  for (int i = 0; i < report.cell_count; ++i) {
    read.cell_max_V = std::fmax(read.cell_max_V, report.cell_mV[i] / 1000.0);
    read.cell_min_V = std::fmin(read.cell_min_V, report.cell_mV[i] / 1000.0);
  }
  for (int i = 0; i < report.ntc_count; ++i) {
    if (report.ntc_ddegC[i] == BMS_NTC_INVALID_DDEGC) continue;
    read.hottest_degC = std::fmax(read.hottest_degC, report.ntc_ddegC[i] / 10.0);
    read.coldest_degC = std::fmin(read.coldest_degC, report.ntc_ddegC[i] / 10.0);
  }
  if (report.mosfet_ddegC != BMS_NTC_INVALID_DDEGC) read.mosfet_degC = report.mosfet_ddegC / 10.0;
  return read;
}

// What a busbar drops belongs to no cell.
void look_inside(const models::PackState& pack, Sight& sight) {
  const models::StringState& string = pack.string;
  sight.inner_max_V = -std::numeric_limits<double>::infinity();
  sight.inner_min_V = std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 0; i < pack.cell_V.size(); ++i) {
    const double drop_V = i < string.link_A.size() ? string.link_A[i] * string.link_Ohm[i] : 0.0;
    sight.inner_max_V = std::max(sight.inner_max_V, pack.cell_V[i] - drop_V);
    sight.inner_min_V = std::min(sight.inner_min_V, pack.cell_V[i] - drop_V);
  }
  sight.cell_degC = pack.cells.T_degC.maxCoeff();
  const auto& vented = pack.runaway.is_vented;
  sight.is_vented = std::any_of(vented.begin(), vented.end(), [](auto is) { return is != 0; });
}

void compare_readings(const PackUnit& unit, const Product& product, Sight& sight) {
  sight.worst_cell_V = 0.0;
  sight.worst_ntc_K = 0.0;
  sight.is_ntc_invalid = false;
  const bms_report_t& report = unit.bms_outputs.report;
  const auto cells = std::min<Eigen::Index>(unit.pack.cell_V.size(), report.cell_count);
  for (Eigen::Index i = 0; i < cells; ++i) {
    const double error_V = std::abs(report.cell_mV[i] / 1000.0 - unit.pack.cell_V[i]);
    sight.worst_cell_V = std::max(sight.worst_cell_V, error_V);
  }
  for (int i = 0; i < std::min<int>(count_ntcs(product), report.ntc_count); ++i) {
    const models::Bead& bead = product.pack.beads[static_cast<std::size_t>(i)];
    const bool is_invalid = report.ntc_ddegC[i] == BMS_NTC_INVALID_DDEGC;
    sight.is_ntc_invalid = sight.is_ntc_invalid || is_invalid;
    if (bead.place != models::BeadPlace::cell || is_invalid) continue;
    const double error_K =
        std::abs(report.ntc_ddegC[i] / 10.0 - unit.pack.cells.T_degC[bead.index]);
    sight.worst_ntc_K = std::max(sight.worst_ntc_K, error_K);
  }
}

void scan(const PackUnit& unit, const Product& product, Sight& sight) {
  sight.scan_ns = sight.t_ns;
  sight.truth = true_quantities(unit, product);
  sight.read = read_quantities(unit.bms_outputs.report);
  look_inside(unit.pack, sight);
  compare_readings(unit, product, sight);
  sight.causes = causes_of(unit, product);
}

}  // namespace

void look_at(const PackUnit& unit, const Product& product, Time t_ns, Sight& sight) {
  const bms_report_t& report = unit.bms_outputs.report;
  const bool is_due = sight.t_ns < 0 || t_ns - sight.scan_ns >= product.sampling.cell_period_ns;
  sight.t_ns = t_ns;
  sight.is_alive = unit.supply.is_alive;
  sight.is_working = sight.is_alive && is_watching(report.state);
  sight.is_reset = (unit.bms_inputs.buttons & BMS_BUTTON_RESET) != 0;
  sight.uptime_ms = report.uptime_ms;
  sight.peak_A = unit.pack.path.peak_A;
  sight.warnings = report.warnings;
  sight.protections = report.protections;
  sight.latched = report.latched;
  sight.failures = report.failures;
  sight.charge_gate = unit.bms_outputs.charge_gate;
  sight.discharge_gate = unit.bms_outputs.discharge_gate;
  sight.is_charge_allowed = report.is_charge_allowed;
  sight.is_discharge_allowed = report.is_discharge_allowed;
  if (is_due) scan(unit, product, sight);
  sight.truth.current_A = unit.pack.current_A;
  sight.read.current_A = report.current_mA / 1000.0;
}

}  // namespace doppelpack::sim
