// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The first part of an alarm reply (CID2 0x44), which Pylontech and PACE share: one byte per reading,
// 00 normal, 01 below its lower limit, 02 above its upper one, F0 something else (YD/T 1363.3).
// The report says which rule tripped, not which reading: certainly the extreme one.
#pragma once

#include <cstdint>
#include <span>

#include "bms/types.h"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

enum YdtLevel : std::uint8_t {
  level_normal = 0x00,
  level_low = 0x01,
  level_high = 0x02,
  level_other = 0xF0
};

/// `rules`: warnings and protections, as sets of BMS_RULE_BIT. Cells begin with their count;
/// NTCs do not, because PACE has others behind them.
void put_cell_levels(InfoWriter& info, const bms_report_t& report, std::uint32_t rules);
void put_ntc_levels(InfoWriter& info, std::span<const std::int16_t> ntcs_ddegC,
                    std::uint32_t rules);

/// Charge current, pack voltage, discharge current.
void put_pack_levels(InfoWriter& info, std::uint32_t rules);

}  // namespace doppelpack::can_emulator
