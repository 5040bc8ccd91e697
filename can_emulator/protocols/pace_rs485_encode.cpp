// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>
#include <cstdio>

#include "protocols/pace_rs485_bits.hpp"
#include "protocols/pace_rs485_info.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/wire_values.hpp"
#include "protocols/ydt1363_levels.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint8_t kInfoFlag = 0x00;  // of 0x42 and 0x44, as in every capture

constexpr std::uint64_t kSampleFailures =
    BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE) | BMS_FAILURE_BIT(BMS_FAILURE_SUM) |
    BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK) | BMS_FAILURE_BIT(BMS_FAILURE_SHUNT) |
    BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT);
constexpr std::uint64_t kNtcFailures =
    BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK) |
    BMS_FAILURE_BIT(BMS_FAILURE_NTCS_DEAD) | BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC);
constexpr std::uint64_t kDischargeMosfetFailures =
    BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED) |
    BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN);
constexpr std::uint64_t kChargeMosfetFailures = BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED) |
                                                BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN);

// Four cells, the MOSFETs, the environment.
constexpr std::size_t kCellSensors = 4;
struct Temperatures {
  std::array<std::int16_t, kCellSensors> cells;
  std::int16_t mosfet;
  std::int16_t environment;
};

// A pack with more sensors on its cells tells four of them, evenly spread; with fewer, some twice.
// The report has no sensor for the environment: the option says what stands for it.
Temperatures temperatures_of(const bms_report_t& report, PaceEnvironment environment) {
  std::span<const std::int16_t> ntcs = ntcs_ddegC(report);
  Temperatures told{{}, report.mosfet_ddegC, BMS_NTC_INVALID_DDEGC};
  if (environment == PaceEnvironment::last_sensor && !ntcs.empty()) {
    told.environment = ntcs.back();
    ntcs = ntcs.first(ntcs.size() - 1);
  } else if (const Spread ntc = ntc_spread_ddegC(report); ntc.count > 0) {
    told.environment = static_cast<std::int16_t>(ntc.mean);
  }
  for (std::size_t i = 0; i < kCellSensors; ++i) {
    told.cells[i] =
        ntcs.empty() ? std::int16_t{BMS_NTC_INVALID_DDEGC} : ntcs[i * ntcs.size() / kCellSensors];
  }
  return told;
}

PaceEnvironment environment_of(const BatteryIdentity& identity) {
  return choice_of<PaceEnvironment>(identity.serial_choices, PaceOption::environment);
}

bool is_p9(const BatteryIdentity& identity) {
  return choice_of<PaceVariant>(identity.serial_choices, PaceOption::variant) == PaceVariant::p9;
}

void put_temperatures(InfoWriter& info, const bms_report_t& report,
                      const BatteryIdentity& identity) {
  const auto offset =
      choice_of<PaceOffset>(identity.serial_choices, PaceOption::temperature_offset);
  const int zero_ddegC = offset == PaceOffset::at_2730 ? 2730 : 2731;
  const auto put = [&](std::int16_t ddegC) {
    info.put_u16((is_ntc_valid(ddegC) ? ddegC : kNoSensor_ddegC) + zero_ddegC);
  };
  const Temperatures told = temperatures_of(report, environment_of(identity));
  info.put_u8(kCellSensors + 2);
  for (const std::int16_t ddegC : told.cells) put(ddegC);
  put(told.mosfet);
  put(told.environment);
}

void put_analog(InfoWriter& info, const bms_report_t& report, const BatteryIdentity& identity) {
  const auto cells = cells_mV(report);
  info.put_u8(static_cast<std::int64_t>(cells.size()));
  for (const std::uint16_t cell_mV : cells) info.put_u16(cell_mV);
  put_temperatures(info, report, identity);
  info.put_s16(divide_nearest(report.current_mA, 10));
  info.put_u16(report.pack_mV);
  info.put_u16(divide_nearest(report.remaining_mAh, 10));
  info.put_u8(is_p9(identity) ? 9 : 3);
  info.put_u16(divide_nearest(report.full_mAh, 10));
  info.put_u16(report.cycle_count);
  info.put_u16(divide_nearest(identity.design_mAh, 10));
  // Seven more values, whose meaning nobody knows; DBUS wants their length.
  for (int i = 0; is_p9(identity) && i < 7; ++i) info.put_u16(0);
}

void put_levels(InfoWriter& info, const bms_report_t& report, const BatteryIdentity& identity) {
  const std::uint32_t rules = report.warnings | report.protections;
  const Temperatures told = temperatures_of(report, environment_of(identity));
  put_cell_levels(info, report, rules);
  info.put_u8(kCellSensors + 2);
  put_ntc_levels(info, told.cells, rules);
  const bool is_mosfet_hot = (rules & BMS_RULE_BIT(BMS_RULE_MOSFET_OT)) != 0;
  info.put_u8(!is_ntc_valid(told.mosfet) ? level_other : is_mosfet_hot ? level_high : level_normal);
  info.put_u8(is_ntc_valid(told.environment) ? level_normal : level_other);
  put_pack_levels(info, rules);
}

unsigned fault_bits(const bms_report_t& report) {
  constexpr std::uint32_t kBrokenCell =
      BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_HIGH) | BMS_RULE_BIT(BMS_RULE_CELL_FAILURE_LOW) |
      BMS_RULE_BIT(BMS_RULE_CELL_ZERO) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE);
  const auto fails = [&](std::uint64_t any_of) { return (report.failures & any_of) != 0; };
  return flag(fails(kSampleFailures), 0x20) | flag((report.protections & kBrokenCell) != 0, 0x10) |
         flag(fails(kNtcFailures), 0x04) | flag(fails(kDischargeMosfetFailures), 0x02) |
         flag(fails(kChargeMosfetFailures), 0x01);
}

// The documents call bits 3 and 5 of the instruction byte "pack indicate" and "AC in"; NK saw bit 3
// with the discharge current of vector C1, and names bit 5 charging.
unsigned instruction_bits(const bms_report_t& report) {
  return flag(report.current_mA > 0, 0x20) | flag(report.current_mA < 0, 0x08) |
         flag(report.is_discharge_allowed, 0x04) | flag(report.is_charge_allowed, 0x02);
}

// Bits 5, 4, 3 and 0 are the settings of lamps, limiter, gear and buzzer; the pack has none.
unsigned control_bits(const bms_report_t& report) {
  return flag(!report.is_discharge_allowed, 0x04) | flag(!report.is_charge_allowed, 0x02);
}

void put_warnings(InfoWriter& info, const bms_report_t& report, const BatteryIdentity& identity) {
  const auto has = [](std::uint32_t rules, bms_rule_t rule) {
    return (rules & BMS_RULE_BIT(rule)) != 0;
  };
  put_levels(info, report, identity);
  info.put_u8(bits_of(kPaceProtection1, report.protections));
  info.put_u8(flag(report.is_full, 0x80) | flag(has(report.protections, BMS_RULE_MOSFET_OT), 0x10) |
              bits_of(kPaceCellTemperatures, report.protections));
  info.put_u8(instruction_bits(report));
  info.put_u8(control_bits(report));
  info.put_u8(fault_bits(report));
  // Cells being balanced, which the report does not tell. PACE232 has cells 1 to 8 in the first
  // byte, NK in the second.
  info.put_u16(0);
  info.put_u8(bits_of(kPaceWarning1, report.warnings));
  info.put_u8(flag(has(report.warnings, BMS_RULE_SOC_LOW), 0x80) |
              flag(has(report.warnings, BMS_RULE_MOSFET_OT), 0x40) |
              bits_of(kPaceCellTemperatures, report.warnings));
  if (is_p9(identity)) info.put_u8(0);  // nobody knows what it is
}

}  // namespace

Bytes encode_pace_analog(const PaceStack& stack) {
  InfoWriter info;
  info.put_u8(kInfoFlag);
  info.put_u8(stack.selector);
  for (const bms_report_t& report : stack.packs) put_analog(info, report, stack.identity);
  return info.take();
}

Bytes encode_pace_warnings(const PaceStack& stack) {
  InfoWriter info;
  info.put_u8(kInfoFlag);
  info.put_u8(stack.selector);
  for (const bms_report_t& report : stack.packs) put_warnings(info, report, stack.identity);
  return info.take();
}

Bytes encode_pace_pack_count(const PaceStack& stack) {
  InfoWriter info;
  info.put_u8(static_cast<std::int64_t>(stack.packs.size()));
  return info.take();
}

// Of the first pack, whoever was asked for (NK).
Bytes encode_pace_capacity(const PaceStack& stack) {
  const bms_report_t& report = stack.packs.front();
  InfoWriter info;
  info.put_u16(divide_nearest(report.remaining_mAh, 10));
  info.put_u16(divide_nearest(report.full_mAh, 10));
  info.put_u16(divide_nearest(stack.identity.design_mAh, 10));
  return info.take();
}

// Type and version, a blank behind them, and a NUL at the end, as in vector C4.
Bytes encode_pace_version(const PaceStack& stack) {
  char version[16];
  std::snprintf(version, sizeof version, "-%u.%02u", stack.identity.version_major,
                stack.identity.version_minor);
  InfoWriter info;
  info.put_text(stack.identity.device_name.substr(0, 13) + version, 19, ' ');
  info.put_u8(0);
  return info.take();
}

// The board's number, then the pack's, which vector C5 leaves blank.
Bytes encode_pace_serial(const PaceStack& stack) {
  InfoWriter info;
  info.put_text(stack.identity.barcode, 20, ' ');
  info.put_text("", 20, ' ');
  return info.take();
}

}  // namespace doppelpack::can_emulator
