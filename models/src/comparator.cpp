// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/comparator.hpp"

namespace doppelpack::models {

namespace {

constexpr double kSlow_s = 5e-3;
constexpr double kClose = 0.9;

bool is_counting(const ComparatorState& state) {
  return state.over_s > 0.0 && !state.is_latched;
}

bool needs_transient(const ComparatorParameters& parameters, double reading_A,
                     const ComparatorState& state) {
  if (!(parameters.threshold_A > 0.0) || state.is_latched) return false;
  const double share = parameters.delay_s < kSlow_s ? kClose : 1.0;
  return reading_A > share * parameters.threshold_A;
}

}  // namespace

bool is_counting(const ComparatorBankState& state) {
  return is_counting(state.scd) || is_counting(state.ocd) || is_counting(state.occ);
}

bool needs_transient(const ComparatorBank& bank, double reading_A,
                     const ComparatorBankState& state) {
  return needs_transient(bank.scd, -reading_A, state.scd) ||
         needs_transient(bank.ocd, -reading_A, state.ocd) ||
         needs_transient(bank.occ, reading_A, state.occ);
}

}  // namespace doppelpack::models
