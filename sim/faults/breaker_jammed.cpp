// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault breaker_jammed{
    .key = "breaker-jammed",
    .help = "the breaker does not trip",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "none: latent until it is needed",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_breaker_jammed = true; },
};

}  // namespace doppelpack::sim
