// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_swapped{
    .key = "can-swapped",
    .help = "CANH and CANL of the pack are swapped",
    .failure_mode = "wrong connection",
    .nature = "permanent",
    .found_by = "error counters of CAN; time-outs on both sides",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.cabling.can_plug.is_swapped = true; },
};

}  // namespace doppelpack::sim
