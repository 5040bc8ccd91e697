// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_ground_offset{
    .key = "rs485-ground-offset",
    .help = "the ground of the pack is off that of the others on the RS485",
    .failure_mode = "offset",
    .nature = "permanent",
    .found_by = "checksum of every frame; time-out of the monitor",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "offset",
    .severity_dimension = Dimension::voltage,
    .severity_min = -60.0,
    .severity_max = 60.0,
    .severity_default = 10.0,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.rs485_plug.ground_offset_V += severity; },
};

}  // namespace doppelpack::sim
