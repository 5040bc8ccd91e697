// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault link_unplugged{
    .key = "link-unplugged",
    .help = "the link cable to the next pack of the bank is loose",
    .failure_mode = "open circuit",
    .nature = "permanent or intermittent",
    .found_by = "the other packs are silent: member-lost, master-lost",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.is_link_unplugged = true; },
};

}  // namespace doppelpack::sim
