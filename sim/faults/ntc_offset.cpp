// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault ntc_offset{
    .key = "ntc-offset",
    .help = "the thermistor has drifted: reads too warm, or too cold when negative",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by =
        "ntc-stuck: differs from its neighbours; otc, otd, utc, utd, mosfet-ot when far off; "
        "ntc-broken, mosfet-ntc: beyond the range of a thermistor",
    .target = FaultTarget::ntc,
    .has_severity = true,
    .severity_name = "offset",
    .severity_dimension = Dimension::temperature_difference,
    .severity_min = -60.0,
    .severity_max = 60.0,
    .severity_default = 10.0,
    .apply =
        [](Condition& condition, int target, double severity) {
          condition.hardware.ntcs[static_cast<std::size_t>(target)].offset_K += severity;
        },
};

}  // namespace doppelpack::sim
