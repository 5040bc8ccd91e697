// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/meter.hpp"

#include <gtest/gtest.h>

#include <array>

namespace doppelpack::can_emulator {
namespace {

CanFrame result(std::uint32_t id, std::array<std::uint8_t, 8> data) {
  CanFrame frame;
  frame.id = id;
  frame.dlc = 6;
  frame.data = data;
  return frame;
}

TEST(Meter, is_found_by_its_key_and_speaks_on_one_bus) {
  for (const Meter* meter : meters()) {
    EXPECT_EQ(find_meter(meter->key), meter);
    EXPECT_EQ(meter->encode_request == nullptr, meter->take_reply == nullptr) << meter->key;
    EXPECT_NE(meter->take_frame == nullptr, meter->take_reply == nullptr) << meter->key;
  }
  EXPECT_EQ(find_meter("abacus"), nullptr);
}

TEST(IvtS, says_its_current_and_its_first_voltage_as_signed_milli_units) {
  const Meter& meter = *find_meter("ivt-s");
  MeterSample sample;
  EXPECT_TRUE(meter.take_frame(result(0x521, {0, 7, 0xFF, 0xFF, 0x3C, 0xB0}), sample));
  EXPECT_DOUBLE_EQ(sample.current_A.value(), -50.0);
  EXPECT_FALSE(sample.voltage_V.has_value());
  EXPECT_TRUE(meter.take_frame(result(0x522, {1, 8, 0x00, 0x00, 0xC8, 0x1F}), sample));
  EXPECT_DOUBLE_EQ(sample.voltage_V.value(), 51.231);
}

TEST(IvtS, is_not_believed_when_it_doubts_itself_nor_are_frames_of_others) {
  const Meter& meter = *find_meter("ivt-s");
  MeterSample sample;
  for (const std::uint8_t error : std::to_array<std::uint8_t>({0x20, 0x40, 0x80}))
    EXPECT_FALSE(meter.take_frame(result(0x521, {0, error}), sample)) << int{error};
  EXPECT_FALSE(meter.take_frame(result(0x523, {2, 0}), sample));
  EXPECT_FALSE(meter.take_frame(result(0x521, {1, 0}), sample)) << "the channel of U1";
  CanFrame extended = result(0x521, {});
  extended.is_extended = true;
  EXPECT_FALSE(meter.take_frame(extended, sample));
  CanFrame shortened = result(0x521, {});
  shortened.dlc = 5;
  EXPECT_FALSE(meter.take_frame(shortened, sample));
  EXPECT_FALSE(sample.current_A.has_value());
}

// As captured by the driver of EN+ from six registers, of which four are ours; with the CRC of four.
TEST(AcrelDjsf1352, scales_by_the_decimal_points_it_sends) {
  const Meter& meter = *find_meter("acrel-djsf1352");
  EXPECT_EQ(meter.encode_request(1), (Bytes{0x01, 0x03, 0x00, 0x00, 0x00, 0x04, 0x44, 0x09}));
  MeterSample sample;
  const Bytes idle{0x01, 0x03, 0x08, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x02, 0x50, 0x16};
  EXPECT_TRUE(meter.take_reply(idle, sample));
  EXPECT_DOUBLE_EQ(sample.current_A.value(), 0.0);
  // 5123 with two decimals, -500 with one.
  const Bytes busy{0x01, 0x03, 0x08, 0x14, 0x03, 0x00, 0x01, 0xFE, 0x0C, 0x00, 0x02, 0xEB, 0xC2};
  EXPECT_TRUE(meter.take_reply(busy, sample));
  EXPECT_NEAR(sample.voltage_V.value(), 51.23, 1e-9);
  EXPECT_NEAR(sample.current_A.value(), -50.0, 1e-9);
}

TEST(AcrelDjsf1352, waits_for_the_whole_reply_and_refuses_a_broken_one) {
  const Meter& meter = *find_meter("acrel-djsf1352");
  MeterSample sample;
  Bytes reply{0x01, 0x03, 0x08, 0x14, 0x03, 0x00, 0x01, 0xFE, 0x0C, 0x00, 0x02, 0xEB, 0xC2};
  for (std::size_t length = 0; length < reply.size(); ++length)
    EXPECT_FALSE(meter.take_reply(BytesView(reply).substr(0, length), sample)) << length;
  reply[4] ^= 1U;
  EXPECT_FALSE(meter.take_reply(reply, sample));
}

}  // namespace
}  // namespace doppelpack::can_emulator
