// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault can_bit_errors{
    .key = "can-bit-errors",
    .help = "bits on the CAN are misread, each with this probability",
    .failure_mode = "corruption of data",
    .nature = "transient",
    .found_by = "CRC and error counters of CAN",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "rate",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.001,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.can_wire.bit_error_rate += severity; },
};

}  // namespace doppelpack::sim
