// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_ground_offset{
    .key = "can-ground-offset",
    .help = "the ground of the pack is off that of the others on the CAN",
    .failure_mode = "offset",
    .nature = "permanent",
    .found_by = "CRC and error counters of CAN; time-outs on both sides",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "offset",
    .severity_dimension = Dimension::voltage,
    .severity_min = -60.0,
    .severity_max = 60.0,
    .severity_default = 8.0,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.can_plug.ground_offset_V += severity; },
};

}  // namespace doppelpack::sim
