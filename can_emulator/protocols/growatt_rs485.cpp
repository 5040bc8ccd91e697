// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Growatt low-voltage batteries, "1xSxxP ESS" on RS485: Modbus RTU, one map of holding registers.
// Sources, by short name:
//   GRO    "growatt-bms-rs485-protocal-1xsxxp-ess-v202": the map
//   SIG    victorstoica114/sigrok-pylon-bms-decoders: a Growatt inverter with JK and Seplos packs
//   EG4SN  a sniffer's notes on an EG4 3000EHV-48    EG4MIM  derekja/eg4mimic
// What the report does not hold (clock, serial number of the gauge, cells being balanced) is 0.

#include <array>
#include <string_view>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/growatt_registers.hpp"
#include "protocols/modbus_rtu.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol growatt_rs485;

namespace {

constexpr std::uint16_t kStatusRegister = 0x0013;
constexpr std::uint8_t kFirstAddress = 1;

constexpr std::array<std::string_view, 2> kCellStarts{"0x71", "0x70"};
constexpr std::array<std::string_view, 2> kSystemStatus{"told", "none"};
constexpr std::array<std::string_view, 2> kErrorValid{"with-an-error", "always"};
constexpr std::array kOptions{
    ProtocolOption{"cell_1", "register of cell 1: 0x71 by GRO and from a Seplos, 0x70 from a JK",
                   kCellStarts},
    ProtocolOption{"system_status",
                   "bits 10 and 11 of the status repeat the state (JK, EG4) or are 0 (Seplos)",
                   kSystemStatus},
    ProtocolOption{"error_valid",
                   "bit 2 of the status: set with an error (GRO), or always (the EG4 of EG4SN)",
                   kErrorValid},
};

// A pack at DIP 0 answers for address 1 too (EG4SN). Address 0 is a broadcast and never answered.
bool is_for_this_pack(const ModbusRequest& request, const BatteryIdentity& identity) {
  if (request.address == 0) return false;
  return request.address == identity.serial_address ||
         (identity.serial_address == 0 && request.address == kFirstAddress);
}

// GRO has one write: 0000 or 0C00 to the status register, as a greeting.
Reply greet(const ModbusRequest& request) {
  if (request.first != kStatusRegister || request.count != 1) {
    return reject_modbus(request, ModbusException::illegal_address);
  }
  const std::uint16_t value = request.values.front();
  if (value != 0x0000 && value != 0x0C00) {
    return reject_modbus(request, ModbusException::illegal_value);
  }
  return answer_modbus_write(request);
}

Reply respond(BytesView bytes, Packs packs, const BatteryIdentity& identity) {
  const std::optional<ModbusRequest> request = parse_modbus_request(bytes);
  if (!request) return stay_silent("wrong CRC");
  if (!is_for_this_pack(*request, identity)) return stay_silent("for another address");
  if (request->fault != ModbusException::none) return reject_modbus(*request, request->fault);
  if (!request->values.empty()) return greet(*request);
  const GrowattRegisters registers(packs, identity);
  return answer_modbus_read(*request, [&](unsigned index) { return registers.read(index); });
}

// ---- inverter side ------------------------------------------------------------------------------

struct Question {
  std::uint16_t first;
  std::uint16_t count;
};
constexpr std::array kQuestions{
    Question{0x0010, 0x1B},  // a Growatt inverter (SIG)
    Question{0x0070, 0x11},  // likewise
    Question{0x0001, 0x0F},  // likewise
    Question{0x0013, 0x11},  // an EG4 inverter (EG4SN)
    Question{0x0071, 0x10},  // a bridge (SIG)
    Question{0x0010, 0x0F},  // likewise
    Question{0x0015, 0x01},  // a probe (dnc392/rs485-bms-probe)
};

Bytes encode_request(std::size_t index, std::uint8_t address) {
  if (index >= kQuestions.size()) return {};
  return encode_modbus_read(address, kQuestions[index].first, kQuestions[index].count);
}

bool decode_reply(std::size_t index, BytesView reply, const Choices& choices, BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  const Question& question = kQuestions[index];
  const auto words = decode_modbus_read(reply, question.count);
  if (!words) return false;
  take_growatt_registers(question.first, *words, choices, view);
  return true;
}

}  // namespace

// A JK answers after 5 ms, a Seplos after 50 ms (SIG).
constinit const SerialProtocol growatt_rs485{
    .key = "growatt-rs485",
    .title = "Growatt 1xSxxP ESS V2.02, Modbus RTU",
    .baud = 9600,
    .turnaround_ms = 5,
    .options = kOptions,
    .gap_bits = kModbusGapBits,
    .find_frame = find_modbus_frame,
    .respond = respond,
    .poll_count = 3,  // what a Growatt inverter asks
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
