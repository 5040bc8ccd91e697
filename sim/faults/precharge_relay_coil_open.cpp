// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault precharge_relay_coil_open{
    .key = "precharge-relay-coil-open",
    .help = "the driver of the coil of the pre-charge relay is broken: the spring opens it",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "precharge-never: the link does not rise",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.hardware.is_precharge_undriven = true; },
};

}  // namespace doppelpack::sim
