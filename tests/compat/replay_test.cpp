// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/replay.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../sim/bench_fixture.hpp"

namespace doppelpack::sim {
namespace {

TimedFrame timed(Time t_ms, std::uint32_t id, std::uint8_t byte) {
  TimedFrame result;
  result.t_ns = t_ms * kMillisecond;
  result.frame.id = id;
  result.frame.dlc = 1;
  result.frame.data[0] = byte;
  return result;
}

CompareRules up_to(Time end_ms, bool is_phase_free = false) {
  CompareRules rules;
  rules.is_phase_free = is_phase_free;
  rules.end_ns = end_ms * kMillisecond;
  return rules;
}

// Three frames of 0x10 and two of 0x20.
const std::vector<TimedFrame> kRow{timed(0, 0x10, 1), timed(500, 0x20, 7), timed(1000, 0x10, 2),
                                   timed(1500, 0x20, 8), timed(2000, 0x10, 3)};

std::vector<TimedFrame> without(std::size_t i) {
  std::vector<TimedFrame> row = kRow;
  row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  return row;
}

TEST(FirstDifference, there_is_none_between_equals_within_the_tolerance) {
  std::vector<TimedFrame> found = kRow;
  for (TimedFrame& frame : found) frame.t_ns += 99 * kMillisecond;
  EXPECT_FALSE(first_difference(kRow, found, up_to(2000)).has_value());
  EXPECT_FALSE(first_difference(kRow, found, up_to(2000, true)).has_value());
}

TEST(FirstDifference, names_a_changed_byte) {
  std::vector<TimedFrame> found = kRow;
  found[2].frame.data[0] = 9;
  found[4].frame.data[0] = 9;
  for (const bool is_phase_free : {false, true}) {
    const auto difference = first_difference(kRow, found, up_to(2000, is_phase_free));
    ASSERT_TRUE(difference.has_value());
    EXPECT_EQ(difference->t_ns, 1000 * kMillisecond);
    EXPECT_EQ(difference->expected, kRow[2]);
    EXPECT_EQ(difference->found, found[2]);
  }
}

TEST(FirstDifference, names_a_frame_that_is_missing) {
  for (std::size_t i = 0; i < kRow.size(); ++i) {
    const auto difference = first_difference(kRow, without(i), up_to(2000));
    ASSERT_TRUE(difference.has_value()) << i;
    EXPECT_EQ(difference->expected, kRow[i]) << i;
    EXPECT_FALSE(difference->found.has_value()) << i;
    EXPECT_TRUE(first_difference(kRow, without(i), up_to(2000, true)).has_value()) << i;
  }
}

TEST(FirstDifference, names_a_frame_that_is_not_in_the_log) {
  for (std::size_t i = 0; i < kRow.size() - 1; ++i) {
    const auto difference = first_difference(without(i), kRow, up_to(2000));
    ASSERT_TRUE(difference.has_value()) << i;
    EXPECT_EQ(difference->found, kRow[i]) << i;
  }
  EXPECT_FALSE(first_difference(without(4), kRow, up_to(1500)).has_value()) << "after its end";
}

TEST(FirstDifference, a_late_frame_differs_by_its_time_or_its_pause) {
  std::vector<TimedFrame> found = kRow;
  found[2].t_ns += 101 * kMillisecond;
  EXPECT_TRUE(first_difference(kRow, found, up_to(2000)).has_value());
  const auto by_pause = first_difference(kRow, found, up_to(2000, true));
  ASSERT_TRUE(by_pause.has_value());
  EXPECT_EQ(by_pause->reason, "came 1.101 s after the one before it, in the log 1.000 s");
}

TEST(FirstDifference, a_clock_of_its_own_may_begin_anywhere) {
  std::vector<TimedFrame> found = kRow;
  for (TimedFrame& frame : found) {
    if (frame.frame.id == 0x20) frame.t_ns += 300 * kMillisecond;
  }
  EXPECT_TRUE(first_difference(kRow, found, up_to(2000)).has_value());
  EXPECT_FALSE(first_difference(kRow, found, up_to(2000, true)).has_value());
}

// ---- logs ----

TEST(Capture, keeps_remarks_and_counts_what_is_no_frame) {
  const Capture capture = parse_capture(
      "# product: generic-16s\n# free words: nothing\n\n(1.0) can0 305#\nrubbish\n(0.5) can1 "
      "351#11\n",
      "a.log");
  ASSERT_EQ(capture.frames.size(), 2U);
  EXPECT_EQ(capture.frames[0].frame.id, 0x351U) << "in the order of their times";
  EXPECT_EQ(capture.frames[0].t_ns, 500 * kMillisecond);
  EXPECT_TRUE(capture.is_since_start);
  ASSERT_EQ(capture.skipped.size(), 1U);
  EXPECT_EQ(capture.skipped[0].line, 5);
  EXPECT_EQ(capture.remarks.size(), 1U);
  EXPECT_EQ(capture.remarks.at("product"), "generic-16s");
}

TEST(Capture, stamps_of_a_clock_are_cut_to_the_first_one) {
  const Capture capture =
      parse_capture("(1700000000.250000) can0 305#\r\n(1700000001.000000) can0 305#\r\n", "a.log");
  EXPECT_FALSE(capture.is_since_start);
  EXPECT_EQ(capture.frames[0].t_ns, 0);
  EXPECT_EQ(capture.frames[1].t_ns, 750 * kMillisecond);
}

TEST(Capture, without_any_frame_is_an_error) {
  EXPECT_THROW(parse_capture("", "a.log"), DataError);
  EXPECT_THROW(parse_capture("# product: x\n", "a.log"), DataError);
}

// ---- replaying ----

// What a bench with a heartbeat and nothing else to do has on its bus.
Capture own_run() {
  Capture capture;
  BenchOptions options;
  options.can_watch = [&](Time t_ns, const can_emulator::CanFrame& frame, bool /*is_from_pack*/) {
    capture.frames.push_back({t_ns, frame});
  };
  Bench bench(test::free_run(0.5), std::move(options));
  bench.run_until(12 * kSecond);
  return capture;
}

TEST(Replay, of_an_own_run_against_the_pack_shows_no_difference) {
  const Capture capture = own_run();
  const ReplayResult result =
      replay_against_pack(capture, test::free_run(0.5, "listener"), kMillisecond);
  EXPECT_GE(result.played, 11U);
  EXPECT_GE(result.expected, 50U);
  EXPECT_FALSE(result.difference.has_value()) << result.difference->reason;
}

TEST(Replay, of_a_run_with_another_state_of_charge_shows_a_difference) {
  const Capture capture = own_run();
  const ReplayResult result =
      replay_against_pack(capture, test::free_run(0.8, "listener"), kMillisecond);
  ASSERT_TRUE(result.difference.has_value());
  EXPECT_TRUE(result.difference->expected.has_value());
}

TEST(Replay, of_an_own_run_against_the_inverter_shows_no_difference_and_what_it_learned) {
  Capture capture = own_run();
  const Scenario scenario = test::free_run();
  const ReplayResult result =
      replay_against_inverter(capture, scenario.product, scenario.inverter, 2 * kMillisecond);
  EXPECT_FALSE(result.difference.has_value()) << result.difference->reason;
  EXPECT_GE(result.expected, 11U);
  EXPECT_FALSE(result.learned.empty());

  capture.remarks["learned"] = "soc=0.5";
  capture.remark_lines["learned"] = 1;
  EXPECT_FALSE(
      replay_against_inverter(capture, scenario.product, scenario.inverter, kMillisecond * 2)
          .difference.has_value());
  capture.remarks["learned"] = "soc=0.6";
  const auto wrong =
      replay_against_inverter(capture, scenario.product, scenario.inverter, kMillisecond * 2)
          .difference;
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->reason, "learned soc: expected 0.6, found 0.5");
}

// Charge controllers, shunts and home automation talk on the same bus.
TEST(Replay, of_a_bus_with_strangers_counts_them_and_compares_the_inverter) {
  Capture capture = own_run();
  const Scenario scenario = test::free_run();
  const std::size_t inverter_frames =
      replay_against_inverter(capture, scenario.product, scenario.inverter, 2 * kMillisecond)
          .expected;
  std::vector<TimedFrame> mixed;
  for (const TimedFrame& ours : capture.frames) {
    mixed.push_back(ours);
    mixed.push_back(timed(ours.t_ns / kMillisecond + 1, 0x521, 1));
  }
  capture.frames = mixed;
  const ReplayResult result =
      replay_against_inverter(capture, scenario.product, scenario.inverter, 2 * kMillisecond);
  EXPECT_FALSE(result.difference.has_value()) << result.difference->reason;
  EXPECT_EQ(result.strangers, mixed.size() / 2);
  EXPECT_EQ(result.expected, inverter_frames);
}

// Victron says its name in 0x307, which the protocol of the battery knows nothing of.
TEST(Replay, compares_the_frames_that_only_this_inverter_sends) {
  Scenario scenario = test::free_run();
  HeartbeatFrame own;
  own.frame.id = 0x307;
  own.frame.dlc = 3;
  scenario.inverter.heartbeat.frames.push_back(own);
  Capture capture = own_run();
  capture.frames.push_back(timed(11'900, 0x307, 0));
  const ReplayResult result =
      replay_against_inverter(capture, scenario.product, scenario.inverter, 2 * kMillisecond);
  EXPECT_EQ(result.strangers, 0U);
  EXPECT_TRUE(result.difference.has_value());
}

TEST(Replay, against_an_inverter_without_heartbeat_misses_it) {
  const Capture capture = own_run();
  Scenario scenario = test::free_run();
  scenario.inverter.heartbeat.is_sent = false;
  const auto difference =
      replay_against_inverter(capture, scenario.product, scenario.inverter, 2 * kMillisecond)
          .difference;
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->reason, "did not come");
  EXPECT_EQ(difference->expected->frame.id, 0x305U);
}

}  // namespace
}  // namespace doppelpack::sim
