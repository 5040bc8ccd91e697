// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The tables of bits in Deye's 0x359: byte 0 is table 1. Source as in deye_lv_can.cpp.
#pragma once

#include <cstdint>

#include "bms/types.h"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator::deye_lv {

/// Tables 1 and 2 (protections) and, the same, 5 and 6 (alarms); bit 8 is bit 0 of the second byte.
inline constexpr RuleBit kAlarmBits[]{
    {BMS_RULE_BIT(BMS_RULE_CELL_OV), 1U << 0U},
    {BMS_RULE_BIT(BMS_RULE_CELL_UV), 1U << 1U},
    {BMS_RULE_BIT(BMS_RULE_PACK_OV), 1U << 2U},
    {BMS_RULE_BIT(BMS_RULE_PACK_UV), 1U << 3U},
    {BMS_RULE_BIT(BMS_RULE_OCC), 1U << 4U},
    {BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2), 1U << 5U},
    {BMS_RULE_BIT(BMS_RULE_OTC), 1U << 6U},
    {BMS_RULE_BIT(BMS_RULE_UTC), 1U << 7U},
    {BMS_RULE_BIT(BMS_RULE_OTD), 1U << 8U},
    {BMS_RULE_BIT(BMS_RULE_UTD), 1U << 9U},
    {BMS_RULE_BIT(BMS_RULE_SPREAD) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE), 1U << 10U},
    {BMS_RULE_BIT(BMS_RULE_T_SPREAD), 1U << 11U},
    {BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1U << 12U},
};

/// Table 3: the short circuit of the front end.
inline constexpr unsigned kShortCircuit = 1U << 4U;

/// Tables 4 and 7.
inline constexpr FailureBit kFailureBits[]{
    {BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT), 1U << 0U},
    {BMS_FAILURE_BIT(BMS_FAILURE_SUM) | BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK), 1U << 1U},
    {BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK) | BMS_FAILURE_BIT(BMS_FAILURE_NTCS_DEAD) |
         BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC),
     1U << 2U},
    {BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED) |
         BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED),
     1U << 3U},
    {BMS_FAILURE_BIT(BMS_FAILURE_CONFIG) | BMS_FAILURE_BIT(BMS_FAILURE_NVM), 1U << 4U},
    {BMS_FAILURE_BIT(BMS_FAILURE_MEMBER_LOST) | BMS_FAILURE_BIT(BMS_FAILURE_MASTER_LOST), 1U << 5U},
    {BMS_FAILURE_BIT(BMS_FAILURE_INVERTER_LOST), 1U << 6U},
    {BMS_FAILURE_BIT(BMS_FAILURE_TWO_MASTERS) | BMS_FAILURE_BIT(BMS_FAILURE_ADDRESS), 1U << 7U},
};
inline constexpr FailureBit kErrorBits[]{
    {BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_FAST) | BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_SLOW) |
         BMS_FAILURE_BIT(BMS_FAILURE_PRECHARGE_NEVER),
     1U << 1U},
    {BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE), 1U << 5U},
    {BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN), 1U << 6U},
};

}  // namespace doppelpack::can_emulator::deye_lv
