// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Questions and answers in frames of YD/T 1363.3, as far as Pylontech and PACE have them alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::uint8_t kLithiumIronPhosphate = 0x46;  ///< CID1
inline constexpr std::uint8_t kAllPacks = 0xFF;              ///< in INFO, in place of one address

/// Return codes of all documents; those of one of them are in its own file.
enum YdtRtn : std::uint8_t {
  rtn_ok = 0x00,
  rtn_checksum = 0x02,
  rtn_length_checksum = 0x03,
  rtn_unknown_command = 0x04,
  rtn_format = 0x05,
};

/// What a frame that could be read in part is refused with; nothing for one without a fault, or for
/// one that is no frame at all.
struct YdtRefusal {
  YdtRtn rtn;
  std::string_view problem;
};
std::optional<YdtRefusal> refusal_of(YdtFault fault);

/// Place of the pack with that address behind the master; the number of packs where there is none.
std::size_t place_of(std::uint8_t address, Packs packs, const BatteryIdentity& identity);

/// Takes over what INFO says; false leaves the view in an undefined state.
using YdtDecode = bool (*)(BytesView info, const Choices& choices, BatteryView& view);

/// Takes over a reply wholly, or leaves the view as it was: false. Version and address are not
/// checked: packs answer with the address of their master.
bool take_ydt_reply(BytesView bytes, YdtDecode decode, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
