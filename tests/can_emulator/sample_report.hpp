// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reports for codec tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "bms/types.h"

namespace doppelpack::can_emulator {

inline void set_cells_mV(bms_report_t& report, std::initializer_list<std::uint16_t> cells_mV) {
  report.cell_count = static_cast<std::uint8_t>(cells_mV.size());
  std::copy(cells_mV.begin(), cells_mV.end(), report.cell_mV);
}

inline void set_ntcs_ddegC(bms_report_t& report, std::initializer_list<std::int16_t> ntcs_ddegC) {
  report.ntc_count = static_cast<std::uint8_t>(ntcs_ddegC.size());
  std::copy(ntcs_ddegC.begin(), ntcs_ddegC.end(), report.ntc_ddegC);
}

/// The US2000 that answers vector P4 of the RS485 tests, its limits taken from vector L14 of the CAN
/// tests: healthy, charging a little.
inline bms_report_t sample_report() {
  bms_report_t report{};
  set_cells_mV(report, {3359, 3360, 3360, 3360, 3360, 3360, 3361, 3360, 3360, 3361, 3362, 3360,
                        3362, 3362, 3361});
  set_ntcs_ddegC(report, {290, 260, 260, 260, 260});
  report.mosfet_ddegC = BMS_NTC_INVALID_DDEGC;
  report.pack_mV = 50408;
  report.terminal_mV = 50420;
  report.current_mA = 2100;
  report.soc_permille = 710;
  report.soh_permille = 990;
  report.remaining_mAh = 35500;
  report.full_mAh = 50000;
  report.cycle_count = 79;
  report.cvl_mV = 55200;
  report.discharge_voltage_limit_mV = 48000;
  report.ccl_mA = 50000;
  report.dcl_mA = 80000;
  report.is_charge_allowed = true;
  report.is_discharge_allowed = true;
  report.state = BMS_STATE_CHARGE;
  return report;
}

/// Every number as large (or, where signed, as negative) as its type allows.
inline bms_report_t extreme_report(bool is_negative) {
  bms_report_t report = sample_report();
  report.cell_count = UINT8_MAX;
  report.ntc_count = UINT8_MAX;
  std::fill(std::begin(report.cell_mV), std::end(report.cell_mV), std::uint16_t{UINT16_MAX});
  std::fill(std::begin(report.ntc_ddegC), std::end(report.ntc_ddegC),
            is_negative ? std::int16_t{INT16_MIN + 1} : std::int16_t{INT16_MAX});
  report.current_mA = is_negative ? INT32_MIN : INT32_MAX;
  report.soc_permille = report.soh_permille = report.cycle_count = UINT16_MAX;
  report.pack_mV = report.terminal_mV = report.remaining_mAh = report.full_mAh = UINT32_MAX;
  report.cvl_mV = report.discharge_voltage_limit_mV = UINT32_MAX;
  report.ccl_mA = report.dcl_mA = UINT32_MAX;
  report.requests = report.warnings = report.protections = UINT32_MAX;
  return report;
}

}  // namespace doppelpack::can_emulator
