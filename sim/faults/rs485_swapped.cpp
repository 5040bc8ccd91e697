// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_swapped{
    .key = "rs485-swapped",
    .help = "A and B of the pack are swapped",
    .failure_mode = "wrong connection",
    .nature = "permanent",
    .found_by = "time-out of the monitor",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.rs485_plug.is_swapped = true; },
};

}  // namespace doppelpack::sim
