// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>

#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/request_flags.hpp"
#include "protocols/rule_bits.hpp"
#include "protocols/wire_values.hpp"
#include "protocols/ydt1363_levels.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::int64_t kZeroCelsius_ddegC = 2731;

// First byte of 0x42, 0x44 and 0x47: bit 4 unread switch change, bit 0 unread alarm change. What
// has been read is state, which a codec has not, and no client looks: nothing unread.
constexpr std::uint8_t kInfoFlag = 0x00;

// Packs of up to 65 Ah send 2 user items, larger ones 4 with FFFF in the 16-bit capacities (PY33).
// In a stack with a large one every pack sends 4 (PPY).
constexpr std::uint32_t kSmallPack_mAh = 65000;

// 0x44 status 1. It has no bit for an over-voltage of a cell, nor for under-temperature: the bytes
// of the readings tell them.
constexpr std::array kStatusBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x80},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTC), 0x40},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTD), 0x20},
    RuleBit{kDischargeOverCurrent, 0x10},
    RuleBit{kChargeOverCurrent, 0x04},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 0x02},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x01},
};

void put_analog(InfoWriter& info, const bms_report_t& report, bool is_large) {
  const auto cells = cells_mV(report);
  info.put_u8(static_cast<std::int64_t>(cells.size()));
  for (const std::uint16_t cell_mV : cells) info.put_u16(cell_mV);
  const auto ntcs = ntcs_ddegC(report);
  info.put_u8(static_cast<std::int64_t>(ntcs.size()));
  for (const std::int16_t ntc_ddegC : ntcs) {
    put_temperature(info, is_ntc_valid(ntc_ddegC) ? ntc_ddegC : kNoSensor_ddegC);
  }
  info.put_s16(divide_nearest(report.current_mA, 100));
  info.put_u16(report.pack_mV);
  if (!is_large) {
    info.put_u16(report.remaining_mAh);
    info.put_u8(2);
    info.put_u16(report.full_mAh);
    info.put_u16(report.cycle_count);
  } else {
    info.put_u16(0xFFFF);
    info.put_u8(4);
    info.put_u16(0xFFFF);
    info.put_u16(report.cycle_count);
    info.put_u24(report.remaining_mAh);
    info.put_u24(report.full_mAh);
  }
}

// Status 4 and 5: a cell outside 1 V to 4.2 V is taken for a measuring error (PY33).
unsigned cell_error_bits(const bms_report_t& report, std::size_t first) {
  const auto cells = cells_mV(report);
  unsigned bits = 0;
  for (std::size_t i = 0; i < 8 && first + i < cells.size(); ++i) {
    const std::uint16_t cell_mV = cells[first + i];
    bits |= flag(cell_mV > 4200 || cell_mV < 1000, 1U << i);
  }
  return bits;
}

void put_alarms(InfoWriter& info, const bms_report_t& report, const BatteryIdentity& identity) {
  const std::uint32_t rules = report.warnings | report.protections;
  put_cell_levels(info, report, rules);
  const auto ntcs = ntcs_ddegC(report);
  info.put_u8(static_cast<std::int64_t>(ntcs.size()));
  put_ntc_levels(info, ntcs, rules);
  put_pack_levels(info, rules);
  info.put_u8(bits_of(kStatusBits, report.protections));
  info.put_u8(0x08 | flag(report.is_discharge_allowed, 0x04) |  // 0x08: lives on the pack's power
              flag(report.is_charge_allowed, 0x02));
  info.put_u8(flag(report.current_mA > 100, 0x80) | flag(report.current_mA < -100, 0x40) |
              flag(report.soc_permille >= 1000, 0x08));
  info.put_u8(cell_error_bits(report, 0));
  info.put_u8(cell_error_bits(report, 8));
  // PY33 ends here, and so does the US2000 of TOM. A US2000C (ESS) sends one byte more, meaning
  // unknown, and ARD reads nothing shorter.
  if (choice_of<PylontechAlarmLength>(identity.serial_choices, PylontechOption::alarm_length) ==
      PylontechAlarmLength::with_extra_byte) {
    info.put_u8(0);
  }
}

}  // namespace

void put_temperature(InfoWriter& info, std::int64_t ddegC) {
  info.put_u16(ddegC + kZeroCelsius_ddegC);
}

// Limits round to the safe side. `discharge_sign`: see the callers.
void put_limits(InfoWriter& info, const bms_report_t& report, int discharge_sign) {
  info.put_u16(report.cvl_mV);
  info.put_u16(report.discharge_voltage_limit_mV);
  info.put_s16(divide_down(report.ccl_mA, 100));
  info.put_s16(discharge_sign * divide_down(report.dcl_mA, 100));
}

// A pack behind the master whose barcode nobody gave has an empty one.
std::string_view barcode_of(const BatteryIdentity& identity, std::size_t place) {
  if (place == 0) return identity.barcode;
  if (place > identity.member_barcodes.size()) return {};
  return identity.member_barcodes[place - 1];
}

Bytes encode_analog(const Stack& stack) {
  InfoWriter info;
  info.put_u8(kInfoFlag);
  info.put_u8(stack.selector);
  const bool is_any_large =
      std::any_of(stack.packs.begin(), stack.packs.end(),
                  [](const bms_report_t& report) { return report.full_mAh > kSmallPack_mAh; });
  for (const bms_report_t& report : stack.packs) put_analog(info, report, is_any_large);
  return info.take();
}

Bytes encode_alarms(const Stack& stack) {
  InfoWriter info;
  info.put_u8(kInfoFlag);
  info.put_u8(stack.selector);
  for (const bms_report_t& report : stack.packs) put_alarms(info, report, stack.identity);
  return info.take();
}

// Currents in 0.1 A: some clients divide by 100, but then a US2000 would charge at 9 A.
Bytes encode_system_parameters(const Stack& stack) {
  const ProductLimits& limits = stack.identity.limits;
  InfoWriter info;
  info.put_u8(kInfoFlag);
  info.put_u16(limits.cell_high_mV);
  info.put_u16(limits.cell_low_mV);
  info.put_u16(limits.cell_under_mV);
  put_temperature(info, limits.charge_high_ddegC);
  put_temperature(info, limits.charge_low_ddegC);
  info.put_s16(divide_down(limits.charge_current_mA, 100));
  info.put_u16(limits.pack_high_mV);
  info.put_u16(limits.pack_low_mV);
  info.put_u16(limits.pack_under_mV);
  put_temperature(info, limits.discharge_high_ddegC);
  put_temperature(info, limits.discharge_low_ddegC);
  info.put_s16(-divide_down(limits.discharge_current_mA, 100));
  return info.take();
}

Bytes encode_nothing(const Stack& /*stack*/) {
  return {};
}

// Padding as captured by ESS: NUL in the name, '-' in the manufacturer.
Bytes encode_manufacturer(const Stack& stack) {
  InfoWriter info;
  info.put_text(stack.identity.device_name, 10, '\0');
  info.put_u8(stack.identity.version_major);
  info.put_u8(stack.identity.version_minor);
  info.put_text(stack.identity.manufacturer, 20, '-');
  return info.take();
}

Bytes encode_pack_count(const Stack& stack) {
  InfoWriter info;
  info.put_u8(static_cast<std::int64_t>(stack.packs.size()));
  return info.take();
}

// The discharge limit is negative on the wire (PPY, its captures); 0x20 is charge immediately 1.
Bytes encode_management(const Stack& stack) {
  const bms_report_t& report = stack.packs.front();
  InfoWriter info;
  info.put_u8(stack.selector);
  put_limits(info, report, -1);
  info.put_u8(request_flags(report));
  return info.take();
}

Bytes encode_serial_number(const Stack& stack) {
  InfoWriter info;
  info.put_u8(stack.selector);
  info.put_text(barcode_of(stack.identity, stack.first), 16, '\0');
  return info.take();
}

// Manufacturer version (2 bytes), then main line version (3 bytes).
Bytes encode_firmware(const Stack& stack) {
  InfoWriter info;
  info.put_u8(stack.selector);
  info.put_u8(stack.identity.version_major);
  info.put_u8(stack.identity.version_minor);
  info.put_u8(0);
  info.put_u8(stack.identity.version_major);
  info.put_u8(stack.identity.version_minor);
  return info.take();
}

}  // namespace doppelpack::can_emulator
