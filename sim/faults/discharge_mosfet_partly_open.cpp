// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void break_discharge_mosfets(Condition& condition, int /*target*/, double severity) {
  models::MosfetCondition& mosfet = condition.hardware.discharge_mosfet;
  if (!mosfet.is_stuck()) mosfet.open_share = std::max(mosfet.open_share, severity);
}

}  // namespace

extern const Fault discharge_mosfet_partly_open{
    .key = "discharge-mosfet-partly-open",
    .help = "bond wires of this share of the discharge MOSFETs have lifted: the others carry all",
    .failure_mode = "drift of a resistance",
    .nature = "permanent",
    .found_by = "mosfet-ot: the others grow hot",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.0,
    .severity_max = 0.99,
    .severity_default = 0.5,
    .apply = break_discharge_mosfets,
};

}  // namespace doppelpack::sim
