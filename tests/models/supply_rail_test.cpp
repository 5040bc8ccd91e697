// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/supply_rail.hpp"

#include <gtest/gtest.h>

namespace doppelpack::models {

namespace {

constexpr SupplyRail kRail{18.0, 20.0, 0.01};

TEST(SupplyRail, is_fed_by_the_higher_one_of_stack_and_terminals) {
  PackState pack;
  pack.stack_V = 15.0;
  pack.terminal_V = 52.0;
  EXPECT_EQ(rail_feed_V({}, {}, pack), 52.0);
  pack.terminal_V = 0.0;
  EXPECT_EQ(rail_feed_V({}, {}, pack), 15.0);
}

TEST(SupplyRail, goes_through_the_breaker_only_where_it_is_wired_so) {
  SupplyRail rail;
  Hardware hardware;
  PackState pack;
  pack.stack_V = 50.0;
  hardware.is_breaker_off = true;
  EXPECT_EQ(rail_feed_V(rail, hardware, pack), 50.0);
  rail.is_through_breaker = true;
  EXPECT_EQ(rail_feed_V(rail, hardware, pack), 0.0);
  hardware.is_breaker_off = false;
  EXPECT_EQ(rail_feed_V(rail, hardware, pack), 50.0);
  pack.path.breaker.is_tripped = true;
  EXPECT_EQ(rail_feed_V(rail, hardware, pack), 0.0);
}

TEST(SupplyRail, dies_when_its_capacitors_are_empty_and_not_before) {
  SupplyRailState state;
  for (int i = 0; i < 10; ++i) step(kRail, 17.9, 0.001, state);
  EXPECT_TRUE(state.is_alive);
  step(kRail, 18.0, 0.001, state);  // a break: they charge up again
  for (int i = 0; i < 10; ++i) step(kRail, 17.9, 0.001, state);
  EXPECT_TRUE(state.is_alive);
  step(kRail, 17.9, 0.001, state);
  EXPECT_FALSE(state.is_alive);
}

TEST(SupplyRail, wakes_above_a_higher_voltage_and_is_fresh_then) {
  SupplyRailState state;
  step(kRail, 0.0, 1.0, state);
  step(kRail, 20.0, 1.0, state);
  EXPECT_FALSE(state.is_alive);
  step(kRail, 20.1, 0.001, state);
  EXPECT_TRUE(state.is_alive);
  step(kRail, 17.0, 0.005, state);
  EXPECT_TRUE(state.is_alive);
}

}  // namespace

}  // namespace doppelpack::models
