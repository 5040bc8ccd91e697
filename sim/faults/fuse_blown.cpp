// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault fuse_blown{
    .key = "fuse-blown",
    .help = "the fuse has opened, by age or vibration",
    .failure_mode = "open circuit",
    .nature = "permanent",
    .found_by = "charge-mosfet-open, discharge-mosfet-open: no current where there should be",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_fuse_blown = true; },
};

}  // namespace doppelpack::sim
