// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where wires take their random numbers from.
#pragma once

#include <cstdint>
#include <functional>

namespace doppelpack::can_emulator {

/// The n-th of a row of random numbers, 0 up to 1; the same n gives the same number.
using Chance = std::function<double(std::uint64_t n)>;

}  // namespace doppelpack::can_emulator
