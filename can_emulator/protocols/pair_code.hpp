// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// 0x35A of SMA and Victron, and of Pylontech's V1.3: two bits per topic, the lower one "arrives", the
// upper one "leaves". 00 no message or not supported, 01 raised, 10 ok, 11 ignored (SMA technical
// information FSS-ConnectingBat, and the captures of healthy packs; one reader has it reversed).
#pragma once

#include <array>
#include <cstdint>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

inline constexpr std::uint32_t kPairCodesId = 0x35A;

/// The eight bytes of a healthy pack. What is raised becomes 01 whatever it was.
using HealthyPairs = std::array<std::uint8_t, 8>;
/// Every topic of the document. SMA clears an alarm by an explicit 10 only. Seplos sends this.
inline constexpr HealthyPairs kDocumentedPairs{0xAA, 0xAA, 0xAA, 0x02, 0xAA, 0xAA, 0xAA, 0x02};
/// Reserved pairs too, as a BYD LVS sends (dfch/BydCanProtocol).
inline constexpr HealthyPairs kAllPairs{0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA};
/// A JK BMS (capture of victorstoica114/sigrok-pylon-bms-decoders).
inline constexpr HealthyPairs kJkPairs{0xA8, 0xA8, 0x02, 0x00, 0xA8, 0xA8, 0x02, 0x02};
/// Pytes and a US5000 with V1.3: nothing to report is 0.
inline constexpr HealthyPairs kSilentPairs{};

/// `report` is that of the bank.
CanFrame encode_pair_codes(const bms_report_t& report, const HealthyPairs& healthy);

/// What is raised: the lower bits of the pairs of alarms (bytes 0 to 3, little endian) become
/// `protections`, those of warnings (bytes 4 to 7) `warnings`. The frame has 8 bytes.
void decode_pair_codes(const CanFrame& frame, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
