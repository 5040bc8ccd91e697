// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_2_welded{
    .key = "main-relay-2-welded",
    .help = "the contact of main relay 2 is welded: closed whatever its coil says",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "main-2-welded: auxiliary contact",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          models::ContactCondition& relay = condition.hardware.main_relay_2;
          if (relay == models::ContactCondition::healthy) relay = models::ContactCondition::welded;
        },
};

}  // namespace doppelpack::sim
