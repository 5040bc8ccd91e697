// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/can_gateway.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace doppelpack::can_emulator {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

/// Lets frames 0, 1, 2... with 8 bytes enter, one each second, and keeps what leaves.
class GatewayBench {
 public:
  CanGateway gateway;
  CanGatewayState state;
  struct Passed {
    std::int64_t t_ns;
    CanFrame frame;
  };
  std::vector<Passed> passed;

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      look(now_ns_);
      CanFrame frame;
      frame.id = next_id_++;
      frame.dlc = 8;
      frame.data.fill(0xFF);
      EXPECT_TRUE(enter(gateway, draw, state, frame, now_ns_));
      look(now_ns_);
      now_ns_ += kSecond_ns;
    }
    look(now_ns_);
  }
  std::vector<std::uint32_t> ids() const {
    std::vector<std::uint32_t> all;
    for (const Passed& each : passed) all.push_back(each.frame.id);
    return all;
  }
  static double draw(std::uint64_t n) {
    return static_cast<double>((n + 1) * 0x9E3779B97F4A7C15U >> 11U) * 0x1p-53;
  }

 private:
  void look(std::int64_t t_ns) {
    while (next_event_ns(state) <= t_ns) {
      const std::int64_t due_ns = next_event_ns(state);
      const auto frame = leave(state, t_ns);
      ASSERT_TRUE(frame.has_value());
      passed.push_back({due_ns, *frame});
    }
  }
  std::int64_t now_ns_ = 0;
  std::uint32_t next_id_ = 0;
};

using Ids = std::vector<std::uint32_t>;

TEST(CanGateway, is_transparent_as_built_and_until_the_last_frame_has_left) {
  CanGatewayState state;
  EXPECT_TRUE(is_transparent({}, state));
  EXPECT_FALSE(is_transparent({1, 0, 0, 0}, state));
  enter({5, 0, 0, 0}, GatewayBench::draw, state, {}, 0);
  EXPECT_FALSE(is_transparent({}, state));
  EXPECT_FALSE(leave(state, 4).has_value());
  EXPECT_TRUE(leave(state, 5).has_value());
  EXPECT_TRUE(is_transparent({}, state));
}

TEST(CanGateway, hands_on_late_what_is_delayed_and_never_out_of_order) {
  GatewayBench bench;
  bench.gateway.delay_ns = 3 * kSecond_ns;
  bench.run(2);
  bench.gateway.delay_ns = 0;
  bench.run(4);
  EXPECT_EQ(bench.ids(), (Ids{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(bench.passed[0].t_ns, 3 * kSecond_ns);
  EXPECT_EQ(bench.passed[1].t_ns, 4 * kSecond_ns);
  EXPECT_EQ(bench.passed[2].t_ns, 4 * kSecond_ns) << "behind the one before it";
  EXPECT_EQ(bench.passed[5].t_ns, 5 * kSecond_ns);
}

TEST(CanGateway, says_twice_what_is_duplicated) {
  GatewayBench bench;
  bench.gateway.duplicated = 1.0;
  bench.run(2);
  EXPECT_EQ(bench.ids(), (Ids{0, 0, 1, 1}));
}

TEST(CanGateway, lets_the_next_frame_overtake_the_one_it_keeps_back) {
  GatewayBench bench;
  bench.gateway.reordered = 1.0;
  bench.run(6);
  EXPECT_EQ(bench.ids(), (Ids{1, 0, 3, 2, 5, 4}));
}

TEST(CanGateway, lets_go_of_a_frame_kept_back_once_it_works_again) {
  GatewayBench bench;
  bench.gateway.reordered = 1.0;
  bench.run(1);
  bench.gateway = {};
  EXPECT_FALSE(is_transparent(bench.gateway, bench.state));
  bench.run(1);
  EXPECT_EQ(bench.ids(), (Ids{1, 0}));
}

TEST(CanGateway, loses_bytes_at_the_end_of_what_is_truncated) {
  GatewayBench bench;
  bench.gateway.truncated = 1.0;
  bench.run(50);
  ASSERT_EQ(bench.passed.size(), 50U);
  for (const GatewayBench::Passed& each : bench.passed) {
    EXPECT_LT(each.frame.dlc, 8);
    for (std::size_t i = 0; i < 8; ++i)
      EXPECT_EQ(each.frame.data[i], i < each.frame.dlc ? 0xFF : 0);
  }
}

TEST(CanGateway, hits_about_the_share_it_is_told) {
  GatewayBench bench;
  bench.gateway.duplicated = 0.25;
  bench.run(1000);
  EXPECT_NEAR(static_cast<double>(bench.passed.size()), 1250.0, 50.0);
}

TEST(CanGateway, keeps_no_more_than_its_buffer_holds) {
  CanGatewayState state;
  const CanGateway gateway{kSecond_ns, 0, 0, 0};
  for (std::size_t i = 0; i < kGatewayBuffer; ++i)
    ASSERT_TRUE(enter(gateway, GatewayBench::draw, state, {}, 0));
  EXPECT_FALSE(enter(gateway, GatewayBench::draw, state, {}, 0));
}

}  // namespace
}  // namespace doppelpack::can_emulator
