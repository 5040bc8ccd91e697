// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault shunt_offset{
    .key = "shunt-offset",
    .help = "the current reading is off by a constant, positive in charge",
    .failure_mode = "offset",
    .nature = "permanent",
    .found_by = "shunt: reading while every path is open; limit-ignored: not allowed",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "offset",
    .severity_dimension = Dimension::current,
    .severity_min = -50.0,
    .severity_max = 50.0,
    .severity_default = 1.0,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.shunt_offset_A += severity; },
};

}  // namespace doppelpack::sim
