// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault power_button_stuck{
    .key = "power-button-stuck",
    .help = "the POWER button is stuck: pressed for good",
    .failure_mode = "stuck-at closed",
    .nature = "permanent or intermittent",
    .found_by = "none: as a person who holds it",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.stuck_buttons |= BMS_BUTTON_POWER; },
};

}  // namespace doppelpack::sim
