// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_1_coil_open{
    .key = "main-relay-1-coil-open",
    .help = "the driver of the coil of main relay 1 is broken: the spring opens it",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "main-1-open: auxiliary contact",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_main_1_undriven = true; },
};

}  // namespace doppelpack::sim
