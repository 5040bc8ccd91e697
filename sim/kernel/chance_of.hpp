// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Chance on the buses of a bench: of its seed, and of nothing else.
#pragma once

#include <cstdint>

#include "can_emulator/chance.hpp"
#include "models/random.hpp"

namespace doppelpack::sim {

/// Streams of one seed know nothing of each other.
inline can_emulator::Chance chance_of(std::uint64_t seed, std::uint64_t stream) {
  return [seed, stream](std::uint64_t n) { return models::random_uniform(seed, stream, n); };
}

}  // namespace doppelpack::sim
