// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges the end of protections: one that is not latched ends once its cause has been gone for as
// long as the product file says ("release"). A pack that stays off is a house without light.
#pragma once

#include <vector>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/rule_bounds.hpp"

namespace doppelpack::sim {

class ReleaseOracle {
 public:
  explicit ReleaseOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

 private:
  struct Watched {
    RuleBounds bounds;
    Time gone_ns = -1;  ///< the cause is gone since then, by the truth and by the readings
  };
  std::vector<Watched> watched_;
};

}  // namespace doppelpack::sim
