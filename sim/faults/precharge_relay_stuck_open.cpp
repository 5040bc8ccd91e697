// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault precharge_relay_stuck_open{
    .key = "precharge-relay-stuck-open",
    .help = "the contact of the pre-charge relay never closes",
    .failure_mode = "stuck-at open",
    .nature = "permanent or intermittent",
    .found_by = "precharge-never: the link does not rise",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          // Wins over a weld: a contact that has burnt away conducts no more.
          condition.hardware.precharge_relay = models::ContactCondition::stuck_open;
        },
};

}  // namespace doppelpack::sim
