// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "sim/fault.hpp"

namespace doppelpack::sim {

namespace {

void melt_discharge_mosfets(Condition& condition, int /*target*/, double severity) {
  models::MosfetCondition& mosfet = condition.hardware.discharge_mosfet;
  if (!mosfet.is_stuck()) mosfet.closed_share = std::max(mosfet.closed_share, severity);
}

}  // namespace

extern const Fault discharge_mosfet_partly_closed{
    .key = "discharge-mosfet-partly-closed",
    .help = "this share of the discharge MOSFETs has melted: they conduct whatever their gate says",
    .failure_mode = "stuck-at closed",
    .nature = "permanent",
    .found_by = "discharge-mosfet-closed: current or voltage while it is off",
    .target = FaultTarget::pack,
    .has_severity = true,
    .severity_name = "share",
    .severity_dimension = Dimension::none,
    .severity_min = 0.01,
    .severity_max = 0.99,
    .severity_default = 0.1,
    .apply = melt_discharge_mosfets,
};

}  // namespace doppelpack::sim
