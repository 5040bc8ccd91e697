// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void cut_bleeder(Condition& condition, int target, double /*severity*/) {
  condition.hardware.bleeders_open |= position_bit(condition.hardware, target);
}

}  // namespace

extern const Fault bleeder_open{
    .key = "bleeder-open",
    .help = "the bleeder of a cell never conducts",
    .failure_mode = "stuck-at open",
    .nature = "permanent",
    .found_by = "none: the cell drifts away over weeks; spread",
    .target = FaultTarget::cell,
    .apply = cut_bleeder,
};

}  // namespace doppelpack::sim
