// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_shorted{
    .key = "can-shorted",
    .help = "CANH and CANL touch each other",
    .failure_mode = "short circuit",
    .nature = "permanent or intermittent",
    .found_by = "error counters of CAN; time-outs on both sides",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.can_wire.is_shorted = true; },
};

}  // namespace doppelpack::sim
