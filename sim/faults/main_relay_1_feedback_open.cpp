// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/fault.hpp"

namespace doppelpack::sim {

extern const Fault main_relay_1_feedback_open{
    .key = "main-relay-1-feedback-open",
    .help = "the auxiliary contact of main relay 1 always says open",
    .failure_mode = "stuck-at open",
    .nature = "permanent or intermittent",
    .found_by = "main-1-open: differs from its coil",
    .target = FaultTarget::pack,
    .apply = [](Condition& condition, int /*target*/,
                double /*severity*/) { condition.electronics.feedback_open |= BMS_CONTACT_MAIN_1; },
};

}  // namespace doppelpack::sim
