// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void loosen(Condition& condition, int target, double severity) {
  double& share = condition.hardware.ntcs[static_cast<std::size_t>(target)].loose_share;
  share = std::max(share, severity);
}

}  // namespace

extern const Fault ntc_loose{
    .key = "ntc-loose",
    .help =
        "the thermistor has come off its cell: this share of what it reads is the air in the case",
    .failure_mode = "drift",
    .nature = "permanent or intermittent",
    .found_by = "ntc-stuck: differs from its neighbours; t-spread",
    .target = FaultTarget::ntc,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.8,
    .apply = loosen,
};

}  // namespace doppelpack::sim
