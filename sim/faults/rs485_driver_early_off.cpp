// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

#include <cstddef>

namespace doppelpack::sim {

extern const Fault rs485_driver_early_off{
    .key = "rs485-driver-early-off",
    .help = "the RS485 driver of the pack lets go before its last bytes are out",
    .failure_mode = "omission",
    .nature = "permanent",
    .found_by = "checksum of every frame; time-out of the monitor",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "bytes",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 1000.0,
    .severity_default = 2.0,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          condition.cabling.rs485_plug.lost_tail_bytes += static_cast<std::size_t>(severity);
        },
};

}  // namespace doppelpack::sim
