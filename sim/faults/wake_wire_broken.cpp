// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault wake_wire_broken{
    .key = "wake-wire-broken",
    .help = "a wire of the WAKE pins is broken",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "none: a person notices",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.is_wake_wire_broken = true; },
};

}  // namespace doppelpack::sim
