// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The real-time clock: a crystal of its own, which goes on with its own battery.
#pragma once

#include <cstdint>

#include "sim/time.hpp"

namespace doppelpack::sim {

struct RtcState {
  Time t_ns = 0;                 ///< how far it has been advanced
  std::uint64_t into_ms_ps = 0;  ///< of its own picoseconds, since its last whole millisecond
  std::uint32_t ms = 0;          ///< wraps
};

/// Let it run to now_ns, fast by `error` (relative, > -1). Each call rounds to a picosecond.
void advance(Time now_ns, double error, RtcState& rtc);

}  // namespace doppelpack::sim
