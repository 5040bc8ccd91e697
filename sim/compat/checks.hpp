// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What an obedient inverter does, looked at in one moment.
#pragma once

#include <optional>

#include "sim/compat.hpp"

namespace doppelpack::sim {

struct CompatMoment {
  Time t_ns = 0;
  std::optional<DcMeasurement> dc;
  Time heartbeat_ns = -1;  ///< when the last one came; -1: never
};

/// Nothing: cannot be seen.
std::optional<bool> holds(ExpectedReaction kind, const CompatMoment& moment,
                          const ScriptedBattery& battery);

/// True of what must hold all the time.
bool is_lasting(ExpectedReaction kind);

/// Is a cell beyond what any cell survives, and driven further?
bool endangers_cells(const Product& product, double dc_A,
                     const std::pair<double, double>& highest_and_lowest_V);

}  // namespace doppelpack::sim
