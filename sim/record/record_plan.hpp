// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Which signals a plan means.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/scenario.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

/// Positions in the catalogue, in the order of the plan, each once; those of the standard set when the
/// plan names none. Throws DataError for a name or glob that nothing has.
std::vector<std::size_t> expand(const RecordPlan& plan, const SignalCatalogue& catalogue);

}  // namespace doppelpack::sim
