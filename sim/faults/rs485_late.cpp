// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

#include <cstdint>

namespace doppelpack::sim {

extern const Fault rs485_late{
    .key = "rs485-late",
    .help = "a converter on the RS485 hands on late what the pack sends",
    .failure_mode = "unacceptable delay",
    .nature = "permanent",
    .found_by = "time-out of the monitor",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "delay",
    .severity_dimension = Dimension::time,
    .severity_min = 0.0,
    .severity_max = 60.0,
    .severity_default = 0.2,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          condition.cabling.rs485_plug.delay_ns += static_cast<std::int64_t>(severity * 1e9);
        },
};

}  // namespace doppelpack::sim
