// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Pylontech low-voltage CAN, as of "CAN-Bus-protocol-PYLON-low-voltage-V1.2" (2018-04-08), with the
// frames of firmware "V1.3" and those of clones as options: 500 kbit/s, 11-bit identifiers, little
// endian, every frame once a second and unasked. Names of other sources:
//   SETF   setfirelabs/Pylontech_emoncms, captures of a US5000 stack
//   ODTU   hoylabs/OpenDTU-OnBattery, a receiver
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, captures of clones
//   DBCP   plewka/PylontechUSX00C_CAN2MQTT, a DBC with the lengths real packs send
//   MIK    mikaabra/pylontech-bms-mqtt, a Shoto battery
//   SEPL   SEPLOS BMS CAN Protocoll V1.0; LUX: Luxpower battery CAN protocol, revision 04
//   YAM    Sleeper85/esphome-yambms, a sender used on many inverters

#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "protocols/firmware_upgrade.hpp"
#include "protocols/pair_code.hpp"
#include "protocols/pylon_family.hpp"
#include "protocols/pylontech_lv_can_bits.hpp"
#include "protocols/pylontech_lv_can_frames.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/request_flags.hpp"
#include "protocols/rule_bits.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol pylontech_lv_can;

namespace {

using namespace pylontech_lv;

constexpr unsigned kInternalCommunicationFailure = 0x0800;  // among the warnings of 0x359

// ---- battery side -------------------------------------------------------------------------------

CanFrame finish(const FrameBuilder& builder, const Choices& choices) {
  const bool is_padded = choice_of<FrameLength>(choices, Option::frame_length) == FrameLength::all8;
  return builder.padded_to(is_padded ? 8 : 0);
}

bool is_v13(const Choices& choices) {
  return choice_of<Frames>(choices, Option::frames) == Frames::v13;
}

std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& identity) {
  bms_report_t report = of_bank(pack);
  CanFrame frame = finish(limits_frame(report), identity.can_choices);
  if (choice_of<LimitSign>(identity.can_choices, Option::limit_sign) == LimitSign::negative) {
    const int limit = -s16le_at(frame, 4);
    frame.data[4] = static_cast<std::uint8_t>(limit);
    frame.data[5] = static_cast<std::uint8_t>(static_cast<unsigned>(limit) >> 8U);
  }
  return frame;
}

std::optional<CanFrame> encode_state_of_charge(const bms_report_t& pack,
                                               const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  FrameBuilder builder = state_of_charge_frame(report);
  switch (choice_of<StateOfCharge>(identity.can_choices, Option::state_of_charge)) {
    case StateOfCharge::plain:
      return is_v13(identity.can_choices) ? builder.padded_to(6)
                                          : finish(builder, identity.can_choices);
    case StateOfCharge::fine:
      builder.u16le(fine_percent(report.soc_permille));
      break;
    case StateOfCharge::cells:
      builder.u16le(bank_cells_mV(pack).highest).u16le(bank_cells_mV(pack).lowest);
      break;
  }
  return finish(builder, identity.can_choices);
}

// Current: positive charges, as in this project.
std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const Choices& choices = identity.can_choices;
  FrameBuilder builder = measurements_frame(report, voltage_step_mV(choices));
  switch (choice_of<Measurements>(choices, Option::measurements)) {
    case Measurements::plain:
      break;
    case Measurements::cycles:
      builder.u16le(report.cycle_count);
      break;
    case Measurements::temperatures:
      builder = FrameBuilder(id_measurements)
                    .s16le(divide_nearest(report.pack_mV, voltage_step_mV(choices)))
                    .s16le(divide_nearest(report.current_mA, 100))
                    .s16le(bank_ntcs_ddegC(pack).highest)
                    .s16le(bank_ntcs_ddegC(pack).lowest);
      break;
  }
  return finish(builder, choices);
}

void append_marker(FrameBuilder& builder, const bms_report_t& report, const Choices& choices) {
  switch (choice_of<Marker>(choices, Option::marker)) {
    case Marker::pn:
      builder.text("PN", 2, ' ');
      break;
    case Marker::py:
      builder.text("PY", 2, ' ');
      break;
    case Marker::zero:
      builder.u16le(0);
      break;
    case Marker::capacity:
      builder.u16le(full_Ah(report));
      break;
  }
}

std::optional<CanFrame> encode_alarms(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (is_v13(identity.can_choices)) return {};
  const bms_report_t report = of_bank(pack);
  FrameBuilder builder(id_alarms);
  builder
      .u16le(bits_of(kAlarmBits, report.protections) |
             (has_system_fault(report) ? kSystemError : 0U))
      .u16le(bits_of(kAlarmBits, report.warnings) |
             (is_talk_broken(report) ? kInternalCommunicationFailure : 0U))
      .byte(module_count(report, identity));
  append_marker(builder, report, identity.can_choices);
  return finish(builder, identity.can_choices);
}

std::optional<CanFrame> encode_pairs(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (!is_v13(identity.can_choices)) return {};
  return encode_pair_codes(of_bank(pack), kSilentPairs);
}

std::optional<CanFrame> encode_requests(const bms_report_t& pack, const BatteryIdentity& identity) {
  if (is_v13(identity.can_choices)) return {};
  const unsigned flags = request_flags(of_bank(pack));
  return finish(FrameBuilder(id_requests).byte(flags).byte(0), identity.can_choices);
}

std::optional<CanFrame> encode_manufacturer(const bms_report_t& /*report*/,
                                            const BatteryIdentity& identity) {
  const bool is_nul = choice_of<Padding>(identity.can_choices, Option::padding) == Padding::nul;
  return FrameBuilder(id_manufacturer).text(identity.manufacturer, 8, is_nul ? '\0' : ' ').frame();
}

// The last two bytes are those of the only capture (SETF); nobody knows their meaning.
std::optional<CanFrame> encode_battery_type(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  if (!is_v13(identity.can_choices)) return {};
  constexpr std::uint16_t kChemistry = 0x494C;  // "LI"
  return battery_type_frame(of_bank(pack), identity, kChemistry).u16le(0x00AA).frame();
}

std::optional<CanFrame> encode_extremes(const bms_report_t& pack, const BatteryIdentity& identity) {
  const auto order = choice_of<Extremes>(identity.can_choices, Option::extremes);
  if (order == Extremes::absent) return {};
  const bool is_tenths =
      choice_of<ExtremeTemperature>(identity.can_choices, Option::extreme_temperature) ==
      ExtremeTemperature::tenths;
  Spread cells = bank_cells_mV(pack);
  Spread ntcs = bank_ntcs_ddegC(pack);
  if (order == Extremes::low_first) {
    std::swap(cells.highest, cells.lowest);
    std::swap(ntcs.highest, ntcs.lowest);
  }
  const std::int64_t step = is_tenths ? 1 : 10;
  return FrameBuilder(id_extremes)
      .s16le(divide_nearest(ntcs.highest, step))
      .s16le(divide_nearest(ntcs.lowest, step))
      .u16le(cells.highest)
      .u16le(cells.lowest)
      .frame();
}

std::optional<CanFrame> encode_places(const bms_report_t& pack, const BatteryIdentity& identity) {
  const auto order = choice_of<Extremes>(identity.can_choices, Option::extremes);
  if (order == Extremes::absent) return {};
  Spread cells = bank_cells_mV(pack);
  Spread ntcs = bank_ntcs_ddegC(pack);
  if (order == Extremes::low_first) {
    std::swap(cells.highest_position, cells.lowest_position);
    std::swap(ntcs.highest_position, ntcs.lowest_position);
  }
  return FrameBuilder(id_places)
      .u16le(ntcs.highest_position)
      .u16le(ntcs.lowest_position)
      .u16le(cells.highest_position)
      .u16le(cells.lowest_position)
      .frame();
}

std::optional<CanFrame> encode_capacity(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bool is_sent =
      choice_of<Capacity>(identity.can_choices, Option::capacity) == Capacity::sent;
  if (!is_sent) return {};
  return finish(FrameBuilder(id_installed_capacity).u16le(full_Ah(of_bank(pack))),
                identity.can_choices);
}

// The document gives no order; real dumps and most senders use this one, and one reader takes 0x359
// for the start of a set (ul-gh/pylon_bms_diagnostics). 100 ms apart as seen on a clone (SIG).
constexpr std::array kPeriodic{
    PeriodicFrame{id_alarms, 1000, 0, encode_alarms},
    PeriodicFrame{kPairCodesId, 1000, 50, encode_pairs},
    PeriodicFrame{id_limits, 1000, 100, encode_limits},
    PeriodicFrame{id_state_of_charge, 1000, 200, encode_state_of_charge},
    PeriodicFrame{id_measurements, 1000, 300, encode_measurements},
    PeriodicFrame{id_requests, 1000, 400, encode_requests},
    PeriodicFrame{id_battery_type, 1000, 450, encode_battery_type},
    PeriodicFrame{id_manufacturer, 1000, 500, encode_manufacturer},
    PeriodicFrame{id_extremes, 1000, 600, encode_extremes},
    PeriodicFrame{id_places, 1000, 700, encode_places},
    PeriodicFrame{id_installed_capacity, 1000, 800, encode_capacity},
};

std::vector<CanFrame> respond(const CanFrame& request, const bms_report_t& report,
                              const BatteryIdentity& identity) {
  const bool is_known =
      choice_of<FirmwareUpgrade>(identity.can_choices, Option::firmware_upgrade) ==
      FirmwareUpgrade::refused;
  if (!is_known) return {};
  const std::optional<CanFrame> refusal = refuse_upgrade(request, report);
  return refusal ? std::vector{*refusal} : std::vector<CanFrame>{};
}

// Any content and length counts; Deye puts its clock into it. Standard or extended: Schneider XW
// Pro sends it with a 29-bit identifier (esphome-yambms).
bool is_from_inverter(const CanFrame& frame) {
  return frame.id == id_heartbeat && !frame.is_remote;
}

CanFrame encode_heartbeat() {
  return FrameBuilder(id_heartbeat).padded_to(8);
}

}  // namespace

constinit const CanProtocol pylontech_lv_can{
    .key = "pylontech-lv-can",
    .title = "Pylontech low-voltage CAN V1.2, V1.3 and clones",
    .bit_rate_Hz = 500'000,
    .dbc = "pylontech-lv-can.dbc",
    .options = kOptions,
    .periodic = kPeriodic,
    .respond = respond,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
