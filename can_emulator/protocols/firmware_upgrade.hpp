// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The entry of a firmware upgrade over CAN, which answers and refuses. The manual of the 6.5 kWh pack
// (section 7.3) says who asks and how: a computer with a CANalyst-II, extended frames, 500 kbit/s,
// the battery idle or its relays open. It prints no identifier and no byte, and no public source
// does, so those below are ours (estimates). The identifiers are the last in arbitration: an upgrade
// never disturbs the inverter.
#pragma once

#include <cstdint>
#include <optional>

#include "bms/types.h"
#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::uint32_t kUpgradeRequestId = 0x1FFFFFF0;
inline constexpr std::uint32_t kUpgradeAnswerId = 0x1FFFFFF1;

/// Byte 1 of an answer; byte 0 repeats the first byte of the request.
enum class UpgradeAnswer : std::uint8_t {
  unsupported = 0xF1,  ///< the pack takes no firmware this way
  busy = 0xF2,         ///< and it is neither idle nor are its relays open
};

/// Empty: the frame asks for no upgrade.
std::optional<CanFrame> refuse_upgrade(const CanFrame& request, const bms_report_t& report);

}  // namespace doppelpack::can_emulator
