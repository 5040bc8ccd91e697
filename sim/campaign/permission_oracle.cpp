// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/permission_oracle.hpp"

#include <fmt/format.h>

#include <string>

#include "sim/oracles/rule_bounds.hpp"

namespace doppelpack::sim {

namespace {

// Permissions are told once a second: within that time they may be behind.
constexpr Time kToldEvery = kSecond;

}  // namespace

void PermissionOracle::look(const Sight& sight, Objections& objections) {
  if (sight.protections != protections_ || sight.failures != failures_)
    opens_ = opened_by(product_->bms, sight);
  protections_ = sight.protections;
  failures_ = sight.failures;
  for (Direction& direction : directions_) {
    const bool is_charge = direction.opens == BMS_OPENS_CHARGE;
    const bool is_driven = is_charge ? sight.charge_gate : sight.discharge_gate;
    const bool is_allowed = is_charge ? sight.is_charge_allowed : sight.is_discharge_allowed;
    const bool is_shut = !is_driven || (opens_ & direction.opens) != 0;
    if (!sight.is_working || !is_allowed || !is_shut) {
      direction.since_ns = -1;
      continue;
    }
    if (direction.since_ns < 0) direction.since_ns = sight.t_ns;
    if (sight.t_ns - direction.since_ns <= kToldEvery) continue;
    objections.add("permission", direction.name, [&] {
      return fmt::format("{} is allowed on the buses although {}", direction.name,
                         is_driven ? "an alarm opens it" : "its gate is open");
    });
  }
}

}  // namespace doppelpack::sim
