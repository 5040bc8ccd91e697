// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault power_cable_off{
    .key = "power-cable-off",
    .help = "the cable to the inverter, or to the busbar of a bank, is off the terminals",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "none: no current looks like idle; precharge-fast: nothing but air to charge",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.is_power_cable_off = true; },
};

}  // namespace doppelpack::sim
