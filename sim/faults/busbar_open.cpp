// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault busbar_open{
    .key = "busbar-open",
    .help = "the busbar at the positive side of the cell is broken",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by =
        "cell-failure-low, cell-failure-high: the cell seems to leave all bounds under current; "
        "in a bank member-lost, master-lost: its BMS loses its supply",
    .target = FaultTarget::cell,
    .apply =
        [](Condition& condition, int target, double /*severity*/) {
          condition.hardware.link_extra_Ohm[static_cast<std::size_t>(target) %
                                            condition.hardware.link_extra_Ohm.size()] += 1e4;
        },
};

}  // namespace doppelpack::sim
