// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/frame.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "frame_bits.hpp"

namespace doppelpack::can_emulator::frame_test {
namespace {

CanFrame frame_of(std::uint32_t id, std::vector<std::uint8_t> bytes) {
  CanFrame frame;
  frame.id = id;
  frame.dlc = static_cast<std::uint8_t>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), frame.data.begin());
  return frame;
}

std::int64_t bit_count(const CanFrame& frame) {
  return frame_duration_ns(frame, 1'000'000) / 1000;
}

TEST(FrameDuration, of_an_all_zero_frame_can_be_counted_by_hand) {
  // 19 zeros, whose CRC is 15 more: 34, with a stuff bit after every 5th, and 13 bits of tail.
  EXPECT_EQ(bit_count(CanFrame{}), 34 + 6 + 13);
}

// Counted outside this program (integer division by 0xC599, stuffing of a string).
TEST(FrameDuration, matches_golden_bit_counts) {
  EXPECT_EQ(bit_count(frame_of(0x000, std::vector<std::uint8_t>(8, 0x00))), 127);
  EXPECT_EQ(bit_count(frame_of(0x305, std::vector<std::uint8_t>(8, 0x00))), 125);
  EXPECT_EQ(bit_count(frame_of(0x7FF, std::vector<std::uint8_t>(8, 0xFF))), 126);
  EXPECT_EQ(bit_count(frame_of(0x555, std::vector<std::uint8_t>(8, 0x55))), 112);
  EXPECT_EQ(bit_count(frame_of(0x014, {0x01})), 58);
  EXPECT_EQ(bit_count(frame_of(0x351, {0x14, 0x02, 0xC0, 0x12, 0xC0, 0x12, 0xC2, 0x01})), 116);
  EXPECT_EQ(bit_count(frame_of(0x356, {0x7A, 0x13, 0xF2, 0xFE, 0x6B, 0x01})), 101);
  EXPECT_EQ(bit_count(frame_of(0x078, std::vector<std::uint8_t>(8, 0x3C))), 131);

  CanFrame extended;
  extended.is_extended = true;
  EXPECT_EQ(bit_count(extended), 74);
  extended = frame_of(0x305, std::vector<std::uint8_t>(8, 0x00));
  extended.is_extended = true;
  EXPECT_EQ(bit_count(extended), 148);
  extended = frame_of(0x1FFFFFFF, std::vector<std::uint8_t>(8, 0xFF));
  extended.is_extended = true;
  EXPECT_EQ(bit_count(extended), 149);

  CanFrame remote = frame_of(0x305, std::vector<std::uint8_t>(8, 0x00));
  remote.is_remote = true;
  EXPECT_EQ(bit_count(remote), 49);
}

TEST(FrameDuration, matches_a_second_implementation_and_stays_within_the_known_bounds) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    CanFrame frame;
    frame.is_extended = random() % 2 == 0;
    frame.is_remote = random() % 8 == 0;
    frame.id = static_cast<std::uint32_t>(random()) & (frame.is_extended ? 0x1FFFFFFF : 0x7FF);
    frame.dlc = static_cast<std::uint8_t>(random() % 9);
    const bool is_sparse = random() % 2 == 0;  // long runs, many stuff bits
    for (std::size_t j = 0; j < frame.dlc; ++j) {
      frame.data[j] = static_cast<std::uint8_t>(is_sparse ? 0 - (random() % 2) : random());
    }
    const std::int64_t count = bit_count(frame);
    ASSERT_EQ(count, frame_bits(frame)) << candump_line(0, "can0", frame);
    const int stuffable = (frame.is_extended ? 54 : 34) + (frame.is_remote ? 0 : 8 * frame.dlc);
    ASSERT_GE(count, stuffable + 13);
    ASSERT_LE(count, stuffable + 13 + (stuffable - 1) / 4);
  }
}

TEST(FrameDuration, scales_with_the_bit_rate_and_rounds_to_the_nanosecond) {
  EXPECT_EQ(frame_duration_ns(CanFrame{}, 500'000), 106'000);
  EXPECT_EQ(frame_duration_ns(CanFrame{}, 250'000), 212'000);
  EXPECT_EQ(frame_duration_ns(CanFrame{}, 83'333), 636'003);  // 636002.54
}

TEST(CandumpLine, is_what_candump_logs) {
  const CanFrame frame = frame_of(0x351, {0x14, 0x02, 0xFA, 0x00, 0xFA, 0x00});
  EXPECT_EQ(candump_line(12'345'678'999, "can0", frame), "(12.345678) can0 351#1402FA00FA00\n");
  EXPECT_EQ(candump_line(0, "vcan12", frame_of(0x7, {})), "(0.000000) vcan12 007#\n");
  EXPECT_EQ(candump_line(86'400'000'001'000, "can0", frame_of(0x7FF, {0xAB})),
            "(86400.000001) can0 7FF#AB\n");
}

TEST(CandumpLine, marks_remote_and_extended_frames) {
  CanFrame frame = frame_of(0x305, {1, 2, 3});
  frame.is_extended = true;
  EXPECT_EQ(candump_line(0, "can0", frame), "(0.000000) can0 00000305#010203\n");
  frame.id = 0x1FFFFFFF;
  frame.is_remote = true;
  EXPECT_EQ(candump_line(0, "can0", frame), "(0.000000) can0 1FFFFFFF#R\n");
}

TEST(CandumpLine, never_reads_beyond_the_data) {
  CanFrame frame;
  frame.dlc = 255;
  EXPECT_EQ(candump_line(0, "can0", frame), "(0.000000) can0 000#0000000000000000\n");
  EXPECT_EQ(bit_count(frame), bit_count(frame_of(0, std::vector<std::uint8_t>(8, 0))));
}

TEST(Candump, a_line_is_read_as_it_was_written) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    CanFrame frame;
    frame.is_extended = random() % 2 == 0;
    frame.id = static_cast<std::uint32_t>(random()) & (frame.is_extended ? 0x1FFFFFFFU : 0x7FFU);
    frame.is_remote = random() % 4 == 0;
    frame.dlc = frame.is_remote ? 0 : static_cast<std::uint8_t>(random() % 9);
    for (unsigned k = 0; k < frame.dlc; ++k) frame.data[k] = static_cast<std::uint8_t>(random());
    const std::int64_t t_ns = static_cast<std::int64_t>(random()) * 1000 * (i % 2 == 0 ? 1 : 500);
    const std::string line = candump_line(t_ns, "vcan0", frame);
    const std::optional<CandumpEntry> entry = parse_candump_line(line);
    ASSERT_TRUE(entry.has_value()) << line;
    EXPECT_EQ(entry->t_ns, t_ns) << line;
    EXPECT_EQ(entry->interface, "vcan0");
    EXPECT_EQ(entry->frame, frame) << line;
  }
}

TEST(Candump, lines_of_other_programs_are_read) {
  const auto remote = parse_candump_line("(1700000000.123456) can0 305#R8");
  ASSERT_TRUE(remote.has_value());
  EXPECT_EQ(remote->t_ns, 1'700'000'000'123'456'000);
  EXPECT_TRUE(remote->frame.is_remote);
  EXPECT_EQ(remote->frame.dlc, 8);
  const auto directed = parse_candump_line("  (0.5)  slcan1\t00000305#01.02.0a T\r\n");
  ASSERT_TRUE(directed.has_value());
  EXPECT_EQ(directed->t_ns, 500'000'000);
  EXPECT_TRUE(directed->frame.is_extended);
  EXPECT_EQ(directed->frame.dlc, 3);
  EXPECT_EQ(directed->frame.data[2], 0x0A);
}

TEST(Candump, what_is_no_classic_frame_is_none) {
  for (const char* line : {"",
                           "\n",
                           "# product: generic-16s",
                           "(1.0) can0",
                           "(1.0) can0 351",
                           "(1.0) can0 #11",
                           "(1) can0 351#11",
                           "(1.) can0 351#11",
                           "1.0 can0 351#11",
                           "(1.0)can0 351#11",
                           "(-1.0) can0 351#11",
                           "(1.0) can0 351#1",
                           "(1.0) can0 351#111",
                           "(1.0) can0 351#1G",
                           "(1.0) can0 351#112233445566778899",
                           "(1.0) can0 351##111223344",
                           "(1.0) can0 35#11",
                           "(1.0) can0 3511#11",
                           "(1.0) can0 811#11",
                           "(1.0) can0 20000004#0000000000000000",
                           "(1.0) can0 351#11 X",
                           "(1.0) can0 351#11 TR",
                           "(1.0) can0 351#R9",
                           "(99999999999999999999.0) can0 351#11",
                           "(9999999999.0) can0 351#11",
                           "(1.0) can0 351 [2] 11 22"}) {
    EXPECT_FALSE(parse_candump_line(line).has_value()) << line;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator::frame_test
