// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault breaker_weak{
    .key = "breaker-weak",
    .help = "the breaker trips at this share of its rating",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by = "breaker: auxiliary contact, where there is one",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share of its rating",
    .severity_dimension = Dimension::none,
    .severity_min = 0.05,
    .severity_max = 0.99,
    .severity_default = 0.5,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.breaker_share *= severity; },
};

}  // namespace doppelpack::sim
