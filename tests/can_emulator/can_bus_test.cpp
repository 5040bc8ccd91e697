// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/can_bus.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace doppelpack::can_emulator {
namespace {

constexpr std::int64_t kMs = 1'000'000;

CanFrame frame_with(std::uint32_t id) {
  return {.id = id, .is_extended = false, .is_remote = false, .dlc = 8, .data = {1, 2, 3, 4}};
}

/// A bus with nodes of one design, and a log of what arrived.
class Bus {
 public:
  explicit Bus(std::size_t nodes, CanNodeDesign node = {})
      : design_{std::vector<CanNodeDesign>(nodes, node), draw_}, state(make_can_bus(design_)) {}

  void send(std::size_t node, std::uint32_t id) {
    queue_frame(design_, state, node, frame_with(id), now_ns);
  }
  void run_until(std::int64_t t_ns) {
    while (next_event_ns(state, now_ns) <= t_ns) {
      now_ns = next_event_ns(state, now_ns);
      if (const auto delivery = advance(design_, state, now_ns)) {
        arrived.push_back(*delivery);
        arrived_ns.push_back(now_ns);
      }
    }
    now_ns = t_ns;
  }
  std::size_t count_from(std::size_t node) const {
    std::size_t count = 0;
    for (const CanDelivery& each : arrived) count += each.sender == node ? 1 : 0;
    return count;
  }

 private:
  // A multiplicative hash: even, and the same in every run.
  static double draw_(std::uint64_t n) {
    return static_cast<double>((n + 1) * 0x9E3779B97F4A7C15U >> 11U) * 0x1p-53;
  }
  CanBusDesign design_;

 public:
  CanBusState state;
  std::int64_t now_ns = 0;
  std::vector<CanDelivery> arrived;
  std::vector<std::int64_t> arrived_ns;
};

TEST(CanBus, sends_the_lowest_identifier_first_and_each_at_its_bit_true_time) {
  Bus bus(3);
  bus.send(0, 0x359);
  bus.send(1, 0x305);
  bus.send(0, 0x351);  // waits behind 0x359 of its own node
  bus.run_until(10 * kMs);
  ASSERT_EQ(bus.arrived.size(), 3U);
  EXPECT_EQ(bus.arrived[0].frame.id, 0x305U);
  EXPECT_EQ(bus.arrived[1].frame.id, 0x359U);
  EXPECT_EQ(bus.arrived[2].frame.id, 0x351U);
  EXPECT_EQ(bus.arrived[0].receivers, (std::vector<bool>{true, false, true}));
  const std::int64_t first_ns = frame_duration_ns(frame_with(0x305), 500'000);
  EXPECT_EQ(bus.arrived_ns[0], first_ns);
  EXPECT_EQ(bus.arrived_ns[1], first_ns + frame_duration_ns(frame_with(0x359), 500'000));
}

TEST(CanBus, counts_how_long_it_was_busy) {
  Bus bus(2);
  for (int i = 0; i < 10; ++i) bus.send(0, 0x351);
  bus.run_until(100 * kMs);
  EXPECT_EQ(bus.state.busy_ns, 10 * frame_duration_ns(frame_with(0x351), 500'000));
}

TEST(CanBus, keeps_a_sender_that_is_alone_passive_and_trying) {
  Bus bus(1);
  bus.send(0, 0x351);
  bus.run_until(1000 * kMs);
  const CanNodeState& node = bus.state.nodes[0];
  EXPECT_TRUE(bus.arrived.empty());
  EXPECT_EQ(node.tec, 128U);
  EXPECT_EQ(node.error_state(), CanErrorState::passive);
  EXPECT_EQ(node.counts.bus_off, 0U);
  EXPECT_GT(node.counts.acknowledge, 1000U);
}

TEST(CanBus, delivers_what_waited_once_somebody_is_there) {
  Bus bus(2);
  bus.state.plugs[1].is_connected = false;
  bus.send(0, 0x351);
  bus.run_until(20 * kMs);
  ASSERT_TRUE(bus.arrived.empty());
  bus.state.plugs[1].is_connected = true;
  bus.run_until(21 * kMs);
  ASSERT_EQ(bus.arrived.size(), 1U);
  EXPECT_EQ(bus.state.nodes[0].tec, 127U);
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::active);
}

TEST(CanBus, leaves_a_pulled_node_passive_with_its_mailboxes_full) {
  Bus bus(3);
  bus.state.plugs[0].is_connected = false;
  bus.send(0, 0x351);
  bus.send(1, 0x305);
  bus.run_until(20 * kMs);
  EXPECT_EQ(bus.state.nodes[0].tec, 128U);
  EXPECT_EQ(bus.state.nodes[0].counts.acknowledge, 16U);
  EXPECT_EQ(bus.state.nodes[0].waiting.size(), 1U);
  EXPECT_EQ(bus.arrived.size(), 1U);
}

TEST(CanBus, forgets_what_waited_in_a_node_that_loses_its_supply) {
  Bus bus(2);
  bus.state.plugs[0].is_connected = false;
  bus.send(0, 0x351);
  power_node(bus.state, 0, false);
  bus.send(0, 0x351);
  power_node(bus.state, 0, true);
  bus.state.plugs[0].is_connected = true;
  bus.run_until(20 * kMs);
  EXPECT_TRUE(bus.arrived.empty());
  EXPECT_EQ(bus.state.nodes[0].tec, 0U);
  EXPECT_EQ(bus.state.nodes[0].counts.acknowledge, 16U);
  EXPECT_EQ(bus.state.nodes[0].counts.lost, 1U);
}

TEST(CanBus, takes_nobody_who_only_listens_for_company) {
  CanNodeDesign quiet;
  quiet.is_listen_only = true;
  Bus bus(2, quiet);
  bus.send(0, 0x351);
  bus.run_until(20 * kMs);
  EXPECT_TRUE(bus.arrived.empty());
}

TEST(CanBus, loses_what_finds_the_mailboxes_full) {
  CanNodeDesign small;
  small.mailboxes = 3;
  Bus bus(1, small);
  for (int i = 0; i < 5; ++i) bus.send(0, 0x351);
  EXPECT_EQ(bus.state.nodes[0].waiting.size(), 3U);
  EXPECT_EQ(bus.state.nodes[0].counts.lost, 2U);
}

TEST(CanBus, switches_a_sender_off_at_a_short_circuit_and_back_on_after_it) {
  Bus bus(2);
  bus.state.wire.is_shorted = true;
  bus.send(0, 0x351);
  bus.run_until(20 * kMs);
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::bus_off);
  EXPECT_EQ(bus.state.nodes[0].counts.bit, 32U);  // 32 times 8 is the first beyond 255
  EXPECT_EQ(bus.state.nodes[1].tec, 0U);
  bus.state.wire.is_shorted = false;
  bus.run_until(90 * kMs);
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::bus_off);
  bus.run_until(110 * kMs);  // 100 ms and 128 times 11 bits after it went off
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::active);
  bus.send(0, 0x351);
  bus.run_until(111 * kMs);
  EXPECT_EQ(bus.arrived.size(), 1U);
}

TEST(CanBus, leaves_a_node_off_whose_software_does_not_restart_it) {
  CanNodeDesign design;
  design.restart_ns = -1;
  Bus bus(2, design);
  bus.state.wire.is_shorted = true;
  bus.send(0, 0x351);
  bus.run_until(20 * kMs);
  bus.state.wire.is_shorted = false;
  bus.run_until(60'000 * kMs);
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::bus_off);
  bus.send(0, 0x351);
  EXPECT_EQ(bus.state.nodes[0].counts.lost, 2U);
}

TEST(CanBus, is_disturbed_by_a_node_at_another_rate_until_that_one_is_passive) {
  Bus bus(3);
  bus.state.plugs[2].bit_rate_Hz = 250'000;
  bus.send(0, 0x351);
  bus.run_until(50 * kMs);
  ASSERT_EQ(bus.arrived.size(), 1U);
  EXPECT_EQ(bus.state.nodes[0].counts.stuff, 15U);  // 15 times 9 is the first beyond 127
  EXPECT_EQ(bus.state.nodes[2].error_state(), CanErrorState::passive);
  EXPECT_FALSE(bus.arrived[0].receivers[2]);
}

TEST(CanBus, never_hears_a_node_with_swapped_wires_and_collides_with_it) {
  Bus bus(3);
  bus.state.plugs[2].is_swapped = true;
  bus.send(0, 0x351);
  bus.run_until(5 * kMs);
  ASSERT_EQ(bus.arrived.size(), 1U);
  EXPECT_FALSE(bus.arrived[0].receivers[2]);
  bus.send(2, 0x305);
  bus.send(0, 0x351);
  bus.run_until(6 * kMs);
  EXPECT_GT(bus.state.nodes[0].counts.bit, 0U);
  EXPECT_EQ(bus.count_from(2), 0U);
}

TEST(CanBus, lets_nothing_through_while_it_is_held_dominant) {
  Bus bus(2);
  bus.state.wire.is_stuck_dominant = true;
  bus.send(0, 0x351);
  bus.run_until(100 * kMs);
  EXPECT_TRUE(bus.arrived.empty());
  bus.state.wire.is_stuck_dominant = false;
  bus.run_until(101 * kMs);
  EXPECT_EQ(bus.arrived.size(), 1U);
}

TEST(CanBus, switches_off_who_sends_when_the_wire_is_caught_dominant) {
  Bus bus(2);
  bus.send(0, 0x351);
  bus.run_until(kMs / 10);  // in the middle of it
  bus.state.wire.is_stuck_dominant = true;
  bus.run_until(2 * kMs);
  EXPECT_EQ(bus.state.nodes[0].error_state(), CanErrorState::bus_off);
  EXPECT_EQ(bus.state.nodes[1].error_state(), CanErrorState::passive);
}

TEST(CanBus, carries_nothing_else_while_a_node_babbles) {
  Bus bus(3);
  bus.state.plugs[2].is_babbling = true;
  bus.send(0, 0x351);
  bus.run_until(100 * kMs);
  EXPECT_EQ(bus.count_from(0), 0U);
  EXPECT_GT(bus.count_from(2), 380U);
  EXPECT_GT(static_cast<double>(bus.state.busy_ns), 0.99 * 100 * kMs);
  bus.state.plugs[2].is_babbling = false;
  bus.run_until(101 * kMs);
  EXPECT_EQ(bus.count_from(0), 1U);
}

TEST(CanBus, repeats_what_bit_errors_destroyed) {
  constexpr int kFrames = 1000;
  CanNodeDesign design;
  design.mailboxes = kFrames;
  Bus bus(2, design);
  bus.state.wire.bit_error_rate = 1e-4;
  for (int i = 0; i < kFrames; ++i) bus.send(0, 0x351);
  bus.run_until(1000 * kMs);
  EXPECT_EQ(bus.arrived.size(), std::size_t{kFrames});
  // About 1.2 in a hundred frames of 120 bits.
  EXPECT_GT(bus.state.nodes[0].counts.bit, 4U);
  EXPECT_LT(bus.state.nodes[0].counts.bit, 30U);
}

TEST(CanBus, works_a_little_worse_with_one_terminator_and_not_at_all_without) {
  Bus one(2);
  one.state.wire.terminators = 1;
  one.send(0, 0x351);
  one.run_until(50 * kMs);
  EXPECT_EQ(one.arrived.size(), 1U);
  Bus none(2);
  none.state.wire.terminators = 0;
  none.send(0, 0x351);
  none.run_until(50 * kMs);
  EXPECT_TRUE(none.arrived.empty());
  EXPECT_EQ(none.state.nodes[0].counts.bus_off, 1U);
}

TEST(CanBus, bears_a_ground_offset_within_the_common_mode_range_only) {
  Bus small(2);
  small.state.plugs[0].ground_offset_V = -4.4;
  small.send(0, 0x351);
  small.run_until(5 * kMs);
  EXPECT_EQ(small.arrived.size(), 1U);
  EXPECT_EQ(small.state.nodes[0].counts.bit, 0U);
  Bus large(2);
  large.state.plugs[0].ground_offset_V = -15.0;
  large.send(0, 0x351);
  large.run_until(5 * kMs);
  EXPECT_TRUE(large.arrived.empty());
}

TEST(CanBus, delivers_nothing_of_a_sender_pulled_half_way) {
  Bus bus(2);
  bus.send(0, 0x351);
  bus.run_until(kMs / 10);
  bus.state.plugs[0].is_connected = false;
  bus.run_until(5 * kMs);
  EXPECT_TRUE(bus.arrived.empty());
  bus.state.plugs[0].is_connected = true;
  bus.run_until(6 * kMs);
  EXPECT_EQ(bus.arrived.size(), 1U);
}

}  // namespace
}  // namespace doppelpack::can_emulator
