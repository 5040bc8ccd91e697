// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault afe_silent{
    .key = "afe-silent",
    .help = "the AFE neither converts nor answers; its comparators still work",
    .failure_mode = "omission",
    .nature = "permanent or intermittent",
    .found_by = "afe-silent: time-out of the conversions",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.is_afe_silent = true; },
};

}  // namespace doppelpack::sim
