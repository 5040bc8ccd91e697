// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

#include <cstdint>

namespace doppelpack::sim {

extern const Fault rs485_wrong_baud{
    .key = "rs485-wrong-baud",
    .help = "the RS485 of the pack is set to another rate",
    .failure_mode = "wrong configuration",
    .nature = "permanent",
    .found_by = "time-out of the monitor",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "rate",
    .severity_dimension = Dimension::bit_rate,
    .severity_min = 1200.0,
    .severity_max = 1e6,
    .severity_default = 19200.0,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          condition.cabling.rs485_plug.format = can_emulator::SerialFormat{
              static_cast<std::uint32_t>(severity), can_emulator::Parity::none};
        },
};

}  // namespace doppelpack::sim
