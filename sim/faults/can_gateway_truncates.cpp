// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_gateway_truncates{
    .key = "can-gateway-truncates",
    .help = "a gateway loses data bytes at the end of frames of the pack, of this share",
    .failure_mode = "corruption of data",
    .nature = "transient",
    .found_by = "length check of the inverter",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.1,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.can_gateway.truncated += severity; },
};

}  // namespace doppelpack::sim
