// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Energy from what a report tells, for the frames that carry it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace doppelpack::can_emulator {

/// Of a charge at a voltage, mAh times mV. What no pack can hold is cut to 4.6 TWh: the product of two
/// fields that say "all ones" has more bits than the result, and rounding needs room, too.
constexpr std::int64_t microwatt_hours(std::uint32_t charge_mAh, std::uint32_t voltage_mV) {
  constexpr std::uint64_t kMost_uWh = std::numeric_limits<std::int64_t>::max() / 2;
  return static_cast<std::int64_t>(std::min(std::uint64_t{charge_mAh} * voltage_mV, kMost_uWh));
}

}  // namespace doppelpack::can_emulator
