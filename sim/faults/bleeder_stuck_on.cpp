// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void hold_bleeder_on(Condition& condition, int target, double /*severity*/) {
  condition.hardware.bleeders_on |= position_bit(condition.hardware, target);
}

}  // namespace

extern const Fault bleeder_stuck_on{
    .key = "bleeder-stuck-on",
    .help = "the bleeder of a cell never stops",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "spread; soh and full charges in the long run",
    .target = FaultTarget::cell,
    .apply = hold_bleeder_on,
};

}  // namespace doppelpack::sim
