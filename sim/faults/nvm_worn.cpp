// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault nvm_worn{
    .key = "nvm-worn",
    .help = "the non-volatile memory does not take new bytes any more",
    .failure_mode = "stuck-at",
    .nature = "permanent or intermittent",
    .found_by = "nvm: checksums, at the next start",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.is_nvm_worn = true; },
};

}  // namespace doppelpack::sim
