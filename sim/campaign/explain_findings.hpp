// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Which findings somebody has looked at already, and which explanations have nothing left to explain.
#pragma once

#include "sim/campaign.hpp"

namespace doppelpack::sim {

/// Fills in explanations and is_explained of every result and, if these are all cases, what is stale.
void explain_findings(bool is_complete, CampaignReport& report);

/// The first explanation that fits, or -1.
int explanation_of(const std::vector<Explanation>& explanations, const std::string& id,
                   const Objection& objection);

}  // namespace doppelpack::sim
