// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault ntc_stuck{
    .key = "ntc-stuck",
    .help = "the channel of the thermistor keeps the reading it has",
    .failure_mode = "stuck-at",
    .nature = "permanent or intermittent",
    .found_by = "ntc-stuck: does not move, or differs from its neighbours",
    .target = FaultTarget::ntc,
    .apply =
        [](Condition& condition, int target, double /*severity*/) {
          condition.hardware.ntcs[static_cast<std::size_t>(target)].is_frozen = true;
        },
};

}  // namespace doppelpack::sim
