// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault precharge_resistor_wrong{
    .key = "precharge-resistor-wrong",
    .help = "the pre-charge resistor is this many times as large as it should be",
    .failure_mode = "drift of a resistance",
    .nature = "permanent",
    .found_by = "precharge-slow, precharge-fast: time that the link takes",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "factor",
    .severity_dimension = Dimension::none,
    .severity_min = 0.001,
    .severity_max = 1000.0,
    .severity_default = 10.0,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.hardware.precharge_factor *= severity; },
};

}  // namespace doppelpack::sim
