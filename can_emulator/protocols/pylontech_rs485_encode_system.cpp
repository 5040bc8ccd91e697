// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The commands of V3.5 that speak of the whole system, 0x60 to 0x63.

#include <algorithm>

#include "protocols/pylontech_rs485_bits.hpp"
#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

void put_flags(InfoWriter& info, unsigned flags) {
  info.put_u8(flags & 0xFFU);
  info.put_u8(flags >> 8U);
}

// The scale of the current: the sources disagree (PY35's example reads three decimals, SIG's decoder
// map 0.1 A, a Dyness bridge 1 A) and every capture is at rest. Emulators that run with real
// inverters use 0.01 A (kitor/pace2pylon, Fahmula/esphome-pylontech-rs485,
// dalathegreat/Battery-Emulator): the default.
std::int64_t system_current_of(std::int32_t current_mA, const BatteryIdentity& identity) {
  const auto scale =
      choice_of<PylontechSystemCurrent>(identity.serial_choices, PylontechOption::system_current);
  switch (scale) {
    case PylontechSystemCurrent::centiampere:
      return divide_nearest(current_mA, 10);
    case PylontechSystemCurrent::deciampere:
      return divide_nearest(current_mA, 100);
    case PylontechSystemCurrent::ampere:
      break;
  }
  return divide_nearest(current_mA, 1000);
}

// A mean, then the highest and the lowest with their places: high byte the module (0 in every
// capture), low byte the cell or sensor counted from 1, 0 for none.
void put_spread(InfoWriter& info, const Spread& spread) {
  put_temperature(info, spread.mean);
  put_temperature(info, spread.highest);
  info.put_u16(spread.highest_position);
  put_temperature(info, spread.lowest);
  info.put_u16(spread.lowest_position);
}

}  // namespace

// Padding NUL: the example of PY35 verifies only with it.
Bytes encode_system_basics(const Stack& stack) {
  InfoWriter info;
  info.put_text(stack.identity.device_name, 10, '\0');
  info.put_text(stack.identity.manufacturer, 20, '\0');
  info.put_u8(stack.identity.version_major);
  info.put_u8(stack.identity.version_minor);
  info.put_u8(static_cast<std::int64_t>(stack.packs.size()));
  for (std::size_t i = 0; i < stack.packs.size(); ++i) {
    info.put_text(barcode_of(stack.identity, i), 16, '\0');
  }
  return info.take();
}

// The sensor at the MOSFETs stands for the board around them too. Without one the cells' mean stands
// for both, because zero would mean -273 degC and an alarm.
Bytes encode_system_analog(const Stack& stack) {
  const bms_report_t report = of_bank(stack.packs.front());
  const Spread cell = cell_spread_mV(report);
  const Spread ntc = ntc_spread_ddegC(report);
  const std::int64_t board = is_ntc_valid(report.mosfet_ddegC) ? report.mosfet_ddegC : ntc.mean;
  const Spread nowhere{0, board, board, board, 0, 0};
  InfoWriter info;
  info.put_u16(report.pack_mV);
  info.put_s16(system_current_of(report.current_mA, stack.identity));
  info.put_u8(std::min<std::int64_t>(divide_nearest(report.soc_permille, 10), 100));
  info.put_u16(report.cycle_count);  // mean and highest
  info.put_u16(report.cycle_count);
  const std::int64_t soh_pct = std::min<std::int64_t>(divide_nearest(report.soh_permille, 10), 100);
  info.put_u8(soh_pct);  // mean and lowest
  info.put_u8(soh_pct);
  info.put_u16(cell.highest);
  info.put_u16(cell.highest_position);
  info.put_u16(cell.lowest);
  info.put_u16(cell.lowest_position);
  put_spread(info, ntc);
  put_spread(info, nowhere);  // MOSFETs
  put_spread(info, nowhere);  // board
  return info.take();
}

Bytes encode_system_alarms(const Stack& stack) {
  const bms_report_t report = of_bank(stack.packs.front());
  const auto warns = [&](bms_rule_t rule) { return (report.warnings & BMS_RULE_BIT(rule)) != 0; };
  InfoWriter info;
  put_flags(info, bits_of(kSystemBits, report.warnings) |
                      flag(warns(BMS_RULE_SPREAD), kSpreadAlarm) |
                      flag(warns(BMS_RULE_T_SPREAD), kTemperatureSpreadAlarm) |
                      flag(is_talk_broken(report), kInternalCommunicationAlarm));
  put_flags(info, bits_of(kSystemBits, report.protections) |
                      flag(has_system_fault(report), kSystemFaultProtection));
  return info.take();
}

// The discharge limit is positive in PY35 and from a JK pack, negative from a Seplos, for the same
// inverter (SIG): positive is the default. Other status bits than 0x92: 0x20 charge immediately, 0x10 full charge.
Bytes encode_system_management(const Stack& stack) {
  const bms_report_t report = of_bank(stack.packs.front());
  InfoWriter info;
  const auto sign = choice_of<PylontechSystemDischarge>(stack.identity.serial_choices,
                                                        PylontechOption::system_discharge);
  put_limits(info, report, sign == PylontechSystemDischarge::positive ? +1 : -1);
  const bool is_forced =
      (report.requests & (BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2)) != 0;
  info.put_u8(flag(report.is_charge_allowed, 0x80) | flag(report.is_discharge_allowed, 0x40) |
              flag(is_forced, 0x20) | flag((report.requests & BMS_REQUEST_FULL_CHARGE) != 0, 0x10));
  return info.take();
}

}  // namespace doppelpack::can_emulator
