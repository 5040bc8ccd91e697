// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault discharge_mosfet_stuck_closed{
    .key = "discharge-mosfet-stuck-closed",
    .help = "the discharge MOSFET has melted: it conducts whatever its gate says",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "discharge-mosfet-closed: current or voltage while it is off",
    .target = FaultTarget::pack,
    .apply =
        [](Condition& condition, int /*target*/, double /*severity*/) {
          models::MosfetCondition& mosfet = condition.hardware.discharge_mosfet;
          if (mosfet != models::MosfetCondition::kStuckOpen)
            mosfet = models::MosfetCondition::kStuckClosed;
        },
};

}  // namespace doppelpack::sim
