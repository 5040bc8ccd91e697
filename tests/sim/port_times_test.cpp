// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// When a port is given a frame: at the end of the frame on a wire of that bit rate, not when somebody
// had something to say.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "bench_fixture.hpp"
#include "can_emulator/can_protocol.hpp"
#include "frame_bits.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using can_emulator::CandumpEntry;

std::vector<CandumpEntry> entries_of(const std::string& log) {
  std::vector<CandumpEntry> entries;
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto entry = can_emulator::parse_candump_line(line);
    EXPECT_TRUE(entry) << line;
    if (entry) entries.push_back(*entry);
  }
  return entries;
}

/// What a candump: port is given by a pack that is asked once a second.
std::vector<CandumpEntry> handed_over(const can_emulator::CanProtocol& protocol,
                                      double speed = 0.0) {
  const TemporaryFolder folder;
  Scenario scenario = test::free_run();
  scenario.product.can = &protocol;
  BenchOptions options;
  options.can_ports = {can_emulator::parse_port_uri("candump:" + folder.file("port.log"))};
  options.speed = speed;
  Bench bench(std::move(scenario), options);
  bench.run_until(10 * kSecond);
  bench.finish();
  return entries_of(folder.file("port.log"));
}

// The pack has all its answers ready at once; arbitration puts the lowest identifier first.
void expect_answers_in_a_row(const std::vector<CandumpEntry>& entries, std::int64_t bit_ns) {
  constexpr std::uint32_t kQuestion = 0x4200;
  int answers = 0;
  for (std::size_t i = 2; i < entries.size(); ++i) {
    if (entries[i].frame.id == kQuestion || entries[i - 1].frame.id == kQuestion) continue;
    EXPECT_GT(entries[i].frame.id, entries[i - 1].frame.id);
    EXPECT_EQ(entries[i].t_ns - entries[i - 1].t_ns, bit_ns * frame_bits(entries[i].frame))
        << std::hex << entries[i].frame.id;
    ++answers;
  }
  EXPECT_GE(answers, 8 * 8) << "nine to each of the last questions";
}

TEST(PortTimes, of_frames_that_wait_together_are_a_frame_apart) {
  const auto& protocol = *can_emulator::find_can_protocol("pylontech-hv-can");
  expect_answers_in_a_row(handed_over(protocol), 2'000);
}

TEST(PortTimes, follow_the_bit_rate) {
  can_emulator::CanProtocol slower = *can_emulator::find_can_protocol("pylontech-hv-can");
  slower.bit_rate_Hz = 125'000;
  expect_answers_in_a_row(handed_over(slower), 8'000);
}

TEST(PortTimes, are_the_same_in_a_paced_run) {
  const auto& protocol = *can_emulator::find_can_protocol("pylontech-lv-can");
  const auto free = handed_over(protocol);
  const auto paced = handed_over(protocol, 100.0);
  ASSERT_GT(free.size(), 60U);
  ASSERT_EQ(paced.size(), free.size());
  for (std::size_t i = 0; i < free.size(); ++i) {
    EXPECT_EQ(paced[i].t_ns, free[i].t_ns);
    EXPECT_EQ(paced[i].frame, free[i].frame);
  }
}

// One of the inverter's and one of the pack's, due at times of their own, never meet on the wire.
TEST(PortTimes, leave_room_for_each_frame) {
  const auto entries = handed_over(*can_emulator::find_can_protocol("sma-can"));
  ASSERT_GT(entries.size(), 60U);
  for (std::size_t i = 1; i < entries.size(); ++i)
    EXPECT_GE(entries[i].t_ns - entries[i - 1].t_ns, 2'000 * frame_bits(entries[i].frame));
}

}  // namespace
}  // namespace doppelpack::sim
