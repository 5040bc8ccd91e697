// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_unplugged{
    .key = "can-unplugged",
    .help = "the CAN cable is unplugged",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "time-outs on both sides",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.can_plug.is_connected = false; },
};

}  // namespace doppelpack::sim
