// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault cable_reversed{
    .key = "cable-reversed",
    .help = "the cable to the inverter is connected the wrong way round",
    .failure_mode = "wrong connection",
    .nature = "permanent",
    .found_by = "scd: comparator; precharge-never; fuse and breaker behind it",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_cable_reversed = true; },
};

}  // namespace doppelpack::sim
