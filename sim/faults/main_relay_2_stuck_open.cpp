// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_2_stuck_open{
    .key = "main-relay-2-stuck-open",
    .help = "the contact of main relay 2 never closes",
    .failure_mode = "stuck-at open",
    .nature = "permanent or intermittent",
    .found_by = "main-2-open: auxiliary contact",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          // Wins over a weld: a contact that has burnt away conducts no more.
          condition.hardware.main_relay_2 = models::ContactCondition::stuck_open;
        },
};

}  // namespace doppelpack::sim
