// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void freeze_channel(Condition& condition, int target, double /*severity*/) {
  condition.hardware.frozen_cells |= position_bit(condition.hardware, target);
}

}  // namespace

extern const Fault cell_channel_stuck{
    .key = "cell-channel-stuck",
    .help = "the channel of a cell keeps the reading it has",
    .failure_mode = "stuck-at",
    .nature = "permanent or intermittent",
    .found_by = "cell-stuck: does not move while its neighbours do",
    .target = FaultTarget::cell,
    .apply = freeze_channel,
};

}  // namespace doppelpack::sim
