// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault sense_wire_leak{
    .key = "sense-wire-leak",
    .help = "moisture on the AFE side of a sense wire: a resistance to B-",
    .failure_mode = "leakage",
    .nature = "permanent or intermittent",
    .found_by =
        "sum, spread, spread-failure; cell-ov, cell-uv, pack-ov, pack-uv: it shifts the readings; "
        "when heavy "
        "cell-failure-high, cell-failure-low, sense-wire",
    .target = FaultTarget::sense_wire,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 1000.0,
    .severity_max = 100000000.0,
    .severity_default = 100000.0,
    .apply =
        [](Condition& condition, int target, double severity) {
          condition.hardware.sense_wires[static_cast<std::size_t>(target)].leak_S += 1.0 / severity;
        },
};

}  // namespace doppelpack::sim
