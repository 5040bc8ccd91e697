// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Pylontech RS485, as of the V3.3 document with the system commands of V3.5: who is answered, and
// how. The frame is in ydt1363_frame.hpp, the contents of replies in pylontech_rs485_info.hpp.

#include <array>
#include <span>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol pylontech_rs485;

namespace {

constexpr std::uint8_t kLithiumIronPhosphate = 0x46;  // CID1
constexpr std::uint8_t kVersion = 0x20;
constexpr std::uint8_t kVoltronicVersion = 0x28;
constexpr std::uint8_t kAllPacks = 0xFF;

enum Rtn : std::uint8_t {
  rtn_ok = 0x00,
  rtn_checksum = 0x02,
  rtn_length_checksum = 0x03,
  rtn_unknown_command = 0x04,
  rtn_format = 0x05,
  rtn_address = 0x90,
};

// What the INFO of a request means. No INFO at all always means the addressed pack: clients leave
// it out where the document wants it (python-pylontech in 0x93, a Dyness bridge in 0x42).
enum class Selector {
  ignored,          // the document has none; clients send some
  one_pack,         // an address
  one_or_all_packs  // an address or FF
};

struct Command {
  std::uint8_t cid2;
  Selector selector;
  bool is_answered_at_zero;  // see is_for_this_pack
  Bytes (*encode)(const Stack& stack);
};

// Not here: 0x64 and 0x95 (shut down), 0x94 (impose limits), 0x90, 0x91 and 0x99 (RS232 V2.8). They
// act on the pack, and a codec cannot: RTN 04.
constexpr std::array kCommands{
    Command{0x42, Selector::one_or_all_packs, false, encode_analog},
    Command{0x44, Selector::one_or_all_packs, false, encode_alarms},
    Command{0x47, Selector::ignored, false, encode_system_parameters},
    Command{0x4F, Selector::ignored, true, encode_nothing},
    Command{0x51, Selector::ignored, true, encode_manufacturer},
    Command{0x60, Selector::ignored, false, encode_system_basics},
    Command{0x61, Selector::ignored, false, encode_system_analog},
    Command{0x62, Selector::ignored, false, encode_system_alarms},
    Command{0x63, Selector::ignored, false, encode_system_management},
    Command{0x92, Selector::one_pack, false, encode_management},
    Command{0x93, Selector::one_pack, false, encode_serial_number},
    Command{0x96, Selector::one_pack, false, encode_firmware},
};

const Command* find_command(std::uint8_t cid2) {
  for (const Command& command : kCommands) {
    if (command.cid2 == cid2) return &command;
  }
  return nullptr;
}

// A pack that is not there is silent; RTN 90 for it is documented and was never captured. Address 0
// is no pack's, but python-pylontech sends 0x4F and 0x51 to it. A pack asked at the address of
// another group is silent too, as a Seplos is; a JK answers there.
bool is_for_this_pack(const YdtFrame& request, const Command* command,
                      const BatteryIdentity& identity) {
  if (request.address == identity.serial_address) return true;
  return request.address == 0 && command != nullptr && command->is_answered_at_zero;
}

// Always version 2.0, whatever was asked for, except to a Voltronic inverter: it asks in version
// 0x28 and shows nothing until it is answered in it (diyBMSv4ESP32 pull request 195).
Bytes encode_reply(const YdtFrame& request, std::uint8_t rtn, Bytes info) {
  const std::uint8_t version = request.version == kVoltronicVersion ? kVoltronicVersion : kVersion;
  return encode_ydt_frame({version, request.address, request.cid1, rtn, std::move(info)});
}

Reply reject(const YdtFrame& request, Rtn rtn, std::string_view problem) {
  return {ReplyKind::rejection, encode_reply(request, rtn, {}), problem};
}

Reply stay_silent(std::string_view problem) {
  return {ReplyKind::none, {}, problem};
}

Reply answer(const YdtFrame& request, const Command& command, const bms_report_t& report,
             const BatteryIdentity& identity) {
  const std::span<const bms_report_t> packs(&report, 1);
  Stack stack{packs, identity, identity.serial_address};
  if (command.selector != Selector::ignored && !request.info.empty()) {
    if (request.info.size() > 1) return reject(request, rtn_format, "more than one byte of INFO");
    const std::uint8_t selector = request.info.front();
    if (selector == kAllPacks && command.selector == Selector::one_or_all_packs) {
      stack.selector = static_cast<std::uint8_t>(packs.size());
    } else if (selector != identity.serial_address) {
      return reject(request, rtn_address, "no pack with the address in INFO");
    }
  }
  return {ReplyKind::answer, encode_reply(request, rtn_ok, command.encode(stack)), {}};
}

Reply respond(BytesView bytes, const bms_report_t& report, const BatteryIdentity& identity) {
  const YdtParsed parsed = parse_ydt_frame(bytes);
  const YdtFrame& request = parsed.frame;
  if (parsed.fault == YdtFault::garbled) return stay_silent("not a frame");
  if (request.cid1 != kLithiumIronPhosphate) return stay_silent("for another kind of device");
  const Command* command = find_command(request.code);
  if (!is_for_this_pack(request, command, identity)) return stay_silent("for another address");

  switch (parsed.fault) {
    case YdtFault::wrong_checksum:
      return reject(request, rtn_checksum, "wrong CHKSUM");
    case YdtFault::wrong_length_checksum:
      return reject(request, rtn_length_checksum, "wrong LCHKSUM");
    case YdtFault::wrong_length:
      return reject(request, rtn_format, "LENID is not the length of INFO");
    case YdtFault::garbled:
    case YdtFault::none:
      break;
  }
  if (command == nullptr) return reject(request, rtn_unknown_command, "unknown CID2");
  return answer(request, *command, report, identity);
}

// ---- inverter side ------------------------------------------------------------------------------

// What inverters ask (0x61 to 0x63, and 0x92 where those are unknown) and what monitors ask. Packs
// that lack a command answer RTN 04 and the next request follows.
struct Question {
  std::uint8_t cid2;
  Selector selector;
  bool (*decode)(BytesView info, BatteryView& view);
};
constexpr std::array kQuestions{
    Question{0x61, Selector::ignored, decode_system_analog},
    Question{0x63, Selector::ignored, decode_system_management},
    Question{0x62, Selector::ignored, decode_system_alarms},
    Question{0x42, Selector::one_or_all_packs, decode_analog},
    Question{0x92, Selector::one_pack, decode_management},
    Question{0x51, Selector::ignored, decode_manufacturer},
};

Bytes encode_request(std::size_t index, std::uint8_t address) {
  if (index >= kQuestions.size()) return {};
  const Question& question = kQuestions[index];
  Bytes info;
  if (question.selector == Selector::one_pack) info.push_back(address);
  if (question.selector == Selector::one_or_all_packs) info.push_back(kAllPacks);
  return encode_ydt_frame(
      {kVersion, address, kLithiumIronPhosphate, question.cid2, std::move(info)});
}

// Version and address of a reply are not checked: packs answer with the address of their master.
bool decode_reply(std::size_t index, BytesView bytes, const Choices& /*choices*/,
                  BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  const YdtParsed parsed = parse_ydt_frame(bytes);
  const YdtFrame& reply = parsed.frame;
  if (parsed.fault != YdtFault::none) return false;
  if (reply.cid1 != kLithiumIronPhosphate || reply.code != rtn_ok) return false;
  BatteryView updated = view;
  if (!kQuestions[index].decode(reply.info, updated)) return false;
  view = std::move(updated);
  return true;
}

}  // namespace

// Inverters use 9600 baud; the other switch position, 115200, is for monitors. The turnaround of a
// US2000 follows from the timestamps of TOM (see pylontech_rs485_info.hpp); JK takes 5 ms.
constinit const SerialProtocol pylontech_rs485{
    .key = "pylontech-rs485",
    .title = "Pylontech RS485 V3.3 and V3.5",
    .baud = 9600,
    .turnaround_ms = 27,
    .options = {},
    .find_frame = find_ydt_frame,
    .respond = respond,
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
