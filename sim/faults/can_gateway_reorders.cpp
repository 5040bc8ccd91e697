// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_gateway_reorders{
    .key = "can-gateway-reorders",
    .help = "a gateway lets frames of the pack overtake this share of them",
    .failure_mode = "incorrect sequence",
    .nature = "transient",
    .found_by = "none: every frame holds whole values",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.1,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.can_gateway.reordered += severity; },
};

}  // namespace doppelpack::sim
