// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/pylon_family.hpp"

#include <algorithm>
#include <cstdlib>

#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

// The document of Pylontech can be read as a negative discharge current limit, but every capture of a
// real pack is positive. Its V1.2 has no discharge voltage limit; real packs fill it, and Sol-Ark,
// Luxpower and SMA ask for it.
FrameBuilder limits_frame(const bms_report_t& report) {
  return FrameBuilder(id_limits)
      .u16le(divide_down(report.cvl_mV, 100))
      .s16le(divide_down(report.ccl_mA, 100))
      .s16le(divide_down(report.dcl_mA, 100))
      .u16le(divide_up(report.discharge_voltage_limit_mV, 100));
}

FrameBuilder state_of_charge_frame(const bms_report_t& report) {
  return FrameBuilder(id_state_of_charge)
      .u16le(whole_percent(report.soc_permille))
      .u16le(whole_percent(report.soh_permille));
}

std::int64_t fine_percent(std::uint16_t permille) {
  return std::min<std::int64_t>(permille, 1000) * 10;
}

FrameBuilder measurements_frame(const bms_report_t& report, std::int64_t voltage_step_mV) {
  return FrameBuilder(id_measurements)
      .s16le(divide_nearest(report.pack_mV, voltage_step_mV))
      .s16le(divide_nearest(report.current_mA, 100))
      .s16le(ntc_spread_ddegC(report).mean);
}

FrameBuilder battery_type_frame(const bms_report_t& report, const BatteryIdentity& identity,
                                std::uint16_t chemistry) {
  return FrameBuilder(id_battery_type)
      .u16le(chemistry)
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .u16le(full_Ah(report));
}

std::int64_t full_Ah(const bms_report_t& report) {
  return divide_nearest(report.full_mAh, 1000);
}

// The sign of the discharge current limit is disputed, so its magnitude counts. A negative charge
// current limit has no meaning in any source: nothing may be charged.
void decode_limits(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.cvl_V = u16le_at(frame, 0) / 10.0;
  view.ccl_A = std::max(s16le_at(frame, 2), 0) / 10.0;
  view.dcl_A = std::abs(s16le_at(frame, 4)) / 10.0;
  if (frame.dlc >= 8) view.discharge_voltage_limit_V = u16le_at(frame, 6) / 10.0;
}

void decode_percents(const CanFrame& frame, BatteryView& view) {
  view.soc = u16le_at(frame, 0) / 100.0;
  view.soh = u16le_at(frame, 2) / 100.0;
}

void decode_measurements(const CanFrame& frame, double steps_per_V, BatteryView& view) {
  view.pack_V = s16le_at(frame, 0) / steps_per_V;
  view.current_A = s16le_at(frame, 2) / 10.0;
  view.T_degC = s16le_at(frame, 4) / 10.0;
}

void decode_manufacturer(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 0);
}

void decode_battery_type(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.full_Ah = u16le_at(frame, 4);
}

void decode_installed_capacity(const CanFrame& frame, const Choices& /*choices*/,
                               BatteryView& view) {
  view.full_Ah = u16le_at(frame, 0);
}

}  // namespace doppelpack::can_emulator
