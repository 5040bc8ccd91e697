// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault insulation_fault{
    .key = "insulation-fault",
    .help = "moisture or chafed insulation: a resistance from P+ to earth",
    .failure_mode = "leakage",
    .nature = "permanent or intermittent",
    .found_by = "insulation: monitor, where there is one",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 10.0,
    .severity_max = 1e8,
    .severity_default = 10e3,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.insulation_S += 1.0 / severity; },
};

}  // namespace doppelpack::sim
