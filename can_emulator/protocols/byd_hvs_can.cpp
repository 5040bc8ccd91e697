// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// BYD Battery-Box Premium HVS and HVM, from one source, which emulates the battery:
// dalathegreat/Battery-Emulator ("BE", BYD-CAN). 500 kbit/s, 11-bit identifiers, big endian. The
// inverter asks for an identification in 0x151; measurements come unasked. (A BYD LVS towards Victron
// is a dialect of sma-can.)
//
// Bytes nobody explains are those of BE. Alarms in 0x190 have no known bits: always the healthy ones.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "protocols/can_fields.hpp"
#include "protocols/energy.hpp"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol byd_hvs_can;

namespace {

enum Id : std::uint32_t {
  id_inverter_voltage = 0x091,
  id_inverter_charge = 0x0D1,
  id_inverter_time = 0x111,
  id_inverter_name = 0x151,
  id_limits = 0x110,
  id_state_of_charge = 0x150,
  id_alarms = 0x190,
  id_measurements = 0x1D0,
  id_temperatures = 0x210,
  id_capacity = 0x250,
  id_constants = 0x290,
  id_maker = 0x2D0,
  id_product = 0x3D0,
};

// ---- battery side -------------------------------------------------------------------------------

std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_limits)
      .u16be(divide_down(report.cvl_mV, 100))
      .u16be(divide_up(report.discharge_voltage_limit_mV, 100))
      .u16be(divide_down(report.dcl_mA, 100))
      .u16be(divide_down(report.ccl_mA, 100))
      .frame();
}

std::optional<CanFrame> encode_state_of_charge(const bms_report_t& pack,
                                               const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  const auto fine_percent = [](std::uint16_t permille) {
    return std::min<std::int64_t>(permille, 1000) * 10;
  };
  return FrameBuilder(id_state_of_charge)
      .u16be(fine_percent(report.soc_permille))
      .u16be(fine_percent(report.soh_permille))
      .u16be(divide_down(report.dcl_mA, 100))
      .u16be(divide_down(report.ccl_mA, 100))
      .frame();
}

// Positive current charges, as in BE.
std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_measurements)
      .u16be(divide_nearest(report.pack_mV, 100))
      .s16be(divide_nearest(report.current_mA, 100))
      .s16be(ntc_spread_ddegC(report).mean)
      .byte(0x03)
      .byte(0x08)
      .frame();
}

std::optional<CanFrame> encode_temperatures(const bms_report_t& pack,
                                            const BatteryIdentity& /*identity*/) {
  const Spread ntcs = bank_ntcs_ddegC(pack);
  return FrameBuilder(id_temperatures).s16be(ntcs.highest).s16be(ntcs.lowest).padded_to(8);
}

std::optional<CanFrame> encode_alarms(const bms_report_t& /*pack*/, const BatteryIdentity& /*id*/) {
  return FrameBuilder(id_alarms).u16be(0).byte(0x03).padded_to(8);
}

constexpr std::array kPeriodic{
    PeriodicFrame{id_limits, 2000, 0, encode_limits},
    PeriodicFrame{id_state_of_charge, 10'000, 100, encode_state_of_charge},
    PeriodicFrame{id_measurements, 10'000, 200, encode_measurements},
    PeriodicFrame{id_temperatures, 10'000, 300, encode_temperatures},
    PeriodicFrame{id_alarms, 60'000, 400, encode_alarms},
};

// Version, and the energy in 0.1 kWh.
CanFrame capacity(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  constexpr std::int64_t kHundredWh_uWh = 100'000'000;
  return FrameBuilder(id_capacity)
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .byte(0x00)
      .byte(0x66)
      .u16be(divide_nearest(microwatt_hours(report.full_mAh, report.pack_mV), kHundredWh_uWh))
      .byte(0x02)
      .byte(0x09)
      .frame();
}

// The name of the product in pieces of seven characters, each behind its number.
void append_product(std::vector<CanFrame>& frames, std::string_view name) {
  constexpr int kPieces = 4;
  constexpr std::size_t kPiece = 7;
  for (int i = 0; i < kPieces; ++i) {
    const std::size_t start = std::min(kPiece * static_cast<std::size_t>(i), name.size());
    frames.push_back(
        FrameBuilder(id_product).byte(i).text(name.substr(start), kPiece, '\0').frame());
  }
}

bool is_from_inverter(const CanFrame& frame) {
  if (frame.is_extended || frame.is_remote) return false;
  return frame.id == id_inverter_voltage || frame.id == id_inverter_charge ||
         frame.id == id_inverter_time || frame.id == id_inverter_name;
}

std::vector<CanFrame> respond(const CanFrame& request, const bms_report_t& report,
                              const BatteryIdentity& identity) {
  constexpr unsigned kIdentify = 0x01;
  std::vector<CanFrame> frames;
  const bool is_question = is_from_inverter(request) && request.id == id_inverter_name &&
                           request.dlc > 0 && (request.data[0] & kIdentify) != 0;
  if (!is_question) return frames;
  frames.push_back(capacity(report, identity));
  frames.push_back(
      FrameBuilder(id_constants).byte(0x06).byte(0x37).byte(0x10).byte(0xD9).padded_to(8));
  frames.push_back(FrameBuilder(id_maker).byte(0).text(identity.manufacturer, 7, '\0').frame());
  append_product(frames, identity.device_name);
  return frames;
}

CanFrame encode_heartbeat() {
  return FrameBuilder(id_inverter_name).byte(0x01).padded_to(8);
}

// ---- inverter side ------------------------------------------------------------------------------

void decode_limits(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.cvl_V = u16be_at(frame, 0) / 10.0;
  view.discharge_voltage_limit_V = u16be_at(frame, 2) / 10.0;
  view.dcl_A = u16be_at(frame, 4) / 10.0;
  view.ccl_A = u16be_at(frame, 6) / 10.0;
}

void decode_state_of_charge(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.soc = u16be_at(frame, 0) / 10000.0;
  view.soh = u16be_at(frame, 2) / 10000.0;
}

void decode_measurements(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.pack_V = u16be_at(frame, 0) / 10.0;
  view.current_A = s16be_at(frame, 2) / 10.0;
  view.T_degC = s16be_at(frame, 4) / 10.0;
}

void decode_temperatures(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.hottest_degC = s16be_at(frame, 0) / 10.0;
  view.coldest_degC = s16be_at(frame, 2) / 10.0;
}

void decode_maker(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 1);
}

constexpr std::array kDecoders{
    FrameDecoder{id_limits, 8, decode_limits},
    FrameDecoder{id_state_of_charge, 8, decode_state_of_charge},
    FrameDecoder{id_measurements, 8, decode_measurements},
    FrameDecoder{id_temperatures, 8, decode_temperatures},
    FrameDecoder{id_maker, 8, decode_maker},
};

bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  return decode_by(kDecoders, false, frame, choices, view);
}

}  // namespace

constinit const CanProtocol byd_hvs_can{
    .key = "byd-hvs-can",
    .title = "BYD Battery-Box Premium HVS and HVM",
    .bit_rate_Hz = 500'000,
    .dbc = "byd-hvs-can.dbc",
    .options = {},
    .periodic = kPeriodic,
    .respond = respond,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
