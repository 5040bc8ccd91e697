// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault cell_internal_short{
    .key = "cell-internal-short",
    .help = "a resistance inside the cell discharges it",
    .failure_mode = "short circuit",
    .nature = "permanent",
    .found_by = "spread, cell-failure-low, otc and otd: rules on voltage and temperature",
    .target = FaultTarget::cell,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 0.0001,
    .severity_max = 10000.0,
    .severity_default = 1.0,
    .apply =
        [](Condition& condition, int target, double severity) {
          condition.hardware.cell_short_S[static_cast<std::size_t>(target)] += 1.0 / severity;
        },
};

}  // namespace doppelpack::sim
