// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges protections by the truth: found in time ("detection"), the current stopped in time
// ("reaction"), and warned of before ("warning-first").
#pragma once

#include <vector>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/rule_bounds.hpp"

namespace doppelpack::sim {

/// More than this flows [A], for certain and not as an offset.
double flow_A(const Product& product);

class RuleOracle {
 public:
  explicit RuleOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

  /// Rules whose truth has been at their trip value, or nearly: set of BMS_RULE_BIT.
  std::uint32_t justified() const { return justified_; }

 private:
  struct Watched {
    RuleBounds bounds;
    bool is_fast = false;  ///< of the current, which is read with every pass
    Time since_ns = -1;    ///< the truth is beyond
    Time warned_ns = -1;   ///< the reading is beyond the warning
  };
  void judge_truth(const Sight& sight, Watched& watched, Objections& objections) const;
  void judge_warning(const Sight& sight, Watched& watched, Objections& objections) const;

  const Product* product_;
  std::vector<Watched> watched_;
  std::uint32_t justified_ = 0;
  std::uint32_t last_protections_ = 0;
  std::uint32_t last_warnings_ = 0;
  bool is_first_ = true;
};

}  // namespace doppelpack::sim
