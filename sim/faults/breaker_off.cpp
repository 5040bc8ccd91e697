// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault breaker_off{
    .key = "breaker-off",
    .help = "somebody has switched the breaker off",
    .failure_mode = "open circuit",
    .nature = "permanent",
    .found_by =
        "breaker: auxiliary contact; without one charge-mosfet-open, discharge-mosfet-open; where "
        "it "
        "feeds the BMS, in a bank, member-lost, master-lost",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_breaker_off = true; },
};

}  // namespace doppelpack::sim
