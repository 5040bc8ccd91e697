// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What bad wiring of the RS485 does to the pack and to the inverter that polls it.
#include <gtest/gtest.h>

#include <string>

#include "wiring_fixture.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

class Rs485Wiring : public test::Wiring {
 protected:
  Rs485Wiring() : Wiring(free_run(0.5, "hybrid-5k-rs485")) {}
  void SetUp() override {
    start_up(bench_);
    ASSERT_TRUE(is_heard_within(20 * kSecond));
  }
  /// Replies in a minute of 30 polls.
  double replies_of_a_minute() {
    const double before = read(bench_, "rs485_1/from_pack");
    wait(60 * kSecond);
    return read(bench_, "rs485_1/from_pack") - before;
  }
};

TEST_F(Rs485Wiring, without_faults_every_poll_is_answered_and_nothing_is_garbled) {
  EXPECT_EQ(replies_of_a_minute(), 30.0);
  EXPECT_EQ(read(bench_, "rs485_1/garbled"), 0.0);
  EXPECT_EQ(read(bench_, "rs485_1/collisions"), 0.0);
  EXPECT_EQ(read(bench_, "rs485_1/dropped"), 0.0);
}

TEST_F(Rs485Wiring, swapped_wires_carry_garbage_until_they_are_put_right) {
  inject("rs485-swapped");
  ASSERT_TRUE(is_lost_within(20 * kSecond));
  EXPECT_EQ(replies_of_a_minute(), 0.0);
  EXPECT_GT(read(bench_, "rs485_1/garbled"), 100.0);
  bench_.clear("rs485-swapped");
  EXPECT_TRUE(is_heard_within(5 * kSecond));
}

TEST_F(Rs485Wiring, a_wrong_rate_carries_garbage) {
  inject("rs485-wrong-baud", 19200.0);
  ASSERT_TRUE(is_lost_within(20 * kSecond));
  bench_.clear("rs485-wrong-baud");
  EXPECT_TRUE(is_heard_within(5 * kSecond));
}

TEST_F(Rs485Wiring, a_driver_that_does_not_let_go_silences_the_pair) {
  inject("rs485-stuck");
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

TEST_F(Rs485Wiring, a_ground_offset_within_the_receivers_range_does_nothing) {
  inject("rs485-ground-offset", 6.0);
  EXPECT_EQ(replies_of_a_minute(), 30.0);
  inject("rs485-ground-offset", 9.0);
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

TEST_F(Rs485Wiring, misread_bytes_cost_some_exchanges) {
  inject("rs485-byte-errors", 0.01);
  const double replies = replies_of_a_minute();
  EXPECT_GT(replies, 15.0) << "of requests of about 20 bytes";
  EXPECT_LT(replies, 30.0);
}

TEST_F(Rs485Wiring, a_missing_terminator_does_little) {
  inject("rs485-terminator-missing");
  EXPECT_GE(replies_of_a_minute(), 29.0);
}

TEST_F(Rs485Wiring, a_driver_that_lets_go_too_early_makes_replies_useless) {
  inject("rs485-driver-early-off");
  EXPECT_TRUE(is_lost_within(20 * kSecond));
}

TEST_F(Rs485Wiring, a_reply_that_is_a_little_late_is_understood) {
  inject("rs485-late", 0.5);
  EXPECT_EQ(replies_of_a_minute(), 30.0);
  EXPECT_EQ(read(bench_, "inverter1/is_battery_lost"), 0.0);
}

TEST_F(Rs485Wiring, a_cable_pulled_in_the_middle_of_a_reply_loses_it) {
  const double before = read(bench_, "rs485_1/from_pack");
  ASSERT_TRUE(run_until(
      bench_, "rs485_1/from_inverter > " + std::to_string(read(bench_, "rs485_1/from_inverter")),
      5 * kSecond));
  wait(60 * kMillisecond);  // the request has passed, the reply has not
  inject("rs485-unplugged");
  wait(kSecond);
  EXPECT_EQ(read(bench_, "rs485_1/from_pack"), before);
  EXPECT_GT(read(bench_, "rs485_1/dropped"), 0.0);
}

}  // namespace
}  // namespace doppelpack::sim
