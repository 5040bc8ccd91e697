// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_1_stuck_open{
    .key = "main-relay-1-stuck-open",
    .help = "the contact of main relay 1 never closes",
    .failure_mode = "stuck-at open",
    .nature = "permanent or intermittent",
    .found_by = "main-1-open: auxiliary contact",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          // Wins over a weld: a contact that has burnt away conducts no more.
          condition.hardware.main_relay_1 = models::ContactCondition::stuck_open;
        },
};

}  // namespace doppelpack::sim
