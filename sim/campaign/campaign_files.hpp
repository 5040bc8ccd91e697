// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The files that a campaign becomes, as text.
#pragma once

#include <string>
#include <vector>

#include "sim/campaign.hpp"

namespace doppelpack::sim {

std::string campaign_json(const CampaignReport& report);
std::string campaign_html(const CampaignReport& report);
std::string campaign_markdown(const CampaignReport& report);
std::string campaign_junit(const CampaignReport& report);

/// The cases of a start: they lie side by side.
struct StartSlice {
  const CampaignStart* start = nullptr;
  std::size_t first = 0;
  std::size_t count = 0;
};
std::vector<StartSlice> slices_of(const CampaignReport& report);

/// Findings with the same fault, oracle and explanation, of one product.
struct FindingGroup {
  std::string fault;  ///< without its place
  std::string oracle;
  std::string example;   ///< what the oracle said of the first of them
  int explanation = -1;  ///< of the plan; -1: nobody has explained it
  std::vector<std::size_t> cases;
};
std::vector<FindingGroup> findings_of(const CampaignReport& report, std::size_t product);

/// In how many cases a product or a state of it ended in each class.
std::string states_text(const CampaignReport& report, const FindingGroup& group);

}  // namespace doppelpack::sim
