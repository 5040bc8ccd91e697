// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void drift(Condition& condition, int /*target*/, double severity) {
  // A crystal that drives its clock at all is never that slow.
  double& error = condition.electronics.rtc_error;
  error = std::max(error + severity, -0.9);
}

}  // namespace

extern const Fault rtc_drift{
    .key = "rtc-drift",
    .help = "the real-time clock runs fast, or slow when negative",
    .failure_mode = "drift",
    .nature = "permanent",
    .found_by = "clock: two oscillators compared",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "error of its rate",
    .severity_dimension = Dimension::none,
    .severity_min = -0.4,
    .severity_max = 1.0,
    .severity_default = 0.05,
    .apply = drift,
};

}  // namespace doppelpack::sim
