// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_unplugged{
    .key = "rs485-unplugged",
    .help = "the RS485 cable is unplugged",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "time-out of the monitor",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.rs485_plug.is_connected = false; },
};

}  // namespace doppelpack::sim
