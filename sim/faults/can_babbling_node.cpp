// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_babbling_node{
    .key = "can-babbling-node",
    .help = "somebody on the CAN sends identifier 0 without end",
    .failure_mode = "babbling idiot",
    .nature = "permanent or intermittent",
    .found_by = "inverter-lost: time-out of its frames; bus load",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.has_can_babbler = true; },
};

}  // namespace doppelpack::sim
