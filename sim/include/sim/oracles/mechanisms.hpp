// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Diagnostics that must find their cause whatever the pack is doing: what the cause is, seen from
// outside of the core, and how long the configuration lets it take.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/oracles/objections.hpp"
#include "sim/oracles/sight.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// Set of BMS_FAILURE_BIT whose cause is there now and that the product looks for.
std::uint64_t causes_of(const PackUnit& unit, const Product& product);

/// From cause to failure: the mechanism's own time, its delay, and one step of the task. 0: none is
/// promised.
Time detection_bound(const Product& product, bms_failure_t failure);

/// Judges "detection" of failures, from one pass to the next.
class MechanismOracle {
 public:
  explicit MechanismOracle(const Product& product);
  void look(const Sight& sight, Objections& objections);

 private:
  struct Watched {
    bms_failure_t failure;
    Time bound_ns;
    Time since_ns = -1;
  };
  std::vector<Watched> watched_;
};

}  // namespace doppelpack::sim
