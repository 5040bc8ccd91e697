// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault run_lamp_dead{
    .key = "run-lamp-dead",
    .help = "the RUN lamp is dead",
    .failure_mode = "open circuit",
    .nature = "permanent",
    .found_by = "none: a person notices",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.dead_lamps |= BMS_LED_RUN; },
};

}  // namespace doppelpack::sim
