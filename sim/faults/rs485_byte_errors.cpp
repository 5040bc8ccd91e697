// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault rs485_byte_errors{
    .key = "rs485-byte-errors",
    .help = "bytes on the RS485 are misread, each with this probability",
    .failure_mode = "corruption of data",
    .nature = "transient",
    .found_by = "checksum of every frame; time-out of the monitor",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "rate",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1.0,
    .severity_default = 0.01,
    .apply = [](Condition& condition, int /*target*/,
                double severity) { condition.cabling.rs485_wire.byte_error_rate += severity; },
};

}  // namespace doppelpack::sim
