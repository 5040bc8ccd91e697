// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An hour of garbage at 115200 baud into every serial protocol, received as a line does it: into a
// buffer of bounded size, which find_frame() empties.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "can_emulator/serial_protocol.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::size_t kHourOfBytes = std::size_t{3600} * 115'200 / 10;
constexpr std::size_t kAtOnce = 1152;         // a tenth of a second
constexpr std::size_t kReceiveBuffer = 8192;  // of the bench's line
constexpr std::size_t kLongestRequest =
    4113;  // a YD/T 1363 frame with all the INFO its length allows

/// The receiving end of a pack.
class FloodedReceiver {
 public:
  explicit FloodedReceiver(const SerialProtocol& protocol) : protocol_(protocol) {}

  void receive(BytesView bytes) {
    buffer_ += bytes;
    ASSERT_LE(buffer_.size(), kReceiveBuffer);
    while (true) {
      const FrameSpan frame = protocol_.find_frame(buffer_);
      ASSERT_LE(frame.garbage + frame.length, buffer_.size());
      garbage_ += frame.garbage;
      buffer_.erase(0, frame.garbage);
      if (frame.length == 0) break;
      last_ = protocol_.respond(BytesView(buffer_).substr(0, frame.length), report_, identity_);
      ++frames_;
      answers_ += last_.kind == ReplyKind::answer ? 1U : 0U;
      framed_ += frame.length;
      buffer_.erase(0, frame.length);
    }
  }

  const Reply& last() const { return last_; }
  std::size_t answers() const { return answers_; }
  std::size_t frames() const { return frames_; }
  std::size_t waiting() const { return buffer_.size(); }
  std::size_t accounted_for() const { return garbage_ + framed_ + buffer_.size(); }
  Bytes request() const { return protocol_.encode_request(0, identity_.serial_address); }

 private:
  const SerialProtocol& protocol_;
  const bms_report_t report_ = sample_report();
  const BatteryIdentity identity_;
  Bytes buffer_;
  Reply last_;
  std::size_t garbage_ = 0;
  std::size_t framed_ = 0;
  std::size_t frames_ = 0;
  std::size_t answers_ = 0;
};

/// Any byte, or only those that requests are made of, which is the worse garbage.
Bytes garbage_of(std::mt19937& random, std::string_view alphabet) {
  Bytes bytes(kAtOnce, 0);
  for (std::uint8_t& byte : bytes) {
    const auto drawn = static_cast<std::size_t>(random() >> 8);
    byte = alphabet.empty() ? static_cast<std::uint8_t>(drawn)
                            : static_cast<std::uint8_t>(alphabet[drawn % alphabet.size()]);
  }
  return bytes;
}

class SerialFlood : public testing::TestWithParam<const SerialProtocol*> {};

TEST_P(SerialFlood, of_an_hour_leaves_nothing_but_a_pack_that_hears_the_next_request) {
  for (const std::string_view alphabet : {"", "~20014642E0F\r", "~\x01\x03\x04\x14\x13\x02"}) {
    std::mt19937 random(1);
    FloodedReceiver receiver(*GetParam());
    std::size_t sent = 0;
    for (; sent < kHourOfBytes / 3; sent += kAtOnce) receiver.receive(garbage_of(random, alphabet));
    EXPECT_EQ(receiver.accounted_for(), sent);
    EXPECT_LE(receiver.waiting(), kLongestRequest);
    // A console has no checksum, and answers an empty line with its prompt.
    if (GetParam()->key != "pylontech-console") EXPECT_EQ(receiver.answers(), 0U);

    // What came before the request in one go is lost with it at worst; the second one is answered.
    const Bytes request = receiver.request();
    for (int attempt = 0; attempt < 2; ++attempt) receiver.receive(request);
    EXPECT_EQ(receiver.last().kind, ReplyKind::answer) << receiver.last().problem;
    EXPECT_EQ(receiver.waiting(), 0U);
  }
}

std::string flood_name(const testing::TestParamInfo<const SerialProtocol*>& info) {
  std::string name(info.param->key);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(of, SerialFlood,
                         testing::ValuesIn(serial_protocols().begin(), serial_protocols().end()),
                         flood_name);

}  // namespace
}  // namespace doppelpack::can_emulator
