// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/victron_frames.hpp"

#include <algorithm>
#include <string>

#include "protocols/pylon_family.hpp"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

namespace {

constexpr std::uint8_t kForced = 0xFF;

// Half 0 or 1 of a text of 16 characters.
CanFrame half_of(std::uint32_t id, std::string_view text, std::size_t half) {
  const std::size_t start = std::min(8 * half, text.size());
  return FrameBuilder(id).text(text.substr(start), 8, '\0').frame();
}

// Where an extreme is: 7 becomes "7", and nothing where another pack of the bank has it. Products
// write it in ways of their own; no document says how.
CanFrame place_of(std::uint32_t id, std::uint8_t position) {
  const std::string text = position == 0 ? "" : std::to_string(position);
  return FrameBuilder(id).text(text, 8, '\0').frame();
}

// Kelvin without decimals: 17 degC is 290 K (DFCH, PYT).
std::int64_t to_kelvin(std::int64_t ddegC) {
  return divide_nearest(ddegC * 10 + 27315, 100);
}

}  // namespace

std::optional<CanFrame> encode_force_charge(const bms_report_t& pack, const BatteryIdentity&) {
  constexpr std::uint32_t kForcing = BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2;
  return FrameBuilder(id_force_charge)
      .byte((pack.requests & kForcing) != 0 ? kForced : 0)
      .padded_to(8);
}

std::optional<CanFrame> encode_name_first(const bms_report_t&, const BatteryIdentity& identity) {
  return half_of(id_name_first, identity.device_name, 0);
}

std::optional<CanFrame> encode_name_second(const bms_report_t&, const BatteryIdentity& identity) {
  return half_of(id_name_second, identity.device_name, 1);
}

// On line, blocking charge, blocking discharge, off line: the order of PYT, which fits the bytes of
// DFCH. The report tells whether the bank is blocked, not by how many.
std::optional<CanFrame> encode_modules(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const unsigned online = module_count(pack, identity);
  const unsigned offline = identity.module_count > online ? identity.module_count - online : 0;
  return FrameBuilder(id_modules)
      .u16le(online)
      .u16le(report.is_charge_allowed ? 0 : online)
      .u16le(report.is_discharge_allowed ? 0 : online)
      .u16le(offline)
      .frame();
}

std::optional<CanFrame> encode_cell_extremes(const bms_report_t& pack, const BatteryIdentity&) {
  const Spread cells = bank_cells_mV(pack);
  const Spread ntcs = bank_ntcs_ddegC(pack);
  return FrameBuilder(id_cell_extremes)
      .u16le(cells.lowest)
      .u16le(cells.highest)
      .u16le(to_kelvin(ntcs.lowest))
      .u16le(to_kelvin(ntcs.highest))
      .frame();
}

std::optional<CanFrame> encode_lowest_cell(const bms_report_t& pack, const BatteryIdentity&) {
  return place_of(id_lowest_cell, bank_cells_mV(pack).lowest_position);
}

std::optional<CanFrame> encode_highest_cell(const bms_report_t& pack, const BatteryIdentity&) {
  return place_of(id_highest_cell, bank_cells_mV(pack).highest_position);
}

std::optional<CanFrame> encode_coldest_ntc(const bms_report_t& pack, const BatteryIdentity&) {
  return place_of(id_coldest_ntc, bank_ntcs_ddegC(pack).lowest_position);
}

std::optional<CanFrame> encode_hottest_ntc(const bms_report_t& pack, const BatteryIdentity&) {
  return place_of(id_hottest_ntc, bank_ntcs_ddegC(pack).highest_position);
}

std::optional<CanFrame> encode_victron_capacity(const bms_report_t& pack, const BatteryIdentity&) {
  return FrameBuilder(id_installed_capacity).u16le(full_Ah(of_bank(pack))).frame();
}

std::optional<CanFrame> encode_serial_first(const bms_report_t&, const BatteryIdentity& identity) {
  return half_of(id_serial_first, identity.barcode, 0);
}

std::optional<CanFrame> encode_serial_second(const bms_report_t&, const BatteryIdentity& identity) {
  return half_of(id_serial_second, identity.barcode, 1);
}

std::optional<CanFrame> encode_family(const bms_report_t&, const BatteryIdentity& identity) {
  return FrameBuilder(id_family).text(identity.device_name, 8, '\0').frame();
}

void decode_force_charge(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.is_charge_forced = frame.data[0] == kForced;
}

void decode_modules(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.module_count = u16le_at(frame, 0);
}

void decode_cell_extremes(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.lowest_cell_V = u16le_at(frame, 0) / 1000.0;
  view.highest_cell_V = u16le_at(frame, 2) / 1000.0;
  view.coldest_degC = u16le_at(frame, 4) - 273.15;
  view.hottest_degC = u16le_at(frame, 6) - 273.15;
}

void decode_family(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.device_name = text_at(frame, 0);
}

}  // namespace doppelpack::can_emulator
