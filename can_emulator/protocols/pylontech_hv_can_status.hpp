// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What 0x4250 and 0x4290 of Pylontech's high-voltage CAN say, from HV118 alone. How failures of the
// core and insulation become its fault bits is our choice: no public source has them.
#pragma once

#include <cstdint>

#include "bms/types.h"
#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator::pylontech_hv {

// ---- byte 0 of 0x4250 ----
inline unsigned basic_status(const bms_report_t& report) {
  constexpr unsigned kSleep = 0, kCharge = 1, kDischarge = 2, kIdle = 3;
  constexpr unsigned kForceCharge = 1U << 3U, kBalanceCharge = 1U << 4U;
  unsigned status = kIdle;
  switch (report.state) {
    case BMS_STATE_OFF:
    case BMS_STATE_FAILURE:
    case BMS_STATE_STORAGE:
    case BMS_STATE_DEEP_SLEEP:
    case BMS_STATE_SUPPLY_LOSS:
    case BMS_STATE_SHUTDOWN:
      status = kSleep;
      break;
    case BMS_STATE_CHARGE:
      status = kCharge;
      break;
    case BMS_STATE_DISCHARGE:
      status = kDischarge;
      break;
    case BMS_STATE_LIMIT:
      if (report.current_mA != 0) status = report.current_mA > 0 ? kCharge : kDischarge;
      break;
    default:
      break;
  }
  if ((report.requests & (BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2)) != 0)
    status |= kForceCharge;
  if ((report.requests & BMS_REQUEST_FULL_CHARGE) != 0) status |= kBalanceCharge;
  return status;
}

// ---- alarms and protections: the same twelve positions; modules have no rules of their own ----
inline constexpr RuleBit kAlarmBits[]{
    {BMS_RULE_BIT(BMS_RULE_CELL_UV), 1U << 0U},
    {BMS_RULE_BIT(BMS_RULE_CELL_OV), 1U << 1U},
    {BMS_RULE_BIT(BMS_RULE_PACK_UV), 1U << 2U},
    {BMS_RULE_BIT(BMS_RULE_PACK_OV), 1U << 3U},
    {BMS_RULE_BIT(BMS_RULE_UTC), 1U << 4U},
    {BMS_RULE_BIT(BMS_RULE_OTC), 1U << 5U},
    {BMS_RULE_BIT(BMS_RULE_UTD), 1U << 6U},
    {BMS_RULE_BIT(BMS_RULE_OTD) | BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1U << 7U},
    {BMS_RULE_BIT(BMS_RULE_OCC), 1U << 8U},
    {kDischargeOverCurrent, 1U << 9U},
};

// ---- faults ----
inline constexpr std::uint64_t kVoltageSensors = BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE) |
                                                 BMS_FAILURE_BIT(BMS_FAILURE_SUM) |
                                                 BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK);
inline constexpr std::uint64_t kTemperatureSensors =
    BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK) |
    BMS_FAILURE_BIT(BMS_FAILURE_NTCS_DEAD) | BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC);
inline constexpr std::uint64_t kFrontEnd =
    BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT);
inline constexpr std::uint64_t kSelf =
    BMS_FAILURE_BIT(BMS_FAILURE_CLOCK) | BMS_FAILURE_BIT(BMS_FAILURE_TASK) |
    BMS_FAILURE_BIT(BMS_FAILURE_CONFIG) | BMS_FAILURE_BIT(BMS_FAILURE_NVM);
inline constexpr std::uint64_t kNamedFailures =
    kVoltageSensors | kTemperatureSensors | kInternalCommunication | kSwitchFailures;
inline constexpr std::uint32_t kDamaged =
    BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_HIGH) | BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_LOW) |
    BMS_RULE_BIT(BMS_RULE_CELL_ZERO) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE);

inline constexpr unsigned kDamagedFault = 1U << 6U;

inline unsigned fault_bits(const bms_report_t& report) {
  unsigned bits = 0;
  if ((report.failures & kVoltageSensors) != 0) bits |= 1U << 0U;
  if ((report.failures & kTemperatureSensors) != 0) bits |= 1U << 1U;
  if ((report.failures & kInternalCommunication) != 0) bits |= 1U << 2U;
  if ((report.failures & kSwitchFailures) != 0) bits |= 1U << 5U;
  if ((report.protections & kDamaged) != 0) bits |= kDamagedFault;
  const bool is_insulation = (report.protections & BMS_RULE_BIT(BMS_RULE_INSULATION)) != 0;
  if (is_insulation || (report.failures & ~kNamedFailures) != 0) bits |= 1U << 7U;
  return bits;
}

// ---- 0x4290 ----
inline unsigned fault_extension(const bms_report_t& report) {
  unsigned bits = 0;
  if ((report.failures & kFrontEnd) != 0) bits |= 1U << 1U;
  if ((report.failures & kInternalCommunication & ~kFrontEnd) != 0) bits |= 1U << 2U;
  if ((report.failures & kSelf) != 0) bits |= 1U << 3U;
  if ((report.protections & BMS_RULE_BIT(BMS_RULE_INSULATION)) != 0) bits |= 1U << 4U;
  return bits;
}

}  // namespace doppelpack::can_emulator::pylontech_hv
