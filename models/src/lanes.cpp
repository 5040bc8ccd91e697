// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "lanes.hpp"

namespace doppelpack::models {

bool is_available(VectorLevel level) {
#ifdef DOPPELPACK_HAS_AVX2_LANES
  if (level == VectorLevel::avx2) return __builtin_cpu_supports("avx2") != 0;
#endif
  return level != VectorLevel::avx2;
}

const Lanes& find_lanes([[maybe_unused]] VectorLevel level) {
#ifdef DOPPELPACK_HAS_AVX2_LANES
  if (level != VectorLevel::baseline && is_available(VectorLevel::avx2)) return lanes_avx2;
#endif
  return lanes_baseline;
}

}  // namespace doppelpack::models
