// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The rail the BMS lives on: fed by the stack, or by a charger at the terminals, and gone when both
// are too low for longer than its capacitors last.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

struct SupplyRail {
  double dies_below_V = 18.0;  ///< of the feeding voltage (estimate; a 48 V pack is documented with
                               ///< 35 V, most converters work down to 15..20 V)
  double wakes_above_V = 20.0;  ///< above dies_below_V
  double hold_up_s = 0.01;      ///< bridged by its capacitors: longer than a short circuit lasts
  bool is_through_breaker = false;  ///< the breaker of the pack cuts the feed, too
};

struct SupplyRailState {
  bool is_alive = true;
  double low_s = 0.0;  ///< how long the feeding voltage has been too low
};

/// What feeds the rail: the higher one of stack and terminals; nothing behind an open breaker.
double rail_feed_V(const SupplyRail& rail, const Hardware& hardware, const PackState& pack);

/// Advance by dt_s at that voltage.
void step(const SupplyRail& rail, double feed_V, double dt_s, SupplyRailState& state);

}  // namespace doppelpack::models
