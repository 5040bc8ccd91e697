// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is kept of buses and events is bounded, and what was handed out does not change.

#include <gtest/gtest.h>

#include <string>

#include "../../sim/http/bus_tap.hpp"
#include "../../sim/http/event_tap.hpp"
#include "../../sim/http/mailbox.hpp"
#include "../../sim/http/run_clock.hpp"

namespace doppelpack::http {
namespace {

using sim::kMillisecond;
using sim::kSecond;
using std::chrono::milliseconds;

can_emulator::CanFrame frame(std::uint32_t id, std::uint8_t first = 0) {
  return {id, false, false, 1, {first}};
}

TEST(BusTap, has_one_row_for_each_identifier_and_direction) {
  BusTap tap;
  tap.hear(100, frame(0x356, 1), true);
  tap.hear(150, frame(0x351), true);
  tap.hear(300, frame(0x356, 2), true);
  tap.hear(400, frame(0x356, 3), false);
  const auto traffic = tap.traffic();
  ASSERT_EQ(traffic->can.size(), 3U);
  EXPECT_EQ(traffic->can[0].frame.id, 0x351U);
  EXPECT_FALSE(traffic->can[1].is_from_pack);
  EXPECT_EQ(traffic->can[2].frame.data[0], 2);
  EXPECT_EQ(traffic->can[2].count, 2U);
  EXPECT_EQ(traffic->can[2].period_ns, 200);
}

TEST(BusTap, counts_what_it_has_no_row_for) {
  BusTap tap;
  for (std::uint32_t id = 0; id < 100; ++id) tap.hear(id, frame(id), true);
  EXPECT_EQ(tap.traffic()->can.size(), BusTap::kMostRows);
  EXPECT_EQ(tap.traffic()->unlisted, 100U - BusTap::kMostRows);
}

TEST(BusTap, keeps_the_last_bursts_and_cuts_long_ones) {
  BusTap tap;
  const can_emulator::Bytes burst(5000, 0x7E);
  for (int i = 0; i < 100; ++i) tap.hear(i, sim::Direction::to_pack, burst);
  const auto traffic = tap.traffic();
  ASSERT_EQ(traffic->serial.size(), BusTap::kMostBursts);
  EXPECT_EQ(traffic->serial.back().number, 100U);
  EXPECT_EQ(traffic->serial.back().bytes.size(), BusTap::kLongestBurst);
  EXPECT_EQ(traffic->serial.back().length, 5000U);
}

TEST(BusTap, what_was_handed_out_stays) {
  BusTap tap;
  tap.hear(1, frame(0x351), true);
  const auto before = tap.traffic();
  EXPECT_EQ(tap.traffic(), before);
  tap.hear(2, frame(0x351), true);
  EXPECT_NE(tap.traffic(), before);
  EXPECT_EQ(before->can[0].count, 1U);
}

TEST(EventTap, keeps_the_end_of_the_log) {
  sim::EventLog log;
  EventTap tap;
  for (int i = 0; i < 1000; ++i) log.add(i * kSecond, "note", {{"text", std::to_string(i)}});
  const auto tail = tap.look(log);
  EXPECT_EQ(tail->count, 1000U);
  ASSERT_EQ(tail->lines.size(), EventTap::kMostLines);
  EXPECT_EQ(*tail->lines.back().json, R"({"number":1000,"t_s":999.0,"event":"note","text":"999"})");
  EXPECT_EQ(tap.look(log), tail);
}

TEST(EventTap, knows_the_active_faults) {
  sim::EventLog log;
  EventTap tap;
  const auto inject = [&](const char* id) {
    log.add(kSecond, "fault",
            {{"id", std::string(id)},
             {"fault", std::string("ntc-open")},
             {"pack", std::int64_t{2}},
             {"target", std::int64_t{3}},
             {"severity", 0.0},
             {"is_active", true}});
  };
  inject("a");
  inject("b");
  inject("a");
  EXPECT_EQ(tap.look(log)->faults.size(), 2U);
  log.add(2 * kSecond, "fault", {{"id", std::string("b")}, {"is_active", false}});
  ASSERT_EQ(tap.look(log)->faults.size(), 1U);
  EXPECT_EQ(tap.look(log)->faults[0].id, "a");
  EXPECT_EQ(tap.look(log)->faults[0].pack, 2);
  EXPECT_EQ(tap.look(log)->faults[0].target, 3);
}

TEST(Mailbox, hands_over_in_order_and_is_bounded) {
  Mailbox mailbox;
  for (std::size_t i = 0; i < Mailbox::kCapacity; ++i)
    EXPECT_TRUE(mailbox.post(Clear{std::to_string(i)}));
  EXPECT_FALSE(mailbox.post(Clear{"too many"}));
  EXPECT_EQ(std::get<Clear>(mailbox.take()->command).id, "0");
  EXPECT_TRUE(mailbox.post(Clear{"now there is room"}));
}

TEST(RunClock, slices_grow_to_what_the_speed_allows) {
  RunClock clock(2.0);
  for (int i = 0; i < 50; ++i) clock.note(clock.slice_ns(), milliseconds(1));
  EXPECT_EQ(clock.slice_ns(), 50 * kMillisecond);
}

TEST(RunClock, slices_shrink_on_a_slow_machine) {
  RunClock clock(1000.0);
  for (int i = 0; i < 50; ++i) clock.note(clock.slice_ns(), milliseconds(1));
  const sim::Time fast = clock.slice_ns();
  clock.note(fast, milliseconds(2500));
  EXPECT_LE(clock.slice_ns(), fast / 50);
}

TEST(RunClock, lag_adds_up_and_is_caught_up) {
  RunClock clock(1.0);
  clock.note(25 * kMillisecond, milliseconds(40));
  EXPECT_NEAR(clock.timing().lag_ms, 15.0, 1e-9);
  EXPECT_EQ(clock.timing().late_slices, 1U);
  clock.note(25 * kMillisecond, milliseconds(12));
  EXPECT_NEAR(clock.timing().lag_ms, 2.0, 1e-9);
  EXPECT_NEAR(clock.timing().worst_lag_ms, 15.0, 1e-9);
}

TEST(RunClock, a_long_lag_is_given_up_and_counted) {
  RunClock clock(1.0);
  clock.note(25 * kMillisecond, milliseconds(1025));
  EXPECT_EQ(clock.timing().slips, 1U);
  EXPECT_EQ(clock.timing().lag_ms, 0.0);
  clock.set_speed(2.0);
  EXPECT_EQ(clock.timing().slips, 0U);
}

}  // namespace
}  // namespace doppelpack::http
