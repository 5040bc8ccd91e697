// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_terminator_missing{
    .key = "rs485-terminator-missing",
    .help = "a terminating resistor of the RS485 is missing; twice: both",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "checksum of every frame",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { --condition.cabling.rs485_wire.terminators; },
};

}  // namespace doppelpack::sim
