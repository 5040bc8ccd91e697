// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault shunt_open{
    .key = "shunt-open",
    .help = "a sense lead of the shunt is broken: the amplifier runs to its rail",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "shunt: reading at the rail; occ, which takes it for a current",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          // Far beyond the rail of any amplifier, so it wins over one that is stuck.
          condition.hardware.is_shunt_stuck = true;
          condition.hardware.shunt_stuck_A = 1e6;
        },
};

}  // namespace doppelpack::sim
