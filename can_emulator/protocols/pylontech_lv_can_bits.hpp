// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The bits of 0x359 in Pylontech's low-voltage CAN. Sources as in pylontech_lv_can.cpp.
#pragma once

#include "bms/types.h"
#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator::pylontech_lv {

/// The same in the V1.2 document and in those of Deye, Sol-Ark and Luxpower. Bit 0..7 is byte 0
/// (protections) or 2 (warnings), bit 8..15 the byte after it. Spreads and a low SOC have no bit.
inline constexpr RuleBit kAlarmBits[]{
    {BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x0002},
    {BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x0004},
    {kOverTemperature | BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 0x0008},
    {kUnderTemperature, 0x0010},
    {kDischargeOverCurrent, 0x0080},
    {BMS_RULE_BIT(BMS_RULE_OCC), 0x0100},
};
inline constexpr unsigned kSystemError = 0x0800;  ///< among the protections

}  // namespace doppelpack::can_emulator::pylontech_lv
