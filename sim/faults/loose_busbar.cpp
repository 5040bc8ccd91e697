// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault loose_busbar{
    .key = "loose-busbar",
    .help = "the busbar at the positive side of the cell has extra resistance",
    .failure_mode = "drift of a resistance",
    .nature = "permanent or intermittent",
    .found_by = "spread: the cell seems to differ under current; otc and otd",
    .target = FaultTarget::cell,
    .has_severity = true,
    .severity_name = "resistance",
    .severity_dimension = Dimension::resistance,
    .severity_min = 0.0,
    .severity_max = 0.1,
    .severity_default = 0.001,
    .apply =
        [](Condition& condition, int target, double severity) {
          // Cells in parallel share their busbar.
          std::vector<double>& links = condition.hardware.link_extra_Ohm;
          links[static_cast<std::size_t>(target) % links.size()] += severity;
        },
};

}  // namespace doppelpack::sim
