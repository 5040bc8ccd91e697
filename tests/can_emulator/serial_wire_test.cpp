// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/serial_wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace doppelpack::can_emulator {
namespace {

constexpr std::int64_t kMs = 1'000'000;
const Bytes kText(20, std::uint8_t{0x55});

class Pair {
 public:
  explicit Pair(std::size_t nodes)
      : design_{std::vector<SerialFormat>(nodes), draw}, state(make_serial_wire(design_)) {}

  bool drive(std::size_t node, const Bytes& bytes, std::int64_t t_ns) {
    return can_emulator::drive(design_, state, node, bytes, t_ns);
  }
  /// All that a node has received by t_ns.
  Bytes heard_by(std::size_t node, std::int64_t t_ns) {
    while (auto delivery = advance(design_, state, t_ns))
      delivered_.push_back(std::move(*delivery));
    Bytes all;
    for (const SerialDelivery& each : delivered_) all += each.received[node];
    return all;
  }

 private:
  static double draw(std::uint64_t n) {
    return static_cast<double>((n + 1) * 0x9E3779B97F4A7C15U >> 11U) * 0x1p-53;
  }
  SerialWireDesign design_;
  std::vector<SerialDelivery> delivered_;

 public:
  SerialWireState state;
};

TEST(SerialWire, takes_ten_bits_for_a_byte_and_eleven_with_parity) {
  EXPECT_EQ(duration_ns({9600, Parity::none}, 96), 100 * kMs);
  EXPECT_EQ(duration_ns({9600, Parity::even}, 96), 110 * kMs);
  EXPECT_EQ(duration_ns({}, 0), 0);
  EXPECT_EQ(duration_ns({}, 116), 120'833'333);  // a 0x61 reply, measured 120.8 ms by SIG
  EXPECT_EQ(duration_ns({}, 36), 37'500'000);    // a 0x63 reply, measured 37.5 ms by SIG
  EXPECT_EQ(duration_ns({115'200, Parity::none}, 1), 86'806);
}

TEST(SerialWire, keeps_no_more_waiting_than_a_driver_holds) {
  Pair pair(2);
  EXPECT_TRUE(pair.drive(0, kText, 0));
  EXPECT_FALSE(pair.drive(0, Bytes(kSerialDriverBuffer, std::uint8_t{0x55}), 0));
  EXPECT_TRUE(pair.drive(0, Bytes(kSerialDriverBuffer - kText.size(), std::uint8_t{0x55}), 0));
  EXPECT_FALSE(pair.drive(0, kText, 0));
  EXPECT_TRUE(pair.drive(1, kText, 0));
  pair.heard_by(1, 20'000 * kMs);
  EXPECT_TRUE(pair.drive(0, kText, 20'000 * kMs));
}

TEST(SerialWire, starts_later_behind_a_slow_converter) {
  Pair pair(2);
  pair.state.plugs[0].delay_ns = 30 * kMs;
  pair.drive(0, kText, 5 * kMs);
  const std::int64_t end_ns = 35 * kMs + duration_ns({}, kText.size());
  EXPECT_TRUE(pair.heard_by(1, end_ns - 1).empty());
  EXPECT_EQ(pair.heard_by(1, end_ns), kText);
}

TEST(SerialWire, loses_the_end_of_what_a_driver_lets_go_of_too_early) {
  Pair pair(2);
  pair.state.plugs[0].lost_tail_bytes = 3;
  pair.drive(0, kText, 0);
  EXPECT_EQ(pair.heard_by(1, kMs * 1000).size(), kText.size() - 3);
  pair.state.plugs[0].lost_tail_bytes = 100;
  pair.drive(0, kText, kMs * 1000);
  EXPECT_EQ(pair.heard_by(1, kMs * 2000).size(), kText.size() - 3 + 1) << "the first byte is out";
}

TEST(SerialWire, knows_whether_others_talk) {
  Pair pair(2);
  pair.drive(0, kText, 0);
  EXPECT_TRUE(is_driven_by_others(pair.state, 1));
  EXPECT_FALSE(is_driven_by_others(pair.state, 0));
  pair.heard_by(1, duration_ns({}, kText.size()));
  EXPECT_FALSE(is_driven_by_others(pair.state, 1));
}

TEST(SerialWire, brings_a_burst_to_all_others_when_its_last_bit_has_passed) {
  Pair pair(3);
  pair.drive(0, kText, 5 * kMs);
  const std::int64_t end_ns = 5 * kMs + duration_ns({}, kText.size());
  EXPECT_EQ(next_event_ns(pair.state), end_ns);
  EXPECT_TRUE(pair.heard_by(1, end_ns - 1).empty());
  EXPECT_EQ(pair.heard_by(1, end_ns), kText);
  EXPECT_EQ(pair.heard_by(2, end_ns), kText);
  EXPECT_TRUE(pair.heard_by(0, end_ns).empty());
}

TEST(SerialWire, lets_one_node_go_on_where_it_stopped) {
  Pair pair(2);
  pair.drive(0, kText, 0);
  const Bytes more{1, 2, 3};
  pair.drive(0, more, kMs);
  EXPECT_EQ(pair.heard_by(1, 100 * kMs), kText + more);
  EXPECT_EQ(pair.state.collisions, 0U);
}

TEST(SerialWire, garbles_what_two_say_at_once_and_nothing_else) {
  Pair pair(3);
  const std::int64_t byte_ns = duration_ns({}, 1);
  pair.drive(0, kText, 0);
  pair.drive(1, kText, 15 * byte_ns);  // five bytes of each meet
  const Bytes heard = pair.heard_by(2, 100 * kMs);
  ASSERT_EQ(heard.size(), 40U);
  EXPECT_EQ(heard.substr(0, 14), Bytes(14, std::uint8_t{0x55}));
  EXPECT_NE(heard.substr(15, 5), Bytes(5, std::uint8_t{0x55}));
  EXPECT_NE(heard.substr(20, 5), Bytes(5, std::uint8_t{0x55}));
  EXPECT_EQ(heard.substr(26), Bytes(14, std::uint8_t{0x55}));
  EXPECT_EQ(pair.state.collisions, 1U);
}

TEST(SerialWire, makes_no_sense_at_another_baud_or_parity_or_upside_down) {
  Pair pair(5);
  pair.state.plugs[1].format = SerialFormat{19200, Parity::none};
  pair.state.plugs[2].format = SerialFormat{9600, Parity::even};
  pair.state.plugs[3].is_swapped = true;
  pair.drive(0, kText, 0);
  EXPECT_EQ(pair.heard_by(1, 100 * kMs).size(), 2 * kText.size());
  for (const std::size_t node : {1U, 2U, 3U}) EXPECT_NE(pair.heard_by(node, 100 * kMs), kText);
  EXPECT_EQ(pair.heard_by(4, 100 * kMs), kText);
}

TEST(SerialWire, works_between_two_that_are_both_upside_down) {
  Pair pair(2);
  pair.state.plugs[0].is_swapped = true;
  pair.state.plugs[1].is_swapped = true;
  pair.drive(0, kText, 0);
  EXPECT_EQ(pair.heard_by(1, 100 * kMs), kText);
}

TEST(SerialWire, ends_at_a_pulled_plug) {
  Pair pair(3);
  pair.state.plugs[0].is_connected = false;
  pair.drive(0, kText, 0);
  pair.state.plugs[1].is_connected = false;
  pair.drive(2, kText, 0);
  EXPECT_TRUE(pair.heard_by(1, 100 * kMs).empty());
  EXPECT_TRUE(pair.heard_by(2, 100 * kMs).empty());
}

TEST(SerialWire, misreads_bytes_as_often_as_its_faults_say) {
  Pair pair(2);
  pair.state.wire.byte_error_rate = 0.01;
  const Bytes much(8'000, std::uint8_t{0x55});
  pair.drive(0, much, 0);
  const Bytes heard = pair.heard_by(1, 100'000 * kMs);
  const auto wrong = std::count_if(heard.begin(), heard.end(), [](auto b) { return b != 0x55; });
  EXPECT_GT(wrong, 50);
  EXPECT_LT(wrong, 110);
}

TEST(SerialWire, carries_nothing_that_means_anything_while_it_is_stuck) {
  Pair pair(2);
  pair.state.wire.is_stuck = true;
  pair.drive(0, kText, 0);
  EXPECT_NE(pair.heard_by(1, 100 * kMs), kText);
  EXPECT_EQ(pair.state.garbled, kText.size());
}

TEST(SerialWire, bears_a_ground_offset_within_the_common_mode_range_only) {
  Pair pair(2);
  pair.state.plugs[1].ground_offset_V = 6.9;
  pair.drive(0, kText, 0);
  EXPECT_EQ(pair.heard_by(1, 100 * kMs), kText);
  pair.state.plugs[1].ground_offset_V = 12.0;
  pair.drive(0, kText, 100 * kMs);
  EXPECT_NE(pair.heard_by(1, 200 * kMs), kText + kText);
}

}  // namespace
}  // namespace doppelpack::can_emulator
