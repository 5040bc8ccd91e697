// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Pylontech low-voltage CAN, as of "CAN-Bus-protocol-PYLON-low-voltage-V1.2" (2018-04-08):
// 500 kbit/s, 11-bit identifiers, little endian, every frame once a second and unasked. Names of
// other sources:
//   SETF   setfirelabs/Pylontech_emoncms, captures of a US5000 stack
//   ODTU   hoylabs/OpenDTU-OnBattery, a receiver
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, captures of clones
//   DBCP   plewka/PylontechUSX00C_CAN2MQTT, a DBC with the lengths real packs send
//
// Left out on purpose: 0x35A and 0x35F, which firmware "V1.3" sends instead of 0x359 and 0x35C; and
// 0x370, 0x371, 0x379 of clones, whose units disagree and which mean something else to Victron.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "can_emulator/can_protocol.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol pylontech_lv_can;

namespace {

enum Id : std::uint32_t {
  id_heartbeat = 0x305,
  id_limits = 0x351,
  id_state_of_charge = 0x355,
  id_measurements = 0x356,
  id_alarms = 0x359,
  id_requests = 0x35C,
  id_manufacturer = 0x35E,
};

enum class Option { frame_length };

enum class FrameLength { as_needed, all8 };
constexpr std::string_view kFrameLengths[]{"short", "all8"};

constexpr ProtocolOption kOptions[]{
    {"frame_length",
     "bytes of a frame: as many as it needs (Pylontech), or always 8 (most clones; Sol-Ark's "
     "document takes no other)",
     kFrameLengths},
};

// 0x359, the same in the V1.2 document and in those of Deye, Sol-Ark and Luxpower. Bit 0..7 is byte
// 0 (protections) or 2 (warnings), bit 8..15 the byte after it. Spreads and a low SOC have no bit.
struct AlarmBit {
  std::uint32_t rules;
  std::uint16_t bit;
};
constexpr std::array kAlarmBits{
    AlarmBit{BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV), 0x0002},
    AlarmBit{BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV), 0x0004},
    AlarmBit{kOverTemperature | BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 0x0008},
    AlarmBit{kUnderTemperature, 0x0010},
    AlarmBit{kDischargeOverCurrent, 0x0080},
    AlarmBit{BMS_RULE_BIT(BMS_RULE_OCC), 0x0100},
};
constexpr unsigned kSystemError = 0x0800;                   // among the protections
constexpr unsigned kInternalCommunicationFailure = 0x0800;  // among the warnings

// 0x35C
enum Flag : std::uint8_t {
  flag_charge_allowed = 0x80,
  flag_discharge_allowed = 0x40,
  flag_force_charge1 = 0x20,  // at once: the pack is about to shut down
  flag_force_charge2 = 0x10,  // before the pack has to shut down
  flag_full_charge = 0x08,
};

constexpr std::uint8_t low_byte(std::uint16_t word) {
  return static_cast<std::uint8_t>(word);
}
constexpr std::uint8_t high_byte(std::uint16_t word) {
  return static_cast<std::uint8_t>(word >> 8);
}

CanFrame frame_of(Id id, const BatteryIdentity& identity,
                  std::initializer_list<std::uint8_t> bytes) {
  CanFrame frame;
  frame.id = id;
  const bool is_padded =
      choice_of<FrameLength>(identity.can_choices, Option::frame_length) == FrameLength::all8;
  frame.dlc = is_padded ? std::uint8_t{8} : static_cast<std::uint8_t>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), frame.data.begin());
  return frame;
}

CanFrame frame_of_words(Id id, const BatteryIdentity& identity,
                        std::initializer_list<std::uint16_t> words) {
  CanFrame frame = frame_of(id, identity, {});
  std::size_t size = 0;
  for (const std::uint16_t word : words) {
    frame.data[size++] = low_byte(word);
    frame.data[size++] = high_byte(word);
  }
  frame.dlc = std::max(frame.dlc, static_cast<std::uint8_t>(size));
  return frame;
}

std::uint16_t to_u16(std::int64_t value) {
  return saturate<std::uint16_t>(value);
}
std::uint16_t to_s16(std::int64_t value) {
  return static_cast<std::uint16_t>(saturate<std::int16_t>(value));
}

std::uint16_t to_percent(std::uint16_t permille) {
  return to_u16(std::min<std::int64_t>(divide_nearest(permille, 10), 100));
}

std::uint16_t alarm_bits(std::uint32_t rules) {
  std::uint16_t bits = 0;
  for (const AlarmBit& alarm : kAlarmBits) {
    if ((rules & alarm.rules) != 0) bits |= alarm.bit;
  }
  return bits;
}

// ---- battery side -------------------------------------------------------------------------------

// Limits round to the safe side. The discharge current limit is positive: the document can be read
// as negative, but every capture of a real pack is positive (SETF, ODTU). The discharge voltage
// limit is not in the V1.2 document; real packs fill it (SETF) and Sol-Ark and Luxpower ask for it.
std::optional<CanFrame> encode_limits(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return frame_of_words(
      id_limits, identity,
      {to_u16(divide_down(report.cvl_mV, 100)), to_s16(divide_down(report.ccl_mA, 100)),
       to_s16(divide_down(report.dcl_mA, 100)),
       to_u16(divide_up(report.discharge_voltage_limit_mV, 100))});
}

std::optional<CanFrame> encode_state_of_charge(const bms_report_t& pack,
                                               const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return frame_of_words(id_state_of_charge, identity,
                        {to_percent(report.soc_permille), to_percent(report.soh_permille)});
}

// Voltage in 0.01 V: Sol-Ark's document says 0.1 V, everybody else 0.01 V, and a Deye told in 0.1 V
// raised an alarm (ArminJo/JK-BMSToPylontechCAN#5). Current: positive charges, as in this project.
std::optional<CanFrame> encode_measurements(const bms_report_t& pack,
                                            const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return frame_of_words(
      id_measurements, identity,
      {to_s16(divide_nearest(report.pack_mV, 10)), to_s16(divide_nearest(report.current_mA, 100)),
       to_s16(ntc_spread_ddegC(report).mean)});
}

std::optional<CanFrame> encode_alarms(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const std::uint8_t modules = report.members > 1 ? report.members : identity.module_count;
  const auto protections = static_cast<std::uint16_t>(
      alarm_bits(report.protections) | (has_system_fault(report) ? kSystemError : 0U));
  const auto warnings = static_cast<std::uint16_t>(
      alarm_bits(report.warnings) | (is_talk_broken(report) ? kInternalCommunicationFailure : 0U));
  return frame_of(id_alarms, identity,
                  {low_byte(protections), high_byte(protections), low_byte(warnings),
                   high_byte(warnings), modules, 'P', 'N'});
}

std::optional<CanFrame> encode_requests(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  unsigned flags = 0;
  if (report.is_charge_allowed) flags |= flag_charge_allowed;
  if (report.is_discharge_allowed) flags |= flag_discharge_allowed;
  if ((report.requests & BMS_REQUEST_FORCE_CHARGE) != 0) flags |= flag_force_charge1;
  if ((report.requests & BMS_REQUEST_FORCE_CHARGE2) != 0) flags |= flag_force_charge2;
  if ((report.requests & BMS_REQUEST_FULL_CHARGE) != 0) flags |= flag_full_charge;
  return frame_of(id_requests, identity, {static_cast<std::uint8_t>(flags), 0});
}

// Padded with blanks as on a real pack (SETF); some DBC files say NUL.
std::optional<CanFrame> encode_manufacturer(const bms_report_t& /*report*/,
                                            const BatteryIdentity& identity) {
  CanFrame frame = frame_of(id_manufacturer, identity, {});
  const std::string text = to_text_field(identity.manufacturer, frame.data.size(), ' ');
  std::copy(text.begin(), text.end(), frame.data.begin());
  frame.dlc = 8;
  return frame;
}

// The document gives no order; real dumps and most senders use this one, and one reader takes 0x359
// for the start of a set (ul-gh/pylon_bms_diagnostics). 100 ms apart as seen on a clone (SIG).
constexpr std::array kPeriodic{
    PeriodicFrame{id_alarms, 1000, 0, encode_alarms},
    PeriodicFrame{id_limits, 1000, 100, encode_limits},
    PeriodicFrame{id_state_of_charge, 1000, 200, encode_state_of_charge},
    PeriodicFrame{id_measurements, 1000, 300, encode_measurements},
    PeriodicFrame{id_requests, 1000, 400, encode_requests},
    PeriodicFrame{id_manufacturer, 1000, 500, encode_manufacturer},
};

// Any content and length counts; Deye puts its clock into it. Standard or extended: Schneider XW
// Pro sends it with a 29-bit identifier (esphome-yambms).
bool is_from_inverter(const CanFrame& frame) {
  return frame.id == id_heartbeat && !frame.is_remote;
}

// ---- inverter side ------------------------------------------------------------------------------

std::uint16_t u16_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::uint16_t>(frame.data[index] | (frame.data[index + 1] << 8));
}

int s16_at(const CanFrame& frame, std::size_t index) {
  return static_cast<std::int16_t>(u16_at(frame, index));
}

// The sign of the discharge current limit is disputed, so its magnitude counts. A negative charge
// current limit has no meaning in any source: nothing may be charged.
void decode_limits(const CanFrame& frame, BatteryView& view) {
  view.cvl_V = u16_at(frame, 0) / 10.0;
  view.ccl_A = std::max(s16_at(frame, 2), 0) / 10.0;
  view.dcl_A = std::abs(s16_at(frame, 4)) / 10.0;
  if (frame.dlc >= 8) view.discharge_voltage_limit_V = u16_at(frame, 6) / 10.0;
}

void decode_state_of_charge(const CanFrame& frame, BatteryView& view) {
  view.soc = u16_at(frame, 0) / 100.0;
  view.soh = u16_at(frame, 2) / 100.0;
}

void decode_measurements(const CanFrame& frame, BatteryView& view) {
  view.pack_V = s16_at(frame, 0) / 100.0;
  view.current_A = s16_at(frame, 2) / 10.0;
  view.T_degC = s16_at(frame, 4) / 10.0;
}

// Bytes 5 and 6 are not checked: YamBMS sends zeros, Pytes "PY", Luxpower the capacity.
void decode_alarms(const CanFrame& frame, BatteryView& view) {
  view.protections = u16_at(frame, 0);
  view.warnings = u16_at(frame, 2);
  view.module_count = frame.data[4];
}

void decode_requests(const CanFrame& frame, BatteryView& view) {
  const unsigned flags = frame.data[0];
  view.is_charge_allowed = (flags & flag_charge_allowed) != 0;
  view.is_discharge_allowed = (flags & flag_discharge_allowed) != 0;
  view.is_charge_forced = (flags & (flag_force_charge1 | flag_force_charge2)) != 0;
  view.is_full_charge_requested = (flags & flag_full_charge) != 0;
}

void decode_manufacturer(const CanFrame& frame, BatteryView& view) {
  const std::string text(frame.data.begin(), frame.data.end());
  view.manufacturer = from_text_field(text, " ");
}

// min_dlc: what real packs send (DBCP); 6 for 0x351 of an old firmware without the voltage limit.
struct Decoder {
  Id id;
  std::uint8_t min_dlc;
  void (*decode)(const CanFrame& frame, BatteryView& view);
};
constexpr std::array kDecoders{
    Decoder{id_limits, 6, decode_limits},
    Decoder{id_state_of_charge, 4, decode_state_of_charge},
    Decoder{id_measurements, 6, decode_measurements},
    Decoder{id_alarms, 7, decode_alarms},
    Decoder{id_requests, 2, decode_requests},
    Decoder{id_manufacturer, 8, decode_manufacturer},
};

bool decode(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  if (frame.is_extended || frame.is_remote) return false;
  for (const Decoder& decoder : kDecoders) {
    if (decoder.id != frame.id) continue;
    if (frame.dlc < decoder.min_dlc) return false;
    decoder.decode(frame, view);
    return true;
  }
  return false;
}

CanFrame encode_heartbeat() {
  CanFrame frame;
  frame.id = id_heartbeat;
  frame.dlc = 8;
  return frame;
}

}  // namespace

constinit const CanProtocol pylontech_lv_can{
    .key = "pylontech-lv-can",
    .title = "Pylontech low-voltage CAN V1.2",
    .bit_rate_Hz = 500'000,
    .dbc = "pylontech-lv-can.dbc",
    .options = kOptions,
    .periodic = kPeriodic,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
