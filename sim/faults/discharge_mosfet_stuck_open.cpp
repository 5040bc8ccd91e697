// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault discharge_mosfet_stuck_open{
    .key = "discharge-mosfet-stuck-open",
    .help = "the discharge MOSFET never conducts, whatever its gate says",
    .failure_mode = "stuck-at open",
    .nature = "permanent",
    .found_by = "discharge-mosfet-open: path drops too much; precharge-never: the link stays empty",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          // Wins over stuck closed: what has burnt through conducts no more.
          condition.hardware.discharge_mosfet = models::MosfetCondition::kStuckOpen;
        },
};

}  // namespace doppelpack::sim
