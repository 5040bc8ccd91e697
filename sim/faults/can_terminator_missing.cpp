// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_terminator_missing{
    .key = "can-terminator-missing",
    .help = "a terminating resistor of the CAN is missing; twice: both",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "CRC and error counters of CAN",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { --condition.cabling.can_wire.terminators; },
};

}  // namespace doppelpack::sim
