// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/supply_rail.hpp"

#include <algorithm>

namespace doppelpack::models {

namespace {

constexpr double kSlack_s = 1e-9;  // rounding of summed steps

}  // namespace

double rail_feed_V(const SupplyRail& rail, const Hardware& hardware, const PackState& pack) {
  const bool is_open = hardware.is_breaker_off || pack.path.breaker.is_tripped;
  return rail.is_through_breaker && is_open ? 0.0 : std::max(pack.stack_V, pack.terminal_V);
}

void step(const SupplyRail& rail, double feed_V, double dt_s, SupplyRailState& state) {
  if (!state.is_alive) {
    state.is_alive = feed_V > rail.wakes_above_V;
    state.low_s = 0.0;
    return;
  }
  state.low_s = feed_V < rail.dies_below_V ? state.low_s + dt_s : 0.0;
  if (state.low_s > rail.hold_up_s + kSlack_s) state.is_alive = false;
}

}  // namespace doppelpack::models
