// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_stuck{
    .key = "rs485-stuck",
    .help = "a driver on the RS485 does not let go of the pair",
    .failure_mode = "stuck-at",
    .nature = "permanent",
    .found_by = "time-out of the monitor",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.rs485_wire.is_stuck = true; },
};

}  // namespace doppelpack::sim
