// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault power_button_dead{
    .key = "power-button-dead",
    .help = "the POWER button makes no contact",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "none: a person notices",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.dead_buttons |= BMS_BUTTON_POWER; },
};

}  // namespace doppelpack::sim
