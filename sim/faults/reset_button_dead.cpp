// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault reset_button_dead{
    .key = "reset-button-dead",
    .help = "the RESET button makes no contact",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "none: a person notices",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.dead_buttons |= BMS_BUTTON_RESET; },
};

}  // namespace doppelpack::sim
