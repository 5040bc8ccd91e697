// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault ntc_open{
    .key = "ntc-open",
    .help = "a wire of the thermistor is broken: reads as extremely cold",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "ntc-broken, mosfet-ntc: range check, or utc and utd",
    .target = FaultTarget::ntc,
    .apply =
        [](Condition& condition, int target, double /*severity*/) {
          // Wins over a short: behind a broken wire nothing else can be measured.
          condition.hardware.ntcs[static_cast<std::size_t>(target)].wire =
              models::WireCondition::open;
        },
};

}  // namespace doppelpack::sim
