// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void apply(Condition& condition, int /*target*/, double /*severity*/) {
  condition.cabling.can_wire.is_shorted = true;
}

}  // namespace

extern const Fault can_shorted{
    .key = "can-shorted",
    .help = "CANH and CANL touch each other",
    .target = FaultTarget::pack,
    .apply = apply,
};

}  // namespace doppelpack::sim
