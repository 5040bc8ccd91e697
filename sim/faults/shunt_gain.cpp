// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault shunt_gain{
    .key = "shunt-gain",
    .help = "the current reading is off by a factor",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by = "none below a few percent; soc drifts",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "gain",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 2.0,
    .severity_default = 0.9,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.shunt_gain *= severity; },
};

}  // namespace doppelpack::sim
