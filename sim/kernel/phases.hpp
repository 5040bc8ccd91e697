// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// When each actor acts. Like the crystals on a real bench the actors are not aligned: every one has
// its own phase, so no two of them share an instant and their order never depends on the kernel.
// The odd nanosecond keeps them off the round times that scenarios are written in. Who acts or looks at
// round times does so right after what the timeline does there.
#pragma once

#include "sim/time.hpp"

namespace doppelpack::sim {

inline constexpr Time kProfilePhase = 1;
inline constexpr Time kSamplePhase = 2;
inline constexpr Time kDigestPhase = 3;
inline constexpr Time kAfePhase = 50 * kMicrosecond + 1;
inline constexpr Time kCanPackPhase = 410 * kMicrosecond + 1;
inline constexpr Time kCanHeartbeatPhase = 530 * kMicrosecond + 1;
inline constexpr Time kSerialPollPhase = 570 * kMicrosecond + 1;
inline constexpr Time kInverterPhase = 610 * kMicrosecond + 1;
inline constexpr Time kCanLoadPhase = 670 * kMicrosecond + 1;
inline constexpr Time kPowerPhase = 700 * kMicrosecond + 1;
inline constexpr Time kHostPhase = 730 * kMicrosecond + 1;

inline constexpr Time kFirmwarePeriod = kMillisecond;
inline constexpr Time kPlantStep = kMillisecond;
inline constexpr Time kComparatorStep = 50 * kMicrosecond;
inline constexpr Time kHostPeriod = kMillisecond;
inline constexpr Time kCanLoadPeriod = kSecond;
inline constexpr Time kDigestPeriod = 600 * kSecond;
inline constexpr Time kProfilePeriod = kSecond;

}  // namespace doppelpack::sim
