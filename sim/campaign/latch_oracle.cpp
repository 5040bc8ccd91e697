// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/latch_oracle.hpp"

#include <fmt/format.h>

#include <string>

#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

// bms/config/rules.h: the service gesture, and the time without a trip that forgives. A core may see
// either a little earlier than this oracle does.
constexpr Time kService = 9900 * kMillisecond;
constexpr Time kForgive = 59 * kSecond;

}  // namespace

LatchOracle::LatchOracle(const Product& product)
    : product_(&product),
      telling_ns_(2 * product.sampling.current_period_ns + product.sampling.task_delay_ns) {}

bool LatchOracle::may_clear(std::uint8_t latch, const Sight& sight) const {
  switch (latch) {
    case BMS_LATCH_BUTTON:
      return sight.is_reset || last_.is_reset;
    case BMS_LATCH_REPAIR:
      return pressed_ns_ >= 0 && sight.t_ns - pressed_ns_ >= kService;
    default:
      return false;
  }
}

void LatchOracle::judge_cleared(const Sight& sight, Objections& objections) const {
  const std::uint32_t cleared = last_.latched & ~sight.latched;
  for (std::size_t rule = 0; cleared != 0 && rule < rules_.size(); ++rule) {
    if ((cleared & BMS_RULE_BIT(rule)) == 0) continue;
    if (may_clear(product_->bms.rules[rule].latch, sight)) continue;
    const std::string_view name = rule_words()[rule];
    objections.add("latch", std::string(name), [&] {
      return fmt::format("the latch of {} goes although nothing has happened that clears it", name);
    });
  }
}

void LatchOracle::judge_missing(const Sight& sight, Objections& objections) const {
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    const Counted& counted = rules_[rule];
    const bool is_due = counted.latched_ns >= 0 && sight.t_ns > counted.latched_ns;
    if (!is_due || (sight.latched & BMS_RULE_BIT(rule)) != 0) continue;
    const std::string_view name = rule_words()[rule];
    objections.add("latch", std::string(name), [&] {
      return fmt::format("{} is not latched, {} retries are used up", name,
                         product_->bms.rules[rule].max_retries);
    });
  }
}

void LatchOracle::count(const Sight& sight) {
  const std::uint32_t changed = last_.protections ^ sight.protections;
  for (std::size_t rule = 0; changed != 0 && rule < rules_.size(); ++rule) {
    if ((changed & BMS_RULE_BIT(rule)) == 0) continue;
    Counted& counted = rules_[rule];
    if ((sight.protections & BMS_RULE_BIT(rule)) == 0) {
      counted.quiet_ns = sight.t_ns;
      counted.latched_ns = -1;
      continue;
    }
    const bool is_forgiven = counted.quiet_ns >= 0 && sight.t_ns - counted.quiet_ns >= kForgive;
    counted.trips = is_forgiven ? 1 : counted.trips + 1;
    const std::uint8_t retries = product_->bms.rules[rule].max_retries;
    if (retries != BMS_RETRY_FOREVER && counted.trips > retries)
      counted.latched_ns = sight.t_ns + telling_ns_;
  }
}

// What clears a latch lets the rule count anew; a core without supply has forgotten.
void LatchOracle::forget(const Sight& sight, bool is_anew) {
  if (!sight.is_reset) pressed_ns_ = -1;
  if (sight.is_reset && pressed_ns_ < 0) pressed_ns_ = sight.t_ns;
  if (is_anew || sight.is_reset) rules_.fill({});
}

void LatchOracle::look(const Sight& sight, Objections& objections) {
  const bool is_anew = is_first_ || !sight.is_alive || !sight.is_working || !last_.is_working ||
                       sight.uptime_ms < last_.uptime_ms;
  forget(sight, is_anew);
  if (!is_anew) {
    judge_cleared(sight, objections);
    if (!sight.is_reset) count(sight);
    judge_missing(sight, objections);
  }
  last_ = sight;
  is_first_ = false;
}

}  // namespace doppelpack::sim
