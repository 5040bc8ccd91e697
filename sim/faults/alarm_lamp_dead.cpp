// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault alarm_lamp_dead{
    .key = "alarm-lamp-dead",
    .help = "the ALARM lamp is dead",
    .failure_mode = "open circuit",
    .nature = "permanent",
    .found_by = "none: a person notices in the self-test, where there is one",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.dead_lamps |= BMS_LED_ALARM; },
};

}  // namespace doppelpack::sim
