// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What several protocols derive from a report in the same way.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {

/// Rules that protocols report as one condition.
inline constexpr std::uint32_t kOverTemperature =
    BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD);
inline constexpr std::uint32_t kUnderTemperature =
    BMS_RULE_BIT(BMS_RULE_UTC) | BMS_RULE_BIT(BMS_RULE_UTD);
inline constexpr std::uint32_t kDischargeOverCurrent =
    BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2) | BMS_RULE_BIT(BMS_RULE_SCD);

/// What an inverter stops for. A bit for both directions, as a temperature is in some protocols, counts
/// against charge only: in the cold a pack may still be discharged, and its enable flags say so.
inline constexpr std::uint32_t kAgainstCharge =
    BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV) | BMS_RULE_BIT(BMS_RULE_OCC) |
    BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_UTC);
inline constexpr std::uint32_t kAgainstDischarge =
    BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV) | kDischargeOverCurrent |
    BMS_RULE_BIT(BMS_RULE_OTD) | BMS_RULE_BIT(BMS_RULE_UTD);

/// A broken pack, not one at its limits: what protocols call a system error or fault.
inline constexpr std::uint32_t kBroken =
    BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_HIGH) | BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_LOW) |
    BMS_RULE_BIT(BMS_RULE_CELL_ZERO) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE) |
    BMS_RULE_BIT(BMS_RULE_INSULATION);

/// The pre-charge path does not do its work, or does it at a wrong pace.
inline constexpr std::uint64_t kPrechargeFailures =
    BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_WELDED) | BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_FAST) |
    BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_SLOW) | BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_NEVER);

/// A contactor, MOSFET, relay or breaker does not do what it is told.
inline constexpr std::uint64_t kSwitchFailures =
    BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED) |
    BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN) |
    BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED) |
    BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN) |
    BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED) | BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_OPEN) |
    BMS_FAILURE_BIT(BMS_FAILURE_MAIN_2_WELDED) | BMS_FAILURE_BIT(BMS_FAILURE_MAIN_2_OPEN) |
    kPrechargeFailures | BMS_FAILURE_BIT(BMS_FAILURE_BREAKER);

/// Somebody inside is silent or not understood.
inline constexpr std::uint64_t kInternalCommunication =
    BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT) |
    BMS_FAILURE_BIT(BMS_FAILURE_MEMBER_LOST) | BMS_FAILURE_BIT(BMS_FAILURE_MASTER_LOST);

inline bool is_talk_broken(const bms_report_t& report) {
  return (report.failures & kInternalCommunication) != 0;
}

inline bool is_something_open(const bms_report_t& report) {
  return !report.is_charge_allowed || !report.is_discharge_allowed;
}

/// Broken, by a rule or by a failure that keeps something open. An inverter stops on it, so a failure
/// that the pack lives with is none.
inline bool has_system_fault(const bms_report_t& report) {
  return (report.protections & kBroken) != 0 || (report.failures != 0 && is_something_open(report));
}

/// Sent for a temperature that cannot be measured. No document defines one; this value was seen on
/// the bus of a clone without a sensor (issue Sleeper85/esphome-yambms#168).
inline constexpr std::int16_t kNoSensor_ddegC = -1500;

inline std::span<const std::uint16_t> cells_mV(const bms_report_t& report) {
  return {report.cell_mV, std::min<std::size_t>(report.cell_count, BMS_MAX_CELLS)};
}

inline std::span<const std::int16_t> ntcs_ddegC(const bms_report_t& report) {
  return {report.ntc_ddegC, std::min<std::size_t>(report.ntc_count, BMS_MAX_NTCS)};
}

inline bool is_ntc_valid(std::int16_t ntc_ddegC) {
  return ntc_ddegC != BMS_NTC_INVALID_DDEGC;
}

/// The spread of a group of readings. `count` is the number of usable ones; positions count from 1
/// and are 0 when there is none.
struct Spread {
  std::int64_t count = 0;
  std::int64_t mean = 0;
  std::int64_t highest = 0;
  std::int64_t lowest = 0;
  std::uint8_t highest_position = 0;
  std::uint8_t lowest_position = 0;
};

template <typename Reading, typename IsValid>
Spread spread_of(std::span<const Reading> readings, std::int64_t without_any, IsValid is_valid) {
  Spread spread{0, without_any, without_any, without_any, 0, 0};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!is_valid(readings[i])) continue;
    const auto position = static_cast<std::uint8_t>(i + 1);
    if (spread.count == 0 || readings[i] > spread.highest) {
      spread.highest = readings[i];
      spread.highest_position = position;
    }
    if (spread.count == 0 || readings[i] < spread.lowest) {
      spread.lowest = readings[i];
      spread.lowest_position = position;
    }
    sum += readings[i];
    ++spread.count;
  }
  if (spread.count > 0) spread.mean = divide_nearest(sum, spread.count);
  return spread;
}

inline Spread cell_spread_mV(const bms_report_t& report) {
  return spread_of(cells_mV(report), 0, [](std::uint16_t) { return true; });
}

inline Spread ntc_spread_ddegC(const bms_report_t& report) {
  return spread_of(ntcs_ddegC(report), kNoSensor_ddegC, is_ntc_valid);
}

/// Percent from permille, never more than 100.
inline std::int64_t whole_percent(std::uint16_t permille) {
  return std::min<std::int64_t>(divide_nearest(permille, 10), 100);
}

/// Extremes of the whole bank. Positions are known of this pack only: 0 where another one holds the
/// extreme.
inline Spread of_bank(Spread own, std::int64_t highest, std::int64_t lowest) {
  if (own.highest != highest) own.highest_position = 0;
  if (own.lowest != lowest) own.lowest_position = 0;
  own.highest = highest;
  own.lowest = lowest;
  return own;
}
inline Spread bank_cells_mV(const bms_report_t& report) {
  const Spread own = cell_spread_mV(report);
  if (report.members == 0) return own;
  return of_bank(own, report.bank.highest_cell_mV, report.bank.lowest_cell_mV);
}
inline Spread bank_ntcs_ddegC(const bms_report_t& report) {
  const Spread own = ntc_spread_ddegC(report);
  if (report.members == 0 || own.count == 0) return own;
  return of_bank(own, report.bank.hottest_ddegC, report.bank.coldest_ddegC);
}

/// How many modules the pack or bank has, as far as it is on line.
inline std::uint8_t module_count(const bms_report_t& report, const BatteryIdentity& identity) {
  return report.members > 1 ? report.members : identity.module_count;
}

/// The report with the values of the whole bank in place of the pack's own: what an inverter is told.
/// The same report from a core that knows no bank.
inline bms_report_t of_bank(const bms_report_t& report) {
  bms_report_t told = report;
  if (report.members == 0) return told;
  const bms_bank_t& bank = report.bank;
  told.pack_mV = bank.pack_mV;
  told.current_mA = bank.current_mA;
  told.soc_permille = bank.soc_permille;
  told.soh_permille = bank.soh_permille;
  told.remaining_mAh = bank.remaining_mAh;
  told.full_mAh = bank.full_mAh;
  told.cvl_mV = bank.cvl_mV;
  told.discharge_voltage_limit_mV = bank.discharge_voltage_limit_mV;
  told.ccl_mA = bank.ccl_mA;
  told.dcl_mA = bank.dcl_mA;
  told.warnings = bank.warnings;
  told.protections = bank.protections;
  told.failures = bank.failures;
  told.is_charge_allowed = bank.is_charge_allowed;
  told.is_discharge_allowed = bank.is_discharge_allowed;
  return told;
}

}  // namespace doppelpack::can_emulator
