// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault terminal_short{
    .key = "terminal-short",
    .help = "a resistance bridges the terminals of the pack",
    .failure_mode = "short circuit",
    .nature = "permanent or intermittent",
    .found_by =
        "scd: comparator; precharge-never; fuse and breaker behind it; a soft one limit-ignored",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 0.0001,
    .severity_max = 10.0,
    .severity_default = 0.005,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.terminal_short_S += 1.0 / severity; },
};

}  // namespace doppelpack::sim
