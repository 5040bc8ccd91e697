// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The words of bits and the options of Growatt's low-voltage CAN; sources as in growatt_lv_can.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "can_emulator/battery.hpp"
#include "can_emulator/dialect.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator::growatt_lv {

/// In the order of kOptions; the enumerations below in that of the choices.
enum class Option { talk, frames, chemistry, cell_total };

enum class Talk { broadcast, answer, both };
inline constexpr std::string_view kTalks[]{"broadcast", "answer", "both"};

enum class Frames { v104, newer };
inline constexpr std::string_view kFrames[]{"v1.04", "newer"};

inline constexpr std::string_view kChemistries[]{"LFP", "NMC", "LTO"};

enum class CellTotal { sent, zero };
inline constexpr std::string_view kCellTotals[]{"sent", "zero"};

inline constexpr ProtocolOption kOptions[]{
    {"talk",
     "broadcast: once a second, unasked (SIG), answer: everything on each 0x301 (BE, GR104), both",
     kTalks},
    {"frames", "newer: 0x322 and 0x323 too (SIG)", kFrames},
    {"chemistry", "in 0x319; a Seplos with LFP cells says NMC (SIG)", kChemistries},
    {"cell_total", "last byte of 0x312: number of cells (Seplos), zero (JK)", kCellTotals},
};

// ---- 0x311 ----
inline std::uint16_t working_state(const bms_report_t& report) {
  constexpr std::uint16_t kSoftStart = 0, kStandby = 1, kCharging = 2, kDischarging = 3;
  switch (report.state) {
    case BMS_STATE_ACTIVATION:
    case BMS_STATE_SELF_TEST:
    case BMS_STATE_PRECHARGE:
      return kSoftStart;
    case BMS_STATE_CHARGE:
      return kCharging;
    case BMS_STATE_DISCHARGE:
      return kDischarging;
    case BMS_STATE_LIMIT:
      return report.current_mA > 0 ? kCharging : report.current_mA < 0 ? kDischarging : kStandby;
    default:
      return kStandby;
  }
}

/// Bits 2 "error bits valid" with the first protection; 3, balancing, is not known to the report.
inline std::uint16_t status_word(const bms_report_t& report) {
  unsigned word = working_state(report);
  if (report.protections != 0 || has_system_fault(report)) word |= 1U << 2U;
  if (report.state == BMS_STATE_STORAGE || report.state == BMS_STATE_DEEP_SLEEP) word |= 1U << 4U;
  if (report.is_discharge_allowed) word |= 1U << 5U;
  if (report.is_charge_allowed) word |= 1U << 6U;
  if (!report.is_charge_allowed && !report.is_discharge_allowed) word |= 1U << 7U;
  if (report.members > 1) word |= 1U << 8U;
  return static_cast<std::uint16_t>(word);
}

// ---- 0x312: byte 0 or 2 is the high byte ----
inline constexpr RuleBit kAlarmBits[]{
    {BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2), 0x8000},
    {BMS_RULE_BIT(BMS_RULE_OCC), 0x4000},
    {BMS_RULE_BIT(BMS_RULE_SCD), 0x2000},
    {BMS_RULE_BIT(BMS_RULE_CELL_OV), 0x1000},
    {BMS_RULE_BIT(BMS_RULE_CELL_UV), 0x0800},
    {BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x0400},
    {BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x0200},
    {BMS_RULE_BIT(BMS_RULE_OTD) | BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 0x0080},
    {BMS_RULE_BIT(BMS_RULE_OTC), 0x0040},
    {BMS_RULE_BIT(BMS_RULE_UTD), 0x0020},
    {BMS_RULE_BIT(BMS_RULE_UTC), 0x0010},
    {BMS_RULE_BIT(BMS_RULE_SPREAD) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE), 0x0004},
};

inline constexpr unsigned kSystemFault = 0x0008;  ///< among the protections

inline std::uint16_t protection_word(const bms_report_t& report) {
  unsigned word = bits_of(kAlarmBits, report.protections);
  if ((report.failures & kPrechargeFailures) != 0) word |= 0x0100;
  if (has_system_fault(report)) word |= kSystemFault;
  return static_cast<std::uint16_t>(word);
}

inline std::uint16_t warning_word(const bms_report_t& report) {
  unsigned word = bits_of(kAlarmBits, report.warnings & ~BMS_RULE_BIT(BMS_RULE_SCD));
  if (report.state == BMS_STATE_SHUTDOWN || report.state == BMS_STATE_SUPPLY_LOSS) word |= 0x0002;
  if (is_talk_broken(report)) word |= 0x0001;
  return static_cast<std::uint16_t>(word);
}

}  // namespace doppelpack::can_emulator::growatt_lv
