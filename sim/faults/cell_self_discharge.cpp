// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault cell_self_discharge{
    .key = "cell-self-discharge",
    .help = "impurities in a cell discharge it by this current: a soft short",
    .failure_mode = "leakage",
    .nature = "permanent",
    .found_by = "spread after weeks; balancing hides it until it is too much",
    .target = FaultTarget::cell,
    .has_severity = true,
    .severity_name = "current",
    .severity_dimension = Dimension::current,
    .severity_min = 0.001,
    .severity_max = 50.0,
    .severity_default = 0.1,
    .apply =
        [](Condition& condition, int target, double severity) {
          constexpr double kNominal_V = 3.3;
          condition.hardware.cell_short_S[static_cast<std::size_t>(target)] +=
              severity / kNominal_V;
        },
};

}  // namespace doppelpack::sim
