// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What bad wiring of the CAN does to the pack and to the inverter that listens to it.
#include <gtest/gtest.h>

#include "wiring_fixture.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

class CanWiring : public test::Wiring {
 protected:
  CanWiring() : Wiring(free_run()) {}
  void SetUp() override {
    start_up(bench_);
    ASSERT_EQ(read(bench_, "inverter1/is_battery_lost"), 0.0);
    ASSERT_EQ(read(bench_, "can1/errors"), 0.0);
  }
};

TEST_F(CanWiring, without_company_the_pack_keeps_trying_and_is_passive) {
  inject("can-unplugged");
  wait(15 * kSecond);
  EXPECT_EQ(read(bench_, "can1/is_passive"), 1.0);
  EXPECT_EQ(read(bench_, "can1/is_bus_off"), 0.0);
  EXPECT_EQ(read(bench_, "can1/tec"), 128.0);
  EXPECT_GT(read(bench_, "can1/dropped"), 0.0) << "its mailboxes are full";
  bench_.clear("can-unplugged");
  wait(kSecond);
  EXPECT_EQ(read(bench_, "can1/is_passive"), 0.0);
}

TEST_F(CanWiring, a_short_circuit_switches_the_pack_off_until_it_is_gone) {
  inject("can-shorted");
  ASSERT_TRUE(is_lost_within(20 * kSecond));
  EXPECT_TRUE(run_until(bench_, "can1/is_bus_off == yes", 2 * kSecond));
  bench_.clear("can-shorted");
  EXPECT_TRUE(is_heard_within(3 * kSecond));
}

TEST_F(CanWiring, a_bus_held_dominant_carries_nothing) {
  inject("can-stuck-dominant");
  EXPECT_TRUE(is_lost_within(20 * kSecond));
  bench_.clear("can-stuck-dominant");
  EXPECT_TRUE(is_heard_within(3 * kSecond));
}

TEST_F(CanWiring, swapped_wires_carry_nothing) {
  inject("can-swapped");
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

TEST_F(CanWiring, a_wrong_bit_rate_carries_nothing_and_makes_errors) {
  inject("can-wrong-bit-rate", 250e3);
  EXPECT_TRUE(is_lost_within(20 * kSecond));
  EXPECT_GT(read(bench_, "can1/errors"), 10.0);
}

TEST_F(CanWiring, one_missing_terminator_does_little_and_both_do_much) {
  inject("can-terminator-missing", {}, "first");
  wait(20 * kSecond);
  EXPECT_EQ(read(bench_, "inverter1/is_battery_lost"), 0.0);
  inject("can-terminator-missing", {}, "second");
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

TEST_F(CanWiring, bit_errors_are_repaired_by_repeating) {
  const double sent_before = read(bench_, "can1/from_pack");
  inject("can-bit-errors", 0.001);
  wait(20 * kSecond);
  EXPECT_GT(read(bench_, "can1/errors"), 3.0);
  EXPECT_EQ(read(bench_, "can1/from_pack") - sent_before, 120.0) << "six frames, once a second";
}

TEST_F(CanWiring, a_babbling_node_loads_the_bus_and_silences_the_others) {
  wait(2 * kSecond);
  EXPECT_GT(read(bench_, "can1/load"), 0.001);
  EXPECT_LT(read(bench_, "can1/load"), 0.01);
  inject("can-babbling-node");
  ASSERT_TRUE(is_lost_within(20 * kSecond));
  EXPECT_GT(read(bench_, "can1/load"), 0.99);
}

TEST_F(CanWiring, a_ground_offset_beyond_the_common_mode_range_carries_nothing) {
  inject("can-ground-offset", 4.0);
  wait(15 * kSecond);
  EXPECT_EQ(read(bench_, "inverter1/is_battery_lost"), 0.0);
  bench_.clear("can-ground-offset");
  inject("can-ground-offset", -12.0);
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

}  // namespace
}  // namespace doppelpack::sim
