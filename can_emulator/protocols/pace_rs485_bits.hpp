// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The bits of PACE's 0x44. Sources as in pace_rs485_info.hpp.
#pragma once

#include <array>

#include "bms/types.h"
#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::array kPaceProtection1{
    RuleBit{BMS_RULE_BIT(BMS_RULE_SCD), 0x40},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2), 0x20},
    RuleBit{kChargeOverCurrent, 0x10},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x08},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x04},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 0x02},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV), 0x01},
};
inline constexpr std::array kPaceWarning1{
    RuleBit{kDischargeOverCurrent, 0x20},          RuleBit{kChargeOverCurrent, 0x10},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x08}, RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x04},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 0x02}, RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV), 0x01},
};
// Protection 2 and warning 2 agree in the cells' temperatures and differ above them.
inline constexpr std::array kPaceCellTemperatures{
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTD), 0x08},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTC), 0x04},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTD), 0x02},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTC), 0x01},
};

}  // namespace doppelpack::can_emulator
