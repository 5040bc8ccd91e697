// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault nvm_silent{
    .key = "nvm-silent",
    .help = "the non-volatile memory does not answer: it reads as erased and takes no bytes",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "serial: the pack does not know its number after the next start",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.is_nvm_silent = true; },
};

}  // namespace doppelpack::sim
