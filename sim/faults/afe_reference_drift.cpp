// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault afe_reference_drift{
    .key = "afe-reference-drift",
    .help = "the reference of the AFE has drifted: all its voltages read too high by this share",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by = "none: all readings drift alike; the inverter may know better",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = -0.1,
    .severity_max = 0.1,
    .severity_default = 0.01,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.afe_reference_error += severity; },
};

}  // namespace doppelpack::sim
