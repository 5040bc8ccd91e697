// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/release_oracle.hpp"

#include <fmt/format.h>

#include <string>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

bool is_gone(const RuleBounds& bounds, double value, double margin) {
  return bounds.is_above ? value < bounds.release - margin : value > bounds.release + margin;
}

bool is_of_ntcs(RuleQuantity quantity) {
  return quantity == RuleQuantity::hottest || quantity == RuleQuantity::coldest ||
         quantity == RuleQuantity::heat_spread;
}

}  // namespace

// The end of a comparator's cause cannot be seen: what has opened has no current.
ReleaseOracle::ReleaseOracle(const Product& product) {
  for (const RuleBounds& bounds : rule_bounds(product))
    if (bounds.rule != BMS_RULE_SCD) watched_.push_back({bounds});
}

// A reading that is wrong is judged elsewhere. A thermistor that is broken may count as the extreme
// that it seems: it releases nothing.
void ReleaseOracle::look(const Sight& sight, Objections& objections) {
  for (Watched& watched : watched_) {
    const RuleBounds& bounds = watched.bounds;
    const std::uint32_t bit = BMS_RULE_BIT(bounds.rule);
    const bool is_held =
        sight.is_working && !is_blind(sight) &&
        !(sight.is_ntc_invalid && is_of_ntcs(bounds.quantity)) &&
        (sight.protections & ~sight.latched & bit) != 0 &&
        is_gone(bounds, value_of(bounds.quantity, sight.truth), bounds.release_tolerance) &&
        is_gone(bounds, value_of(bounds.quantity, sight.read), 0.0);
    if (!is_held) watched.gone_ns = -1;
    if (is_held && watched.gone_ns < 0) watched.gone_ns = sight.t_ns;
    if (!is_held || sight.t_ns - watched.gone_ns <= bounds.gone_ns) continue;
    const std::string_view name = rule_words()[bounds.rule];
    objections.add("release", std::string(name), [&] {
      return fmt::format("{} stays on, its cause has been gone for {:.3f} s", name,
                         to_seconds(bounds.gone_ns));
    });
  }
}

}  // namespace doppelpack::sim
