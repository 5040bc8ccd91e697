// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault comparator_dead{
    .key = "comparator-dead",
    .help = "the comparators of the AFE do not act",
    .failure_mode = "omission",
    .nature = "permanent",
    .found_by = "none: latent until it is needed; ocd2 and the fuse behind it",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_comparator_dead = true; },
};

}  // namespace doppelpack::sim
