// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_stuck_dominant{
    .key = "can-stuck-dominant",
    .help = "a driver holds the CAN dominant",
    .failure_mode = "stuck-at",
    .nature = "permanent",
    .found_by = "error counters of CAN; time-outs on both sides",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.can_wire.is_stuck_dominant = true; },
};

}  // namespace doppelpack::sim
