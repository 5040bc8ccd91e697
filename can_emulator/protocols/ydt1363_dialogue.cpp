// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/ydt1363_dialogue.hpp"

#include <utility>

namespace doppelpack::can_emulator {

std::optional<YdtRefusal> refusal_of(YdtFault fault) {
  switch (fault) {
    case YdtFault::wrong_checksum:
      return YdtRefusal{rtn_checksum, "wrong CHKSUM"};
    case YdtFault::wrong_length_checksum:
      return YdtRefusal{rtn_length_checksum, "wrong LCHKSUM"};
    case YdtFault::wrong_length:
      return YdtRefusal{rtn_format, "LENID is not the length of INFO"};
    case YdtFault::garbled:
    case YdtFault::none:
      break;
  }
  return std::nullopt;
}

std::size_t place_of(std::uint8_t address, Packs packs, const BatteryIdentity& identity) {
  if (address < identity.serial_address) return packs.size();
  const std::size_t place = std::size_t{address} - identity.serial_address;
  return place < packs.size() ? place : packs.size();
}

bool take_ydt_reply(BytesView bytes, YdtDecode decode, const Choices& choices, BatteryView& view) {
  const YdtParsed parsed = parse_ydt_frame(bytes);
  const YdtFrame& reply = parsed.frame;
  if (parsed.fault != YdtFault::none) return false;
  if (reply.cid1 != kLithiumIronPhosphate || reply.code != rtn_ok) return false;
  BatteryView updated = view;
  if (!decode(reply.info, choices, updated)) return false;
  view = std::move(updated);
  return true;
}

}  // namespace doppelpack::can_emulator
