// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault pack_divider_drift{
    .key = "pack-divider-drift",
    .help = "the divider of the stack has drifted: it reads too high by this share",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by = "sum: cells against stack",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = -0.5,
    .severity_max = 0.5,
    .severity_default = 0.05,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.pack_divider_error += severity; },
};

}  // namespace doppelpack::sim
