// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault precharge_relay_welded{
    .key = "precharge-relay-welded",
    .help = "the contact of the pre-charge relay is welded: closed whatever its coil says",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "precharge-welded: the link is charged too early",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          models::ContactCondition& relay = condition.hardware.precharge_relay;
          if (relay == models::ContactCondition::healthy) relay = models::ContactCondition::welded;
        },
};

}  // namespace doppelpack::sim
