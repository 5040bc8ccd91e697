// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// From the start of a campaign to its state, and from there through one case.
#pragma once

#include <memory>
#include <string>

#include "campaign/case_watch.hpp"
#include "sim/bench.hpp"
#include "sim/campaign.hpp"

namespace doppelpack::sim {

/// A bench on its way to a state, and in it; a case leaves it used up.
class CaseBench {
 public:
  CaseBench(const CampaignStart& start, const CoreChoice& core);

  /// Empty once it is in its state; else why it is not.
  std::string reach();

  struct Outcome {
    CaseResult result;
    Tellings tellings;
  };
  /// Runs and judges one case, from now on.
  Outcome run(const CampaignCase& of, const CampaignTiming& timing, const Tellings* twin);

 private:
  const CampaignStart& start_;
  std::unique_ptr<CaseWatch> watch_;
  Bench bench_;
};

}  // namespace doppelpack::sim
