// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Deye's own low-voltage CAN, from one source: "PCS CAN-Bus-protocol-DY-low-voltage V3.3" in machine
// translation (Psynosaur/esphome-deye-bms). 500 kbit/s, 11-bit identifiers, little endian, once a
// second. Like Pylontech's, but for the bits of 0x359, the sign of the current (positive discharges,
// since its revision 2.5), 0x371 and what it adds.
//
// Left out: 0x358 (a USB board) and the frames of single packs from 0x110 on, which repeat the same of
// each pack. How versions are written is not in the document: major and minor as bytes.

#include <array>
#include <optional>

#include "can_emulator/can_protocol.hpp"
#include "protocols/deye_lv_can_bits.hpp"
#include "protocols/pylon_family.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/request_flags.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol deye_lv_can;

namespace {

using namespace deye_lv;

enum Id : std::uint32_t {
  id_alarms = 0x359,
  id_requests = 0x35C,
  id_extremes = 0x361,
  id_versions = 0x363,
  id_modules = 0x364,
  id_grid_limits = 0x371,
};

// ---- battery side -------------------------------------------------------------------------------

std::optional<CanFrame> encode_alarms(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_alarms)
      .u16le(bits_of(kAlarmBits, report.protections))
      .byte((report.protections & BMS_RULE_BIT(BMS_RULE_SCD)) != 0 ? kShortCircuit : 0)
      .byte(bits_of(kFailureBits, report.failures))
      .u16le(bits_of(kAlarmBits, report.warnings))
      .byte(bits_of(kErrorBits, report.failures))
      .padded_to(8);
}

std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  return limits_frame(of_bank(pack)).frame();
}

std::optional<CanFrame> encode_state_of_charge(const bms_report_t& pack,
                                               const BatteryIdentity& /*identity*/) {
  return state_of_charge_frame(of_bank(pack)).padded_to(8);
}

std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_measurements)
      .s16le(divide_nearest(report.pack_mV, 10))
      .s16le(-divide_nearest(report.current_mA, 100))
      .s16le(ntc_spread_ddegC(report).mean)
      .padded_to(8);
}

// Heating has a bit too (0x04); our packs ask for none.
std::optional<CanFrame> encode_requests(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  return FrameBuilder(id_requests).byte(request_flags(of_bank(pack))).padded_to(8);
}

// "DY001": maker and number of packs; the maker of the cells (0: not told); capacity in 0.1 Ah.
std::optional<CanFrame> encode_manufacturer(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  const int modules = module_count(pack, identity);
  return FrameBuilder(id_manufacturer)
      .text(identity.manufacturer, 2, ' ')
      .byte('0' + modules / 100)
      .byte('0' + modules / 10 % 10)
      .byte('0' + modules % 10)
      .byte(0)
      .u16le(divide_nearest(of_bank(pack).full_mAh, 100))
      .frame();
}

std::optional<CanFrame> encode_extremes(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  const Spread cells = bank_cells_mV(pack);
  const Spread ntcs = bank_ntcs_ddegC(pack);
  return FrameBuilder(id_extremes)
      .u16le(cells.highest)
      .u16le(cells.lowest)
      .s16le(ntcs.highest)
      .s16le(ntcs.lowest)
      .frame();
}

std::optional<CanFrame> encode_versions(const bms_report_t& /*pack*/,
                                        const BatteryIdentity& identity) {
  return FrameBuilder(id_versions)
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .padded_to(8);
}

// Normal, charge forbidden, discharge forbidden, silent, in parallel.
std::optional<CanFrame> encode_modules(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const int online = module_count(pack, identity);
  const bool is_normal = report.is_charge_allowed && report.is_discharge_allowed;
  return FrameBuilder(id_modules)
      .byte(is_normal ? online : 0)
      .byte(report.is_charge_allowed ? 0 : online)
      .byte(report.is_discharge_allowed ? 0 : online)
      .byte(identity.module_count - online)
      .byte(online)
      .padded_to(8);
}

// On the grid; those of 0x351 are for off the grid. The core knows one pair.
std::optional<CanFrame> encode_grid_limits(const bms_report_t& pack,
                                           const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_grid_limits)
      .s16le(divide_down(report.ccl_mA, 100))
      .s16le(divide_down(report.dcl_mA, 100))
      .padded_to(8);
}

constexpr std::array kPeriodic{
    PeriodicFrame{id_alarms, 1000, 0, encode_alarms},
    PeriodicFrame{id_limits, 1000, 90, encode_limits},
    PeriodicFrame{id_state_of_charge, 1000, 180, encode_state_of_charge},
    PeriodicFrame{id_measurements, 1000, 270, encode_measurements},
    PeriodicFrame{id_requests, 1000, 360, encode_requests},
    PeriodicFrame{id_manufacturer, 1000, 450, encode_manufacturer},
    PeriodicFrame{id_extremes, 1000, 540, encode_extremes},
    PeriodicFrame{id_versions, 1000, 630, encode_versions},
    PeriodicFrame{id_modules, 1000, 720, encode_modules},
    PeriodicFrame{id_grid_limits, 1000, 810, encode_grid_limits},
};

// The inverter puts its clock into it: second, minute, hour, day, month, year since 2000.
bool is_from_inverter(const CanFrame& frame) {
  return frame.id == id_heartbeat && !frame.is_remote;
}

CanFrame encode_heartbeat() {
  return FrameBuilder(id_heartbeat).padded_to(8);
}

// ---- inverter side ------------------------------------------------------------------------------

void decode_alarms(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  const std::uint32_t bits = u16le_at(frame, 0) | std::uint32_t{u16le_at(frame, 2)} << 16U;
  take_protections(kAlarmBits, bits, 0, view);
  take_warnings(kAlarmBits, u16le_at(frame, 4), view);
}

void decode_charge(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  decode_percents(frame, view);
}

void decode_readings(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  decode_measurements(frame, 100.0, view);
  view.current_A = -s16le_at(frame, 2) / 10.0;
}

void decode_requests(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  take_request_flags(frame.data[0], view);
}

void decode_maker(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 0).substr(0, 2);
  view.full_Ah = u16le_at(frame, 6) / 10.0;
}

void decode_extremes(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.highest_cell_V = u16le_at(frame, 0) / 1000.0;
  view.lowest_cell_V = u16le_at(frame, 2) / 1000.0;
  view.hottest_degC = s16le_at(frame, 4) / 10.0;
  view.coldest_degC = s16le_at(frame, 6) / 10.0;
}

void decode_modules(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.module_count = frame.data[4];
}

constexpr std::array kDecoders{
    FrameDecoder{id_limits, 8, decode_limits},
    FrameDecoder{id_state_of_charge, 4, decode_charge},
    FrameDecoder{id_measurements, 6, decode_readings},
    FrameDecoder{id_alarms, 7, decode_alarms},
    FrameDecoder{id_requests, 1, decode_requests},
    FrameDecoder{id_manufacturer, 8, decode_maker},
    FrameDecoder{id_extremes, 8, decode_extremes},
    FrameDecoder{id_modules, 5, decode_modules},
};

bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  return decode_by(kDecoders, false, frame, choices, view);
}

}  // namespace

constinit const CanProtocol deye_lv_can{
    .key = "deye-lv-can",
    .title = "Deye low-voltage CAN V3.3",
    .bit_rate_Hz = 500'000,
    .dbc = "deye-lv-can.dbc",
    .options = {},
    .periodic = kPeriodic,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
