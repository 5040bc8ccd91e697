// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault buzzer_dead{
    .key = "buzzer-dead",
    .help = "the buzzer is dead",
    .failure_mode = "open circuit",
    .nature = "permanent",
    .found_by = "none: a person notices",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.is_buzzer_dead = true; },
};

}  // namespace doppelpack::sim
