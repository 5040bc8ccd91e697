// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Simulated time: signed nanoseconds since the start of the bench.
#pragma once

#include <cstdint>
#include <limits>

namespace doppelpack::sim {

using Time = std::int64_t;

inline constexpr Time kMicrosecond = 1'000;
inline constexpr Time kMillisecond = 1'000'000;
inline constexpr Time kSecond = 1'000'000'000;

/// When that is due which is not.
inline constexpr Time kNever = std::numeric_limits<Time>::max();

constexpr double to_seconds(Time t_ns) {
  return static_cast<double>(t_ns) / 1e9;
}

}  // namespace doppelpack::sim
