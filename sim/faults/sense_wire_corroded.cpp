// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault sense_wire_corroded{
    .key = "sense-wire-corroded",
    .help = "the contact of a sense wire has extra resistance",
    .failure_mode = "drift of a resistance",
    .nature = "permanent or intermittent",
    .found_by = "sense-wire: test current; otherwise small",
    .target = FaultTarget::sense_wire,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 1.0,
    .severity_max = 1000000.0,
    .severity_default = 10000.0,
    .apply =
        [](Condition& condition, int target, double severity) {
          condition.hardware.sense_wires[static_cast<std::size_t>(target)].extra_Ohm += severity;
        },
};

}  // namespace doppelpack::sim
