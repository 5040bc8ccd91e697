// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_2_coil_open{
    .key = "main-relay-2-coil-open",
    .help = "the driver of the coil of main relay 2 is broken: the spring opens it",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "main-2-open: auxiliary contact",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_main_2_undriven = true; },
};

}  // namespace doppelpack::sim
