// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What can be said of a fault without running it, from nothing but what it does to a whole pack. A new
// fault needs nothing here.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/fault.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// Whether a product has the part that the fault breaks: relays, fuse, breaker, buses, buttons, a bank.
bool is_applicable(const Fault& fault, const Product& product, int packs);

/// It breaks the bus or its wire, which belong to the first pack.
bool is_of_bus(const Fault& fault, const Product& product);

/// 1-based targets in a product: the first, the middle and the last, or the middle one alone; {0} for a
/// fault of the pack as a whole.
std::vector<int> targets_in(const Fault& fault, const Product& product, bool is_everywhere);

/// What the core may say of it: the rules and failures that Fault::found_by names.
struct Mechanisms {
  std::uint32_t rules = 0;
  std::uint64_t failures = 0;
};
Mechanisms mechanisms_of(const Fault& fault);

/// Likewise of what currents have broken in the course of a run: fuse, breaker, relays, MOSFETs.
Mechanisms mechanisms_of_damage(const models::PowerPathState& path);

/// A switch that cannot open, a comparator that does not act, a lamp or memory that is dead: nobody
/// misses it until it is needed.
bool is_means_lost(const Condition& condition);

}  // namespace doppelpack::sim
