// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault shunt_leads_swapped{
    .key = "shunt-leads-swapped",
    .help = "the sense leads of the shunt are swapped: charge reads as discharge",
    .failure_mode = "wrong connection",
    .nature = "permanent",
    .found_by = "none: soc runs the wrong way until the voltages do not fit",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_shunt_reversed = true; },
};

}  // namespace doppelpack::sim
