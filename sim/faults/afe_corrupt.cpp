// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault afe_corrupt{
    .key = "afe-corrupt",
    .help = "transfers from the AFE arrive with a wrong checksum",
    .failure_mode = "corruption of data",
    .nature = "transient or permanent",
    .found_by = "afe-corrupt: checksum of every transfer; afe-silent: none left",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share of transfers",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 1.0,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          // Each cause spoils its share of what the others leave.
          double& share = condition.electronics.afe_corrupt_share;
          share = 1.0 - (1.0 - share) * (1.0 - severity);
        },
};

}  // namespace doppelpack::sim
