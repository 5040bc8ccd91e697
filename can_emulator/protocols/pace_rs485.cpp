// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// PACE BMS, VER 0x25, as the boards of many telecom packs speak it: who is answered, and how. The
// frame is in ydt1363_frame.hpp, the contents of replies and their sources in pace_rs485_info.hpp.

#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/pace_rs485_info.hpp"
#include "protocols/ydt1363_dialogue.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol pace_rs485;

namespace {

constexpr std::uint8_t kVersion = 0x25;

constexpr std::array<std::string_view, 2> kOffsets{"2730", "2731"};
constexpr std::array<std::string_view, 2> kVariants{"p3", "p9"};
constexpr std::array<std::string_view, 2> kEnvironments{"mean", "last-sensor"};
constexpr std::array<std::string_view, 2> kPorts{"rs485", "rs232"};
constexpr std::array kOptions{
    ProtocolOption{"temperature_offset",
                   "0 degC in 0.1 K: 2730 in PACE documents and readers, 2731 in their relatives",
                   kOffsets},
    ProtocolOption{"variant",
                   "tail of 0x42 and 0x44: plain boards, or with 14 and 1 bytes more (Easun)",
                   kVariants},
    ProtocolOption{"environment",
                   "what is told as environment temperature: the mean, or the pack's last sensor",
                   kEnvironments},
    ProtocolOption{"port",
                   "which port: RS232 answers every address, 0xA6, and refuses control with RTN 09",
                   kPorts},
};

// Beyond YdtRtn.
constexpr std::uint8_t kRtnData = 0x06;
constexpr std::uint8_t kRtnRefused = 0x09;

struct Command {
  std::uint8_t cid2;
  bool has_selector;   // INFO is the number of a pack, or FF
  bool is_rs232_only;  // PACE485 does not have it
  Bytes (*encode)(const PaceStack& stack);
};
constexpr std::array kCommands{
    Command{0x42, true, false, encode_pace_analog},
    Command{0x44, true, false, encode_pace_warnings},
    Command{0x90, false, false, encode_pace_pack_count},
    Command{0xA6, false, true, encode_pace_capacity},
    Command{0xC1, false, false, encode_pace_version},
    Command{0xC2, false, false, encode_pace_serial},
};

// Control, MOSFETs, shut down, set the time (PACE232): they act on the pack, and a codec cannot.
constexpr std::array<std::uint8_t, 5> kActs{0x99, 0x9A, 0x9B, 0x9C, 0xB2};

const Command* find_command(std::uint8_t cid2, PacePort port) {
  for (const Command& command : kCommands) {
    if (command.cid2 != cid2) continue;
    return command.is_rs232_only && port == PacePort::rs485 ? nullptr : &command;
  }
  return nullptr;
}

bool is_act(std::uint8_t cid2, PacePort port) {
  for (const std::uint8_t act : kActs) {
    if (act == cid2) return port == PacePort::rs232;
  }
  return false;
}

// The version is always ours, the rest of the header the request's.
Bytes encode_reply(const YdtFrame& request, std::uint8_t rtn, Bytes info) {
  return encode_ydt_frame({kVersion, request.address, request.cid1, rtn, std::move(info)});
}

Reply reject(const YdtFrame& request, std::uint8_t rtn, std::string_view problem) {
  return {ReplyKind::rejection, encode_reply(request, rtn, {}), problem};
}

Reply answer(const YdtFrame& request, const Command& command, std::size_t asked, Packs packs,
             const BatteryIdentity& identity) {
  const auto number = static_cast<std::uint8_t>(identity.serial_address + asked);
  PaceStack stack{packs.subspan(asked, 1), identity, number};
  if (command.cid2 == 0x90) stack.packs = packs;
  if (command.has_selector && !request.info.empty()) {
    if (request.info.size() > 1) return reject(request, rtn_format, "more than one byte of INFO");
    const std::uint8_t selector = request.info.front();
    if (selector == kAllPacks) {
      // "FF" is for the master; the packs behind it keep silent (PACE485).
      if (asked > 0) return stay_silent("a slave is asked for all packs");
      stack.packs = packs;
      stack.selector = static_cast<std::uint8_t>(packs.size());
    } else {
      const std::size_t wanted = place_of(selector, packs, identity);
      if (wanted == packs.size()) return reject(request, kRtnData, "no pack with that number");
      stack.packs = packs.subspan(wanted, 1);
      stack.selector = selector;
    }
  }
  return {ReplyKind::answer, encode_reply(request, rtn_ok, command.encode(stack)), {}};
}

Reply respond(BytesView bytes, Packs packs, const BatteryIdentity& identity) {
  const auto port = choice_of<PacePort>(identity.serial_choices, PaceOption::port);
  const YdtParsed parsed = parse_ydt_frame(bytes);
  const YdtFrame& request = parsed.frame;
  if (parsed.fault == YdtFault::garbled) return stay_silent("not a frame");
  if (request.cid1 != kLithiumIronPhosphate) return stay_silent("for another kind of device");
  std::size_t asked = place_of(request.address, packs, identity);
  if (asked == packs.size()) {
    if (port == PacePort::rs485) return stay_silent("for another address");
    asked = 0;  // the captures of NK ask the same board as 0 and as 1
  }

  if (const auto refusal = refusal_of(parsed.fault))
    return reject(request, refusal->rtn, refusal->problem);
  if (is_act(request.code, port)) return reject(request, kRtnRefused, "acts on the pack");
  const Command* command = find_command(request.code, port);
  if (command == nullptr) return reject(request, rtn_unknown_command, "unknown CID2");
  return answer(request, *command, asked, packs, identity);
}

// ---- inverter side ------------------------------------------------------------------------------

struct Question {
  std::uint8_t cid2;
  bool has_selector;
  YdtDecode decode;
};
constexpr std::array kQuestions{
    Question{0x42, true, decode_pace_analog},
    Question{0x44, true, decode_pace_warnings},
    Question{0xC1, false, decode_pace_version},
    Question{0xC2, false, decode_pace_serial},
    Question{0x90, false, decode_pace_pack_count},
    Question{0xA6, false, decode_pace_capacity},  // RTN 04 on RS485
};

Bytes encode_request(std::size_t index, std::uint8_t address) {
  if (index >= kQuestions.size()) return {};
  const Question& question = kQuestions[index];
  Bytes info;
  if (question.has_selector) info.push_back(address);
  return encode_ydt_frame(
      {kVersion, address, kLithiumIronPhosphate, question.cid2, std::move(info)});
}

bool decode_reply(std::size_t index, BytesView bytes, const Choices& choices, BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  return take_ydt_reply(bytes, kQuestions[index].decode, choices, view);
}

}  // namespace

// 9600 baud, by every source. Nobody measured the turnaround; readers wait 200 ms and more: estimate.
constinit const SerialProtocol pace_rs485{
    .key = "pace-rs485",
    .title = "PACE BMS, version 25, on RS485 and RS232",
    .baud = 9600,
    .turnaround_ms = 20,
    .options = kOptions,
    .find_frame = find_ydt_frame,
    .respond = respond,
    .poll_count = 2,  // 0x42 and 0x44
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
