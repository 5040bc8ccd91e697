// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/rule_oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

bool is_of_current(RuleQuantity quantity) {
  return quantity == RuleQuantity::charge || quantity == RuleQuantity::discharge;
}

bool flows_against(std::uint8_t opens, const Product& product, const Sight& sight) {
  const double current_A = sight.truth.current_A;
  return ((opens & BMS_OPENS_CHARGE) != 0 && current_A > flow_A(product)) ||
         ((opens & BMS_OPENS_DISCHARGE) != 0 && -current_A > flow_A(product));
}

}  // namespace

double flow_A(const Product& product) {
  return std::max(1.0, 2.0 * product.bms.idle_current_mA / 1000.0);
}

RuleOracle::RuleOracle(const Product& product) : product_(&product) {
  for (const RuleBounds& bounds : rule_bounds(product))
    watched_.push_back({bounds, is_of_current(bounds.quantity)});
}

void RuleOracle::judge_truth(const Sight& sight, Watched& watched, Objections& objections) const {
  const RuleBounds& bounds = watched.bounds;
  const double value = value_of(bounds.quantity, sight.truth);
  if (!sight.is_working || !bounds.is_beyond(value, bounds.trip, bounds.tolerance)) {
    watched.since_ns = -1;
    return;
  }
  if (watched.since_ns < 0) watched.since_ns = sight.t_ns;
  const Time beyond_ns = sight.t_ns - watched.since_ns;
  const std::string_view name = rule_words()[bounds.rule];
  const bool is_known = (sight.protections & BMS_RULE_BIT(bounds.rule)) != 0 || is_blind(sight);
  if (beyond_ns > bounds.detection_ns && !is_known)
    objections.add("detection", std::string(name), [&] {
      return fmt::format("{} is not found within {:.3f} s of {:.3f}", name,
                         to_seconds(bounds.detection_ns), value);
    });
  if (beyond_ns > bounds.reaction_ns && flows_against(bounds.opens, *product_, sight))
    objections.add("reaction", std::string(name), [&] {
      return fmt::format("{:.1f} A flow {:.3f} s after {} has passed its trip value",
                         sight.truth.current_A, to_seconds(bounds.reaction_ns), name);
    });
}

// By the readings: a broken sensor, too, goes through its warning first if it goes slowly.
void RuleOracle::judge_warning(const Sight& sight, Watched& watched, Objections& objections) const {
  const RuleBounds& bounds = watched.bounds;
  if (!bounds.warning) return;
  const double value = value_of(bounds.quantity, sight.read);
  const bool is_warned = bounds.is_beyond(value, *bounds.warning, 0.0);
  if (!sight.is_working || !is_warned) {
    watched.warned_ns = -1;
    return;
  }
  if (watched.warned_ns < 0) watched.warned_ns = sight.t_ns;
  const std::uint32_t bit = BMS_RULE_BIT(bounds.rule);
  const bool has_tripped = !is_first_ && (sight.protections & ~last_protections_ & bit) != 0;
  if (!has_tripped || (last_warnings_ & bit) != 0) return;
  if (sight.t_ns - watched.warned_ns <= bounds.warning_ns) return;
  const std::string_view name = rule_words()[bounds.rule];
  objections.add("warning-first", std::string(name), [&] {
    return fmt::format("{} trips without a warning, {:.3f} s after the value of that", name,
                       to_seconds(sight.t_ns - watched.warned_ns));
  });
}

void RuleOracle::look(const Sight& sight, Objections& objections) {
  const bool is_scan = sight.scan_ns == sight.t_ns || sight.protections != last_protections_;
  for (Watched& watched : watched_) {
    if (!is_scan && !watched.is_fast) continue;
    const RuleBounds& bounds = watched.bounds;
    judge_truth(sight, watched, objections);
    judge_warning(sight, watched, objections);
    // A comparator is faster than this oracle looks.
    const double value =
        bounds.rule == BMS_RULE_SCD ? sight.peak_A : value_of(bounds.quantity, sight.truth);
    if (bounds.is_beyond(value, bounds.trip, -bounds.tolerance))
      justified_ |= BMS_RULE_BIT(bounds.rule);
  }
  last_protections_ = sight.protections;
  last_warnings_ = sight.warnings;
  is_first_ = false;
}

}  // namespace doppelpack::sim
