// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/path_oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "load/bms_words.hpp"
#include "sim/oracles/rule_bounds.hpp"
#include "sim/oracles/rule_oracle.hpp"

namespace doppelpack::sim {

namespace {

// A gate that is closed for the other direction (bms/src/gates.c) opens with the first sample of
// this one; the current reads late by the lag of its amplifier.
constexpr Time kReversal = 5 * kMillisecond;

}  // namespace

PathOracle::PathOracle(const Product& product)
    : product_(&product),
      actuator_ns_(2 * product.sampling.current_period_ns + product.sampling.task_delay_ns),
      directions_{{{"charge", BMS_OPENS_CHARGE}, {"discharge", BMS_OPENS_DISCHARGE}}} {
  tripped_ns_.fill(-1);
}

void PathOracle::judge_direction(const Sight& sight, bool is_blocked, bool is_flowing,
                                 Direction& direction, Objections& objections) const {
  if (!is_blocked) direction.has_stopped = false;
  if (!is_blocked) direction.blocked_ns = -1;
  if (is_blocked && direction.blocked_ns < 0) direction.blocked_ns = sight.t_ns;
  if (!is_flowing) {
    direction.flowing_ns = -1;
    if (is_blocked) direction.has_stopped = true;
    return;
  }
  if (direction.flowing_ns < 0) direction.flowing_ns = sight.t_ns;
  if (!is_blocked || sight.t_ns - direction.blocked_ns <= actuator_ns_ ||
      sight.t_ns - direction.flowing_ns <= kReversal)
    return;
  const bool is_again = direction.has_stopped;
  objections.add(is_again ? "stays-open" : "reaction", direction.name, [&] {
    return fmt::format("{:.1f} A of {} flow {} an alarm has opened it", sight.truth.current_A,
                       direction.name, is_again ? "again although" : "although");
  });
}

// Its gate may close for current the other way, which has to be there: its diode would burn.
void PathOracle::judge_gate(const Sight& sight, bool is_driven, Direction& direction,
                            Objections& objections) const {
  const double sign = direction.opens == BMS_OPENS_CHARGE ? -1.0 : 1.0;
  const double reverse_A = std::max(sign * sight.truth.current_A, sign * sight.read.current_A);
  if (reverse_A > product_->bms.idle_current_mA / 1000.0) direction.reversed_ns = sight.t_ns;
  if (direction.blocked_ns < 0 || !is_driven) direction.has_opened = direction.blocked_ns >= 0;
  const Time since_ns = std::max(direction.blocked_ns, direction.reversed_ns);
  if (direction.blocked_ns < 0 || !is_driven || sight.t_ns - since_ns <= actuator_ns_ + kReversal)
    return;
  const bool is_again = direction.has_opened;
  objections.add(is_again ? "stays-open" : "reaction", std::string(direction.name) + " gate", [&] {
    return fmt::format("the {} gate is driven {} an alarm has opened it, and no current asks",
                       direction.name, is_again ? "again although" : "although");
  });
}

void PathOracle::judge_gates(const Sight& sight, Objections& objections) const {
  for (const Direction& direction : directions_)
    if (direction.blocked_ns < 0 || sight.t_ns - direction.blocked_ns <= actuator_ns_) return;
  if (sight.charge_gate || sight.discharge_gate)
    objections.add("stays-open", "gates",
                   [] { return std::string("a gate is driven although alarms open both"); });
}

void PathOracle::judge_releases(const Sight& sight, Objections& objections) const {
  const std::uint32_t cleared = last_.protections & ~sight.protections;
  for (int rule = 0; cleared != 0 && rule < BMS_RULE_COUNT; ++rule) {
    if ((cleared & BMS_RULE_BIT(rule)) == 0) continue;
    const auto name = std::string(rule_words()[static_cast<std::size_t>(rule)]);
    const Time active_ns = sight.t_ns - tripped_ns_[static_cast<std::size_t>(rule)];
    const Time least_ns =
        from_ms(product_->bms.rules[rule].protection.release_delay_ms) - actuator_ns_;
    if (tripped_ns_[static_cast<std::size_t>(rule)] >= 0 && active_ns < least_ns)
      objections.add("stays-open", name, [&] {
        return fmt::format("{} is released after {:.3f} s, {:.3f} s at least are promised", name,
                           to_seconds(active_ns), to_seconds(least_ns));
      });
    if ((last_.latched & BMS_RULE_BIT(rule)) != 0)
      objections.add("stays-open", name + " latch",
                     [&] { return fmt::format("{} was latched and clears by itself", name); });
  }
  const std::uint64_t ended = last_.failures & ~sight.failures;
  for (int failure = 0; ended != 0 && failure < BMS_FAILURE_COUNT; ++failure) {
    if ((ended & BMS_FAILURE_BIT(failure)) == 0 || !product_->bms.failures[failure].is_latched)
      continue;
    const auto name = std::string(failure_words()[static_cast<std::size_t>(failure)]);
    objections.add("stays-open", name,
                   [&] { return fmt::format("{} is latched and clears by itself", name); });
  }
}

void PathOracle::remember(const Sight& sight, bool is_anew) {
  const std::uint32_t old = is_anew ? sight.protections : last_.protections;
  for (std::size_t rule = 0; rule < tripped_ns_.size(); ++rule) {
    const bool is_active = (sight.protections & BMS_RULE_BIT(rule)) != 0;
    const bool was_active = (old & BMS_RULE_BIT(rule)) != 0;
    if (is_active && !was_active) tripped_ns_[rule] = sight.t_ns;
    if (!is_active || is_anew) tripped_ns_[rule] = -1;
  }
}

// A core without supply has forgotten; RESET and a new start clear latches.
void PathOracle::look(const Sight& sight, Objections& objections) {
  const bool is_anew = is_first_ || !sight.is_alive || !sight.is_working || sight.is_reset ||
                       sight.uptime_ms < last_.uptime_ms || !last_.is_working;
  const bool has_changed =
      is_anew || sight.protections != last_.protections || sight.failures != last_.failures;
  if (has_changed) opens_ = opened_by(product_->bms, sight);
  const std::uint8_t opens = sight.is_working ? opens_ : std::uint8_t{0};
  const double least_A = flow_A(*product_);
  for (Direction& direction : directions_) {
    const double flows_A =
        direction.opens == BMS_OPENS_CHARGE ? sight.truth.current_A : -sight.truth.current_A;
    judge_direction(sight, (opens & direction.opens) != 0, flows_A > least_A, direction,
                    objections);
    judge_gate(sight,
               direction.opens == BMS_OPENS_CHARGE ? sight.charge_gate : sight.discharge_gate,
               direction, objections);
  }
  judge_gates(sight, objections);
  if (has_changed && !is_anew) judge_releases(sight, objections);
  if (has_changed) remember(sight, is_anew);
  last_ = sight;
  is_first_ = false;
}

}  // namespace doppelpack::sim
