// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// 0x62 of Pylontech RS485: two bytes of alarms and two of protections, alike but for some bits. Here
// the first byte of each is the low one.
#pragma once

#include <array>

#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator {

inline constexpr unsigned kSpreadAlarm = 0x0001;
inline constexpr unsigned kTemperatureSpreadAlarm = 0x8000;
inline constexpr unsigned kInternalCommunicationAlarm = 0x1000;
inline constexpr unsigned kSystemFaultProtection = 0x0800;
inline constexpr std::array kSystemBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x0080},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x0040},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV), 0x0020},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 0x0010},
    RuleBit{kOverTemperature, 0x0008},
    RuleBit{kUnderTemperature, 0x0004},
    RuleBit{BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 0x0002},
    RuleBit{kChargeOverCurrent, 0x4000},
    RuleBit{kDischargeOverCurrent, 0x2000},
};

}  // namespace doppelpack::can_emulator
