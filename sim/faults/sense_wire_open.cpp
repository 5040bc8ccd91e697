// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault sense_wire_open{
    .key = "sense-wire-open",
    .help = "a sense wire is broken: its line drifts between those of its neighbours",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by =
        "sense-wire: test current; sum, of the topmost one; near their limits cell-ov, cell-uv, "
        "pack-ov, pack-uv: it shifts the readings",
    .target = FaultTarget::sense_wire,
    .apply =
        [](Condition& condition, int target, double /*severity*/) {
          condition.hardware.sense_wires[static_cast<std::size_t>(target)].is_open = true;
        },
};

}  // namespace doppelpack::sim
