// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault current_amplifier_stuck{
    .key = "current-amplifier-stuck",
    .help = "the current reading stays at one value whatever flows",
    .failure_mode = "stuck-at",
    .nature = "permanent or intermittent",
    .found_by = "shunt: reading without noise, or while every path is open",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "reading",
    .severity_dimension = Dimension::current,
    .severity_min = -500.0,
    .severity_max = 500.0,
    .severity_default = 0.0,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          models::Hardware& hardware = condition.hardware;
          const bool is_worst = !hardware.is_shunt_stuck || severity > hardware.shunt_stuck_A;
          if (is_worst) hardware.shunt_stuck_A = severity;
          hardware.is_shunt_stuck = true;
        },
};

}  // namespace doppelpack::sim
