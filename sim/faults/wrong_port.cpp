// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault wrong_port{
    .key = "wrong-port",
    .help = "the cable of the inverter is in a jack of the pack that carries neither CAN nor RS485",
    .failure_mode = "wrong connection",
    .nature = "permanent",
    .found_by = "time-outs on both sides",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          condition.cabling.can_plug.is_connected = false;
          condition.cabling.rs485_plug.is_connected = false;
        },
};

}  // namespace doppelpack::sim
