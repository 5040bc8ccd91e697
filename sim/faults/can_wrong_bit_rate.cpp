// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

#include <cstdint>

namespace doppelpack::sim {

extern const Fault can_wrong_bit_rate{
    .key = "can-wrong-bit-rate",
    .help = "the CAN of the pack is set to another bit rate",
    .failure_mode = "wrong configuration",
    .nature = "permanent",
    .found_by = "error counters of CAN; time-outs on both sides",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "rate",
    .severity_dimension = Dimension::bit_rate,
    .severity_min = 1e4,
    .severity_max = 1e6,
    .severity_default = 2.5e5,
    .apply =
        [](Condition& condition, int /*target*/, double severity) {
          condition.cabling.can_plug.bit_rate_Hz = static_cast<std::uint32_t>(severity);
        },
};

}  // namespace doppelpack::sim
