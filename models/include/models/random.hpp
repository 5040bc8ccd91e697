// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Counter-based random numbers: the value depends only on (seed, stream, counter), so drawing in
// one place never shifts what another place draws, and a saved counter is a saved generator.
#pragma once

#include <cstdint>

namespace doppelpack::models {

/// 64 well-mixed bits. SplitMix64 finaliser (Steele, Lea, Flood, OOPSLA 2014) applied to the key.
std::uint64_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// Uniform in [0, 1).
double random_uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// Approximately normal, mean 0, standard deviation 1, bounded to +-6: the sum of twelve uniforms.
/// Uses only addition, so the bits are the same on every compiler and libm. The uniforms have 16
/// bits: results are multiples of 2^-16, mean and variance are exact (to 1e-9).
double random_normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// The same in two parts, for who draws from one stream again and again:
/// random_normal(seed, stream, counter) is random_normal(random_key(seed, stream), counter).
std::uint64_t random_key(std::uint64_t seed, std::uint64_t stream);
double random_normal(std::uint64_t key, std::uint64_t counter);

}  // namespace doppelpack::models
