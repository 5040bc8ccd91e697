// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a ground offset between two nodes does to a differential receiver.
#pragma once

#include <algorithm>
#include <cmath>

namespace doppelpack::can_emulator {

/// Share of bits or bytes misread, 0..1: none up to the offset that the standard demands, all from
/// `hopeless_V` on, and between them as the cube of the way (estimate).
inline double misread_share(double offset_V, double harmless_V, double hopeless_V) {
  const double beyond = (std::abs(offset_V) - harmless_V) / (hopeless_V - harmless_V);
  const double share = std::clamp(beyond, 0.0, 1.0);
  return share * share * share;
}

}  // namespace doppelpack::can_emulator
