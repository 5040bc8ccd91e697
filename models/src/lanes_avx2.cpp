// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "lanes_loops.hpp"

namespace doppelpack::models {

constinit const Lanes lanes_avx2 = make_lanes<4>(VectorLevel::avx2);

}  // namespace doppelpack::models
