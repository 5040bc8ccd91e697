// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

#include <cstdint>

namespace doppelpack::sim {

extern const Fault can_gateway_late{
    .key = "can-gateway-late",
    .help = "a gateway hands on late what the pack sends on CAN",
    .failure_mode = "unacceptable delay",
    .nature = "permanent",
    .found_by = "none: the inverter acts on old values; its own time-out beyond it",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "delay",
    .severity_dimension = Dimension::time,
    .severity_min = 0.0,
    .severity_max = 60.0,
    .severity_default = 1.0,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          condition.cabling.can_gateway.delay_ns += static_cast<std::int64_t>(severity * 1e9);
        },
};

}  // namespace doppelpack::sim
