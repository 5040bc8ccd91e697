// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The clock of those who talk to devices outside.
#pragma once

#include <chrono>

#include "sim/time.hpp"

namespace doppelpack::sim {

/// Of this machine, steady; since some moment in its past.
inline Time host_now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace doppelpack::sim
