// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault loose_terminal{
    .key = "loose-terminal",
    .help = "the lug at a terminal has extra resistance",
    .failure_mode = "drift of a resistance",
    .nature = "permanent or intermittent",
    .found_by = "charge-mosfet-open, discharge-mosfet-open: path drops too much",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.01,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.terminal_extra_Ohm += severity; },
};

}  // namespace doppelpack::sim
