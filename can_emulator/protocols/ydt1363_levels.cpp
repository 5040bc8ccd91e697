// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/ydt1363_levels.hpp"

#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator {
namespace {

YdtLevel level_of(bool is_high, bool is_low) {
  return is_high ? level_high : is_low ? level_low : level_normal;
}

}  // namespace

void put_cell_levels(InfoWriter& info, const bms_report_t& report, std::uint32_t rules) {
  const auto cells = cells_mV(report);
  const Spread cell = cell_spread_mV(report);
  info.put_u8(static_cast<std::int64_t>(cells.size()));
  for (const std::uint16_t cell_mV : cells) {
    info.put_u8(level_of(cell_mV == cell.highest && (rules & BMS_RULE_BIT(BMS_RULE_CELL_OV)) != 0,
                         cell_mV == cell.lowest && (rules & BMS_RULE_BIT(BMS_RULE_CELL_UV)) != 0));
  }
}

void put_ntc_levels(InfoWriter& info, std::span<const std::int16_t> ntcs_ddegC,
                    std::uint32_t rules) {
  const Spread ntc = spread_of(ntcs_ddegC, kNoSensor_ddegC, is_ntc_valid);
  for (const std::int16_t ntc_ddegC : ntcs_ddegC) {
    const bool is_high = ntc_ddegC == ntc.highest && (rules & kOverTemperature) != 0;
    const bool is_low = ntc_ddegC == ntc.lowest && (rules & kUnderTemperature) != 0;
    info.put_u8(is_ntc_valid(ntc_ddegC) ? level_of(is_high, is_low) : level_other);
  }
}

void put_pack_levels(InfoWriter& info, std::uint32_t rules) {
  const auto has = [rules](std::uint32_t any_of) { return (rules & any_of) != 0; };
  info.put_u8(level_of(has(kChargeOverCurrent), false));
  info.put_u8(level_of(has(BMS_RULE_BIT(BMS_RULE_PACK_OV)), has(BMS_RULE_BIT(BMS_RULE_PACK_UV))));
  info.put_u8(level_of(has(kDischargeOverCurrent), false));
}

}  // namespace doppelpack::can_emulator
