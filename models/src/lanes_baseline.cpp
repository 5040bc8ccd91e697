// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "lanes_loops.hpp"

namespace doppelpack::models {

constinit const Lanes lanes_baseline = make_lanes<2>(VectorLevel::baseline);

}  // namespace doppelpack::models
