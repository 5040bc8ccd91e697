// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/random.hpp"

namespace doppelpack::models {

namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;  // SplitMix64's increment

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

}  // namespace

// The SplitMix64 generator a (seed, stream) pair stands for, as its starting point.
std::uint64_t random_key(std::uint64_t seed, std::uint64_t stream) {
  return mix(mix(seed + kGolden) ^ (stream * 0xD1342543DE82EF95U));
}

std::uint64_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  return mix(random_key(seed, stream) + (counter + 1U) * kGolden);
}

double random_uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  return static_cast<double>(random_bits(seed, stream, counter) >> 11U) * 0x1p-53;
}

double random_normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  return random_normal(random_key(seed, stream), counter);
}

double random_normal(std::uint64_t key, std::uint64_t counter) {
  // Three words hold twelve uniforms of 16 bits. They add up in two 32-bit lanes at a time.
  constexpr std::uint64_t kEveryOther = 0x0000FFFF0000FFFFU;
  const std::uint64_t start = key + 3U * counter * kGolden;
  std::uint64_t lanes = 0;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const std::uint64_t word = mix(start + i * kGolden);
    lanes += (word & kEveryOther) + ((word >> 16U) & kEveryOther);
  }
  const auto sum = static_cast<std::int64_t>((lanes & 0xFFFFFFFFU) + (lanes >> 32U));
  // A field of 16 bits stands for the middle of its interval: 12 halves make the mean exactly 6.
  return static_cast<double>(sum + 6 - 6 * 65536) * 0x1p-16;
}

}  // namespace doppelpack::models
