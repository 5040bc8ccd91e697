// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Pylontech RS485, as of the V3.3 document with the system commands of V3.5: who is answered, and
// how. The frame is in ydt1363_frame.hpp, the contents of replies in pylontech_rs485_info.hpp.

#include <array>
#include <string_view>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/ydt1363_dialogue.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol pylontech_rs485;

namespace {

constexpr std::array<std::string_view, 3> kScales{"0.01 A", "0.1 A", "1 A"};
constexpr std::array<std::string_view, 2> kSigns{"positive", "negative"};
constexpr std::array<std::string_view, 2> kLengths{"33", "32"};
constexpr std::array<std::string_view, 2> kAnswers{"answered", "unanswered"};
constexpr std::array<std::string_view, 2> kGroups{"silent", "answered"};
constexpr std::array kOptions{
    ProtocolOption{
        "system_current",
        "unit of the current in 0x61: emulators that feed inverters, SIG's map, a bridge", kScales},
    ProtocolOption{"system_discharge",
                   "sign of the discharge limit in 0x63: V3.5 and JK positive, Seplos negative",
                   kSigns},
    ProtocolOption{"alarm_length",
                   "bytes of 0x44 with 15 cells: US2000C and readers 33, V3.3 and US2000 32",
                   kLengths},
    ProtocolOption{"system_commands", "0x60 to 0x64: a Dyness pack does not answer them", kAnswers},
    ProtocolOption{"group_addresses",
                   "asked as the master of another group: Seplos is silent, JK answers as itself",
                   kGroups},
};

constexpr std::uint8_t kVersion = 0x20;
constexpr std::uint8_t kVoltronicVersion = 0x28;

constexpr std::uint8_t kRtnAddress = 0x90;  // beyond YdtRtn

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

// Not here: 0x64 and 0x95 (shut down), 0x94 (impose limits), 0x91 and 0x99 (RS232 V2.8: line rate,
// control). They act on the pack, and a codec cannot: RTN 04.
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
    Command{0x90, Selector::ignored, false, encode_pack_count},
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

bool is_system_command(std::uint8_t cid2) {
  return cid2 >= 0x60 && cid2 <= 0x64;
}

// Masters of groups 0 to 7 (PY33).
bool is_group_master(std::uint8_t address) {
  return (address & 0x0F) == 2 && address <= 0x72;
}

// Which pack is asked; the number of packs when nobody answers. A pack that is not there is silent;
// RTN 90 for it is documented and was never captured. Address 0 is no pack's, but python-pylontech
// sends 0x4F and 0x51 to it.
std::size_t pack_asked(const YdtFrame& request, const Command* command, Packs packs,
                       const BatteryIdentity& identity) {
  const auto chosen = [&](PylontechOption option) {
    return choice_of<std::uint8_t>(identity.serial_choices, option);
  };
  const bool is_system = is_system_command(request.code);
  if (is_system && chosen(PylontechOption::system_commands) != 0) return packs.size();
  if (request.address == 0) {
    return command != nullptr && command->is_answered_at_zero ? 0 : packs.size();
  }
  const bool is_group =
      is_group_master(request.address) && chosen(PylontechOption::group_addresses) != 0;
  const std::size_t place = place_of(request.address, packs, identity);
  return place == packs.size() && is_group ? 0 : place;
}

// A pack that answers for another group's master gives its own address (SIG: all replies of a JK).
std::uint8_t reply_address(const YdtFrame& request, Packs packs, const BatteryIdentity& identity) {
  const bool is_ours =
      request.address == 0 || place_of(request.address, packs, identity) < packs.size();
  return is_ours ? request.address : identity.serial_address;
}

// Always version 2.0, whatever was asked for, except to a Voltronic inverter: it asks in version
// 0x28 and shows nothing until it is answered in it (diyBMSv4ESP32 pull request 195).
Bytes encode_reply(const YdtFrame& request, std::uint8_t rtn, Bytes info) {
  const std::uint8_t version = request.version == kVoltronicVersion ? kVoltronicVersion : kVersion;
  return encode_ydt_frame({version, request.address, request.cid1, rtn, std::move(info)});
}

Reply reject(const YdtFrame& request, std::uint8_t rtn, std::string_view problem) {
  return {ReplyKind::rejection, encode_reply(request, rtn, {}), problem};
}

Reply answer(const YdtFrame& request, const Command& command, std::size_t asked, Packs packs,
             const BatteryIdentity& identity) {
  const auto address = static_cast<std::uint8_t>(identity.serial_address + asked);
  Stack stack{packs.subspan(asked, 1), identity, address, asked};
  if (command.selector == Selector::ignored) {
    stack.packs = packs;  // a system, or the same of every pack
    stack.first = 0;
  } else if (!request.info.empty()) {
    if (request.info.size() > 1) return reject(request, rtn_format, "more than one byte of INFO");
    const std::uint8_t selector = request.info.front();
    const std::size_t place = place_of(selector, packs, identity);
    if (selector == kAllPacks && command.selector == Selector::one_or_all_packs) {
      stack.packs = packs;
      stack.first = 0;
      stack.selector = static_cast<std::uint8_t>(packs.size());
    } else if (place < packs.size()) {
      stack.packs = packs.subspan(place, 1);
      stack.first = place;
      stack.selector = selector;
    } else {
      return reject(request, kRtnAddress, "no pack with the address in INFO");
    }
  }
  return {ReplyKind::answer, encode_reply(request, rtn_ok, command.encode(stack)), {}};
}

Reply respond(BytesView bytes, Packs packs, const BatteryIdentity& identity) {
  YdtParsed parsed = parse_ydt_frame(bytes);
  YdtFrame& request = parsed.frame;
  if (parsed.fault == YdtFault::garbled) return stay_silent("not a frame");
  if (request.cid1 != kLithiumIronPhosphate) return stay_silent("for another kind of device");
  const Command* command = find_command(request.code);
  const std::size_t asked = pack_asked(request, command, packs, identity);
  if (asked == packs.size()) return stay_silent("for another address");
  request.address = reply_address(request, packs, identity);

  if (const auto refusal = refusal_of(parsed.fault))
    return reject(request, refusal->rtn, refusal->problem);
  if (command == nullptr) return reject(request, rtn_unknown_command, "unknown CID2");
  return answer(request, *command, asked, packs, identity);
}

// ---- inverter side ------------------------------------------------------------------------------

// What inverters ask (0x61 to 0x63, and 0x92 where those are unknown) and what monitors ask. Packs
// that lack a command answer RTN 04 and the next request follows.
struct Question {
  std::uint8_t cid2;
  Selector selector;
  YdtDecode decode;
};
constexpr std::array kQuestions{
    Question{0x61, Selector::ignored, decode_system_analog},
    Question{0x63, Selector::ignored, decode_system_management},
    Question{0x62, Selector::ignored, decode_system_alarms},
    Question{0x42, Selector::one_or_all_packs, decode_analog},
    Question{0x92, Selector::one_pack, decode_management},
    Question{0x51, Selector::ignored, decode_manufacturer},
    Question{0x44, Selector::one_or_all_packs, decode_alarms},
    Question{0x93, Selector::one_pack, decode_serial_number},
    Question{0x60, Selector::ignored, decode_system_basics},
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

bool decode_reply(std::size_t index, BytesView bytes, const Choices& choices, BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  return take_ydt_reply(bytes, kQuestions[index].decode, choices, view);
}

}  // namespace

// Inverters use 9600 baud; the other switch position, 115200, is for monitors. The turnaround of a
// US2000 follows from the timestamps of TOM (see pylontech_rs485_info.hpp); JK takes 5 ms.
constinit const SerialProtocol pylontech_rs485{
    .key = "pylontech-rs485",
    .title = "Pylontech RS485 V3.3 and V3.5",
    .baud = 9600,
    .turnaround_ms = 27,
    .options = kOptions,
    .find_frame = find_ydt_frame,
    .respond = respond,
    .poll_count = 6,  // up to 0x51
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
