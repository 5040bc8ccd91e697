// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault module_connector_loose{
    .key = "module-connector-loose",
    .help = "the connector on top of the module is loose: neither power nor supply comes through",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "none: dark, and told apart only by fixing it",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          condition.hardware.link_extra_Ohm.back() += 1e4;
          condition.electronics.supply_drop_V += 1e4;
        },
};

}  // namespace doppelpack::sim
