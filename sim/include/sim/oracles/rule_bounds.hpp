// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a product's configuration promises of each protection: at which truth, within which time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/oracles/sight.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// A quantity that a rule is about [V, A, degC, K], as positive as the rule takes it.
enum class RuleQuantity {
  highest_cell,
  lowest_cell,
  pack,
  charge,
  discharge,
  hottest,
  coldest,
  mosfets,
  cell_spread,
  heat_spread,
};
double value_of(RuleQuantity quantity, const Quantities& of);

struct RuleBounds {
  bms_rule_t rule = BMS_RULE_CELL_OV;
  RuleQuantity quantity = RuleQuantity::highest_cell;
  bool is_above = true;            ///< trips above its value, or below
  double trip = 0.0;               ///< of the protection
  double tolerance = 0.0;          ///< by which a healthy reading may differ from the truth
  std::uint8_t opens = 0;          ///< set of bms_opens_t
  Time detection_ns = 0;           ///< sampling and delay
  Time reaction_ns = 0;            ///< and the actuator
  Time release_ns = 0;             ///< shortest time that it stays on
  double release = 0.0;            ///< where its cause is gone
  double release_tolerance = 0.0;  ///< likewise, there
  Time gone_ns = 0;                ///< longest time that it stays on once its cause is gone
  std::optional<double> warning;   ///< value of the warning, where there is one
  Time warning_ns = 0;             ///< sampling and its delay

  /// Beyond `limit` for certain (margin > 0), or perhaps (margin < 0).
  bool is_beyond(double value, double limit, double margin) const {
    return is_above ? value > limit + margin : value < limit - margin;
  }
};

/// Of all enabled protections on something that can be seen from outside.
std::vector<RuleBounds> rule_bounds(const Product& product);

/// What an active protection of the rule opens.
std::uint8_t opens_of(const bms_config_t& config, bms_rule_t rule);

/// What all alarms of a sight open: set of bms_opens_t.
std::uint8_t opened_by(const bms_config_t& config, const Sight& sight);

/// The core knows that it cannot see: it has said so, and acts on that.
bool is_blind(const Sight& sight);

}  // namespace doppelpack::sim
