// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The CAN of SMA Sunny Island ("SMA": technical information FSS-ConnectingBat-TI-en-10) and the
// "CAN-bus BMS" of Victron, which grew out of it: 500 kbit/s, 11-bit identifiers, little endian,
// unasked. Other sources:
//   DFCH   dfch/BydCanProtocol, capture of a BYD LVS with Venus OS
//   PYT    AndreasBoehm/PytesCANProtocol, capture of a Pytes V5a with Victron
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, captures of JK and Seplos
//   MG     Master-LV-communication-guide-EN-8000
//   DIY    stuartpittaway/diyBMSv4ESP32
//
// SMA forbids a value more often than every 200 ms and identifiers that are not in its document. The
// core knows no energy counters, so 0x378 is not sent.

#include <array>
#include <limits>
#include <optional>
#include <string_view>

#include "can_emulator/can_protocol.hpp"
#include "protocols/pair_code.hpp"
#include "protocols/pylon_family.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/sma_can_options.hpp"
#include "protocols/victron_frames.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol sma_can;

namespace {

using namespace sma_options;

// "Invalid": Sunny Island takes its default. 0x351 gets there by saturation.
constexpr std::uint16_t kInvalidUnsigned = 0xFFFF;
constexpr int kInvalidSigned = std::numeric_limits<std::int16_t>::min();

// ---- battery side -------------------------------------------------------------------------------

CanFrame finish(const FrameBuilder& builder, const Choices& choices) {
  const bool is_padded = choice_of<FrameLength>(choices, Option::frame_length) == FrameLength::all8;
  return builder.padded_to(is_padded ? 8 : 0);
}

std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& /*id*/) {
  return limits_frame(of_bank(pack)).frame();
}

std::optional<CanFrame> encode_state_of_charge(const bms_report_t& pack,
                                               const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  FrameBuilder builder = state_of_charge_frame(report);
  const auto content = choice_of<StateOfCharge>(identity.can_choices, Option::state_of_charge);
  if (content == StateOfCharge::fine) builder.u16le(fine_percent(report.soc_permille));
  return finish(builder, identity.can_choices);
}

std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const Spread ntcs = ntc_spread_ddegC(report);
  return finish(FrameBuilder(id_measurements)
                    .s16le(divide_nearest(report.pack_mV, 10))
                    .s16le(divide_nearest(report.current_mA, 100))
                    .s16le(ntcs.count > 0 ? ntcs.mean : kInvalidSigned),
                identity.can_choices);
}

std::optional<CanFrame> encode_alarms(const bms_report_t& pack, const BatteryIdentity& identity) {
  constexpr std::array kHealthy{kDocumentedPairs, kAllPairs, kJkPairs, kSilentPairs};
  const auto pairs = choice_of<std::size_t>(identity.can_choices, Option::pairs);
  return encode_pair_codes(of_bank(pack), kHealthy[pairs]);
}

std::optional<CanFrame> encode_manufacturer(const bms_report_t& /*report*/,
                                            const BatteryIdentity& identity) {
  return FrameBuilder(id_manufacturer).text(identity.manufacturer, 8, ' ').frame();
}

std::optional<CanFrame> encode_battery_type(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  constexpr std::array<std::uint16_t, 3> kTypes{0x694C, 0, 1};  // "Li"; none; as Pytes
  const auto type = choice_of<std::size_t>(identity.can_choices, Option::battery_type);
  FrameBuilder builder = battery_type_frame(of_bank(pack), identity, kTypes[type]);
  // Pytes leaves the last word, hardware or reserved, out.
  return type == 2 ? builder.frame() : builder.padded_to(8);
}

// What a product is for Victron only.
template <std::optional<CanFrame> (*kEncode)(const bms_report_t&, const BatteryIdentity&)>
std::optional<CanFrame> for_victron(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (choice_of<Frames>(identity.can_choices, Option::frames) != Frames::victron) return {};
  return kEncode(pack, identity);
}

// 100 ms apart in the order of the identifiers, those for Victron 40 ms (SIG: a JK sends all within
// 760 ms).
constexpr std::array kPeriodic{
    PeriodicFrame{id_limits, 1000, 0, encode_limits},
    PeriodicFrame{id_state_of_charge, 1000, 80, encode_state_of_charge},
    PeriodicFrame{id_measurements, 1000, 160, encode_measurements},
    PeriodicFrame{kPairCodesId, 1000, 240, encode_alarms},
    PeriodicFrame{id_manufacturer, 1000, 320, encode_manufacturer},
    PeriodicFrame{id_battery_type, 1000, 400, encode_battery_type},
    PeriodicFrame{id_force_charge, 1000, 480, for_victron<encode_force_charge>},
    PeriodicFrame{id_name_first, 1000, 520, for_victron<encode_name_first>},
    PeriodicFrame{id_name_second, 1000, 560, for_victron<encode_name_second>},
    PeriodicFrame{id_modules, 1000, 600, for_victron<encode_modules>},
    PeriodicFrame{id_cell_extremes, 1000, 640, for_victron<encode_cell_extremes>},
    PeriodicFrame{id_lowest_cell, 1000, 680, for_victron<encode_lowest_cell>},
    PeriodicFrame{id_highest_cell, 1000, 720, for_victron<encode_highest_cell>},
    PeriodicFrame{id_coldest_ntc, 1000, 760, for_victron<encode_coldest_ntc>},
    PeriodicFrame{id_hottest_ntc, 1000, 800, for_victron<encode_hottest_ntc>},
    PeriodicFrame{id_installed_capacity, 1000, 840, for_victron<encode_victron_capacity>},
    PeriodicFrame{id_serial_first, 1000, 880, for_victron<encode_serial_first>},
    PeriodicFrame{id_serial_second, 1000, 920, for_victron<encode_serial_second>},
    PeriodicFrame{id_family, 1000, 960, for_victron<encode_family>},
};

// Sunny Island and GX send measured values in 0x305 and more in 0x306 and 0x307; any content counts.
bool is_from_inverter(const CanFrame& frame) {
  constexpr std::uint32_t kLast = 0x307;
  return frame.id >= id_heartbeat && frame.id <= kLast && !frame.is_remote;
}

CanFrame encode_heartbeat() {
  return FrameBuilder(id_heartbeat).padded_to(8);
}

// ---- inverter side ------------------------------------------------------------------------------

// A value that is "invalid" is as good as not sent.
void decode_valid_limits(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  BatteryView heard;
  decode_limits(frame, choices, heard);
  if (u16le_at(frame, 0) != kInvalidUnsigned) view.cvl_V = heard.cvl_V;
  if (s16le_at(frame, 2) != kInvalidSigned) view.ccl_A = heard.ccl_A;
  if (s16le_at(frame, 4) != kInvalidSigned) view.dcl_A = heard.dcl_A;
  if (frame.dlc >= 8 && u16le_at(frame, 6) != kInvalidUnsigned)
    view.discharge_voltage_limit_V = heard.discharge_voltage_limit_V;
}

void decode_charge(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  decode_percents(frame, view);
  const bool is_fine =
      choice_of<StateOfCharge>(choices, Option::state_of_charge) == StateOfCharge::fine;
  if (is_fine && frame.dlc >= 6) view.soc = u16le_at(frame, 4) / 10000.0;
}

void decode_readings(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  BatteryView heard;
  decode_measurements(frame, 100.0, heard);
  if (s16le_at(frame, 0) != kInvalidSigned) view.pack_V = heard.pack_V;
  if (s16le_at(frame, 2) != kInvalidSigned) view.current_A = heard.current_A;
  if (s16le_at(frame, 4) != kInvalidSigned) view.T_degC = heard.T_degC;
}

// Pytes sends its name without padding.
constexpr std::array kDecoders{
    FrameDecoder{id_limits, 6, decode_valid_limits},
    FrameDecoder{id_state_of_charge, 4, decode_charge},
    FrameDecoder{id_measurements, 6, decode_readings},
    FrameDecoder{kPairCodesId, 8, decode_pair_codes},
    FrameDecoder{id_manufacturer, 1, decode_manufacturer},
    FrameDecoder{id_battery_type, 6, decode_battery_type},
};
constexpr std::array kVictronDecoders{
    FrameDecoder{id_force_charge, 1, decode_force_charge},
    FrameDecoder{id_modules, 8, decode_modules},
    FrameDecoder{id_cell_extremes, 8, decode_cell_extremes},
    FrameDecoder{id_installed_capacity, 2, decode_installed_capacity},
    FrameDecoder{id_family, 8, decode_family},
};

bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  if (decode_by(kDecoders, false, frame, choices, view)) return true;
  return choice_of<Frames>(choices, Option::frames) == Frames::victron &&
         decode_by(kVictronDecoders, false, frame, choices, view);
}

}  // namespace

constinit const CanProtocol sma_can{
    .key = "sma-can",
    .title = "SMA Sunny Island and Victron CAN-bus BMS",
    .bit_rate_Hz = 500'000,
    .dbc = "sma-can.dbc",
    .options = kOptions,
    .periodic = kPeriodic,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
