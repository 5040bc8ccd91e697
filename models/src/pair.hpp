// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Two cells at a time. A Pair is a vector type of gcc and clang: + - * / < ?: work per element, so
// it has the bits of two scalar computations and needs no luck with the auto-vectoriser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace doppelpack::models {

using Pair [[gnu::vector_size(16)]] = double;
using PairMask [[gnu::vector_size(16)]] = std::int64_t;  ///< what comparing Pairs gives

/// kCells = 2, or 1 for the last cell of an odd string: then both elements hold it.
template <int kCells = 2>
Pair load(const double* from) {
  if constexpr (kCells == 1) return Pair{*from, *from};
  Pair value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <int kCells = 2>
void store(double* to, Pair value) {
  std::memcpy(to, &value, kCells * sizeof(double));
}

inline Pair both(double value) {
  return Pair{value, value};
}

inline Pair magnitude(Pair x) {
  return reinterpret_cast<Pair>(reinterpret_cast<PairMask>(x) & INT64_MAX);
}

inline bool is_all(PairMask mask) {
  return (mask[0] & mask[1]) != 0;
}

/// run(i, cells) for every two cells of `count`, and once more for a last single one; `cells` is 2
/// or 1 as a type, for load() and store().
template <typename Run>
void for_pairs(std::ptrdiff_t count, Run run) {
  std::ptrdiff_t i = 0;
  for (; i + 2 <= count; i += 2) run(i, std::integral_constant<int, 2>{});
  if (i < count) run(i, std::integral_constant<int, 1>{});
}

}  // namespace doppelpack::models
