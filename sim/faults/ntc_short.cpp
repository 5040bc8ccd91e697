// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault ntc_short{
    .key = "ntc-short",
    .help = "the wires of the thermistor touch: reads as extremely hot",
    .failure_mode = "short circuit",
    .nature = "permanent or intermittent",
    .found_by = "ntc-broken, mosfet-ntc: range check, or otc and otd",
    .target = FaultTarget::ntc,
    .apply =
        [](Condition& condition, int target, double /*severity*/) {
          models::NtcCondition& ntc = condition.hardware.ntcs[static_cast<std::size_t>(target)];
          if (ntc.wire == models::WireCondition::intact) ntc.wire = models::WireCondition::shorted;
        },
};

}  // namespace doppelpack::sim
