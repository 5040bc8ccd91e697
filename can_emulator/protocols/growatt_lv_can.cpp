// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Growatt low-voltage CAN: "Growatt-BMS-CAN-Bus-protocol-low-voltage V1.04" (GR104), 500 kbit/s,
// 11-bit identifiers, big endian. Other sources:
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, captures of Seplos and JK
//   BE     dalathegreat/Battery-Emulator, which sends only when asked
//
// Real batteries broadcast (SIG), although the document speaks of an answer to 0x301. Positive
// current charges: the document does not say, BE and the ordinary reading do. The core knows no
// balancing, no date and no firmware update, so their bits are 0.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "protocols/can_fields.hpp"
#include "protocols/growatt_lv_can_bits.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/request_flags.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol growatt_lv_can;

namespace {

using namespace growatt_lv;

enum Id : std::uint32_t {
  id_query = 0x301,
  id_limits = 0x311,
  id_alarms = 0x312,
  id_measurements = 0x313,
  id_capacity = 0x314,
  id_cells_1 = 0x315,
  id_cells_2 = 0x316,
  id_cells_3 = 0x317,
  id_cells_4 = 0x318,
  id_requests = 0x319,
  id_versions = 0x320,
  id_update = 0x321,
  id_extremes = 0x322,
  id_more_alarms = 0x323,
};

bool is_newer(const Choices& choices) {
  return choice_of<Frames>(choices, Option::frames) == Frames::newer;
}

// ---- battery side -------------------------------------------------------------------------------

std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_limits)
      .u16be(divide_down(report.cvl_mV, 100))
      .u16be(divide_down(report.ccl_mA, 100))
      .u16be(divide_down(report.dcl_mA, 100))
      .u16be(status_word(report))
      .frame();
}

std::optional<CanFrame> encode_alarms(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const bool is_told =
      choice_of<CellTotal>(identity.can_choices, Option::cell_total) == CellTotal::sent;
  return FrameBuilder(id_alarms)
      .u16be(protection_word(report))
      .u16be(warning_word(report))
      .byte(module_count(pack, identity))
      .u16be(0)  // maker, or a power reduction in newer revisions: 0 in every capture
      .byte(is_told ? pack.cell_count : 0)
      .frame();
}

// The temperature is the highest of the cells. The highest bit of the SOH is a flag of unknown
// meaning: 0.
std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  return FrameBuilder(id_measurements)
      .s16be(divide_nearest(report.pack_mV, 10))
      .s16be(divide_nearest(report.current_mA, 100))
      .s16be(bank_ntcs_ddegC(pack).highest)
      .byte(whole_percent(report.soc_permille))
      .byte(whole_percent(report.soh_permille))
      .frame();
}

std::optional<CanFrame> encode_capacity(const bms_report_t& pack,
                                        const BatteryIdentity& /*identity*/) {
  const bms_report_t report = of_bank(pack);
  const Spread cells = bank_cells_mV(pack);
  return FrameBuilder(id_capacity)
      .u16be(divide_nearest(report.remaining_mAh, 10))
      .u16be(divide_nearest(report.full_mAh, 10))
      .u16be(cells.highest - cells.lowest)
      .u16be(report.cycle_count)
      .frame();
}

// Only a single pack tells its cells.
template <std::uint32_t kId>
std::optional<CanFrame> encode_cells(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  if (pack.members > 1) return {};
  constexpr std::size_t kFirst = (kId - id_cells_1) * 4;
  FrameBuilder builder(kId);
  for (std::size_t i = kFirst; i < kFirst + 4; ++i)
    builder.u16be(i < cells_mV(pack).size() ? cells_mV(pack)[i] : 0);
  return builder.frame();
}

std::optional<CanFrame> encode_requests(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const Spread cells = bank_cells_mV(pack);
  const bool is_faulty = report.protections != 0 || report.failures != 0;
  const unsigned chemistry = choice_of<unsigned>(identity.can_choices, Option::chemistry);
  return FrameBuilder(id_requests)
      .byte((request_flags(report) & ~unsigned{flag_full_charge}) | chemistry)
      .u16be(cells.highest)
      .u16be(cells.lowest)
      .byte(cells.highest_position)
      .byte(cells.lowest_position)
      .byte(is_faulty ? 1 : 0)  // which pack: the report knows only its own
      .frame();
}

std::optional<CanFrame> encode_versions(const bms_report_t& /*report*/,
                                        const BatteryIdentity& identity) {
  return FrameBuilder(id_versions)
      .text(identity.manufacturer, 2, ' ')
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .padded_to(8);
}

std::optional<CanFrame> encode_update(const bms_report_t& /*report*/,
                                      const BatteryIdentity& /*identity*/) {
  return FrameBuilder(id_update).padded_to(8);
}

// The SOC of single packs of a bank is not known here: that of the bank, twice.
std::optional<CanFrame> encode_extremes(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (!is_newer(identity.can_choices)) return {};
  const Spread ntcs = bank_ntcs_ddegC(pack);
  const std::int64_t soc = whole_percent(of_bank(pack).soc_permille);
  return FrameBuilder(id_extremes)
      .s16be(ntcs.highest)
      .s16be(ntcs.lowest)
      .byte(ntcs.highest_position)
      .byte(ntcs.lowest_position)
      .byte(soc)
      .byte(soc)
      .frame();
}

// Its alarms have no bits in any document we have: 0.
std::optional<CanFrame> encode_more_alarms(const bms_report_t& pack,
                                           const BatteryIdentity& identity) {
  if (!is_newer(identity.can_choices)) return {};
  return FrameBuilder(id_more_alarms).byte(pack.cell_count).padded_to(8);
}

// An answer holds everything, a broadcast too.
constexpr std::array kFrames104{
    PeriodicFrame{id_limits, 1000, 0, encode_limits},
    PeriodicFrame{id_alarms, 1000, 30, encode_alarms},
    PeriodicFrame{id_measurements, 1000, 60, encode_measurements},
    PeriodicFrame{id_capacity, 1000, 90, encode_capacity},
    PeriodicFrame{id_cells_1, 1000, 120, encode_cells<id_cells_1>},
    PeriodicFrame{id_cells_2, 1000, 150, encode_cells<id_cells_2>},
    PeriodicFrame{id_cells_3, 1000, 180, encode_cells<id_cells_3>},
    PeriodicFrame{id_cells_4, 1000, 210, encode_cells<id_cells_4>},
    PeriodicFrame{id_requests, 1000, 240, encode_requests},
    PeriodicFrame{id_versions, 1000, 270, encode_versions},
    PeriodicFrame{id_update, 1000, 300, encode_update},
    PeriodicFrame{id_extremes, 1000, 330, encode_extremes},
    PeriodicFrame{id_more_alarms, 1000, 360, encode_more_alarms},
};

template <std::size_t kIndex>
std::optional<CanFrame> broadcast(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (choice_of<Talk>(identity.can_choices, Option::talk) == Talk::answer) return {};
  return kFrames104[kIndex].encode(pack, identity);
}

// 30 ms apart: within the 20 to 50 ms seen between frames (SIG).
template <std::size_t... kIndices>
constexpr auto broadcasts(std::index_sequence<kIndices...>) {
  return std::array{PeriodicFrame{kFrames104[kIndices].id, kFrames104[kIndices].period_ms,
                                  kFrames104[kIndices].offset_ms, broadcast<kIndices>}...};
}
constexpr auto kPeriodic = broadcasts(std::make_index_sequence<kFrames104.size()>{});

bool is_from_inverter(const CanFrame& frame) {
  return frame.id == id_query && !frame.is_extended && !frame.is_remote;
}

std::vector<CanFrame> respond(const CanFrame& request, const bms_report_t& report,
                              const BatteryIdentity& identity) {
  std::vector<CanFrame> frames;
  const bool is_silent = choice_of<Talk>(identity.can_choices, Option::talk) == Talk::broadcast;
  if (is_silent || !is_from_inverter(request)) return frames;
  for (const PeriodicFrame& answer : kFrames104) {
    if (const auto frame = answer.encode(report, identity)) frames.push_back(*frame);
  }
  return frames;
}

// The document prints 11-22-...-88, which are decimal (SIG).
CanFrame encode_heartbeat() {
  FrameBuilder builder(id_query);
  for (int number = 11; number <= 88; number += 11) builder.byte(number);
  return builder.frame();
}

// ---- inverter side ------------------------------------------------------------------------------

void decode_limits(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.cvl_V = u16be_at(frame, 0) / 10.0;
  view.ccl_A = u16be_at(frame, 2) / 10.0;
  view.dcl_A = u16be_at(frame, 4) / 10.0;
}

void decode_alarms(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  take_protections(kAlarmBits, u16be_at(frame, 0), kSystemFault, view);
  take_warnings(kAlarmBits, u16be_at(frame, 2), view);
  view.module_count = frame.data[4];
}

void decode_measurements(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.pack_V = s16be_at(frame, 0) / 100.0;
  view.current_A = s16be_at(frame, 2) / 10.0;
  view.T_degC = s16be_at(frame, 4) / 10.0;
  view.soc = frame.data[6] / 100.0;
  view.soh = (frame.data[7] & 0x7F) / 100.0;
}

void decode_capacity(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.remaining_Ah = u16be_at(frame, 0) / 100.0;
  view.full_Ah = u16be_at(frame, 2) / 100.0;
  view.cycle_count = u16be_at(frame, 6);
}

void decode_cells(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  constexpr std::size_t kCellsAtMost = 16;
  view.cell_V.resize(kCellsAtMost);
  for (std::size_t i = 0; i < 4; ++i)
    view.cell_V[(frame.id - id_cells_1) * 4 + i] = u16be_at(frame, 2 * i) / 1000.0;
}

void decode_requests(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  take_permissions(frame.data[0], view);
  view.highest_cell_V = u16be_at(frame, 1) / 1000.0;
  view.lowest_cell_V = u16be_at(frame, 3) / 1000.0;
  view.highest_cell = frame.data[5];
  view.lowest_cell = frame.data[6];
}

void decode_versions(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 0).substr(0, 2);
}

void decode_extremes(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.hottest_degC = s16be_at(frame, 0) / 10.0;
  view.coldest_degC = s16be_at(frame, 2) / 10.0;
  view.hottest_ntc = frame.data[4];
  view.coldest_ntc = frame.data[5];
}

constexpr std::array kDecoders{
    FrameDecoder{id_limits, 8, decode_limits},
    FrameDecoder{id_alarms, 8, decode_alarms},
    FrameDecoder{id_measurements, 8, decode_measurements},
    FrameDecoder{id_capacity, 8, decode_capacity},
    FrameDecoder{id_cells_1, 8, decode_cells},
    FrameDecoder{id_cells_2, 8, decode_cells},
    FrameDecoder{id_cells_3, 8, decode_cells},
    FrameDecoder{id_cells_4, 8, decode_cells},
    FrameDecoder{id_requests, 8, decode_requests},
    FrameDecoder{id_versions, 8, decode_versions},
    FrameDecoder{id_extremes, 8, decode_extremes},
};

bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  return decode_by(kDecoders, false, frame, choices, view);
}

}  // namespace

constinit const CanProtocol growatt_lv_can{
    .key = "growatt-lv-can",
    .title = "Growatt low-voltage CAN V1.04",
    .bit_rate_Hz = 500'000,
    .dbc = "growatt-lv-can.dbc",
    .options = kOptions,
    .periodic = kPeriodic,
    .respond = respond,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
