// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault supply_brown_out{
    .key = "supply-brown-out",
    .help = "the regulator of the BMS loses this voltage of its feed",
    .failure_mode = "drift",
    .nature = "transient or permanent",
    .found_by =
        "none: the core stops and starts anew, gates open by hardware; in a bank member-lost, "
        "master-lost",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "voltage lost",
    .severity_dimension = Dimension::voltage,
    .severity_min = 0.0,
    .severity_max = 500.0,
    .severity_default = 40.0,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.electronics.supply_drop_V += severity; },
};

}  // namespace doppelpack::sim
