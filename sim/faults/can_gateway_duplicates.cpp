// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_gateway_duplicates{
    .key = "can-gateway-duplicates",
    .help = "a gateway hands on twice what the pack sends on CAN, this share of it",
    .failure_mode = "unintended repetition",
    .nature = "transient",
    .found_by = "none: values stay true",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.1,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.can_gateway.duplicated += severity; },
};

}  // namespace doppelpack::sim
