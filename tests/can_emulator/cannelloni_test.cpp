// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Datagrams of cannelloni, format version 2, laid out by hand from its doc/udp_format.md.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "can_emulator/live_port.hpp"
#include "can_emulator/port.hpp"
#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

using Frames = std::vector<CanFrame>;

const CanFrame kLimits{.id = 0x351, .dlc = 3, .data = {0x14, 0x02, 0xFA}};
const CanFrame kUpgrade{
    .id = 0x1806E5F4, .is_extended = true, .dlc = 8, .data = {1, 2, 3, 4, 5, 6, 7, 8}};
const CanFrame kQuestion{.id = 0x305, .is_remote = true, .dlc = 8};
const CanFrame kLast{.id = 7};

//                                    version, data, sequence, count; id and flags, length, data
constexpr std::string_view kOfLimits("\x02\x00\x00\x00\x01\x00\x00\x03\x51\x03\x14\x02\xFA", 13);
constexpr std::string_view kOfThree(
    "\x02\x00\xFE\x00\x03"
    "\x00\x00\x03\x51\x03\x14\x02\xFA"
    "\x98\x06\xE5\xF4\x08\x01\x02\x03\x04\x05\x06\x07\x08"
    "\x40\x00\x03\x05\x08",
    31);
constexpr std::string_view kOfLast("\x02\x00\x00\x00\x01\x00\x00\x00\x07\x00", 10);

std::string one(std::string_view frame) {
  return std::string("\x02\x00\x00\x00\x01", 5).append(frame);
}

/// The other end of the tunnel: any program that has a socket.
class FarEnd {
 public:
  explicit FarEnd(const char* host = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, host, &own.sin_addr);
    socklen_t size = sizeof own;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0) {
      throw std::runtime_error("no socket");
    }
    port_ = ntohs(own.sin_port);
  }
  FarEnd(const FarEnd&) = delete;
  FarEnd& operator=(const FarEnd&) = delete;
  ~FarEnd() { ::close(socket_); }

  std::string uri() const {
    return "cannelloni:127.0.0.1:" + std::to_string(port_) + "?listen=0&bind=127.0.0.1";
  }

  void send(std::string_view datagram, std::uint16_t port) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&to);
    ASSERT_EQ(::sendto(socket_, datagram.data(), datagram.size(), 0, generic, sizeof to),
              static_cast<ssize_t>(datagram.size()));
  }

  std::string receive() const {
    std::string datagram(4096, '\0');
    const ssize_t count =
        wait_readable(socket_) ? ::recv(socket_, datagram.data(), datagram.size(), 0) : 0;
    datagram.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return datagram;
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

std::uint16_t port_in(const std::string& notice) {
  return static_cast<std::uint16_t>(std::stoi(notice.substr(notice.rfind(' ') + 1)));
}

std::string complaint_of(const std::string& uri) {
  try {
    open_can(uri);
  } catch (const PortError& error) {
    return error.what();
  }
  return {};
}

class Cannelloni : public testing::Test {
 protected:
  /// The frames that the port makes of the datagrams. A last good one tells that all were seen.
  Frames frames_of(const std::vector<std::string>& datagrams) {
    for (const std::string& datagram : datagrams) far_end_.send(datagram, listens_at_);
    far_end_.send(kOfLast, listens_at_);
    Frames frames;
    while (const std::optional<CanFrame> frame = await_frame(*port_)) {
      if (*frame == kLast) return frames;
      frames.push_back(*frame);
    }
    ADD_FAILURE() << "the last frame did not arrive";
    return frames;
  }

  FarEnd far_end_;
  std::unique_ptr<CanPort> port_ = open_can(far_end_.uri());
  std::uint16_t listens_at_ = port_in(port_->opening_notice());
};

TEST_F(Cannelloni, is_sent_a_datagram_per_frame_with_a_sequence_that_counts_and_wraps) {
  EXPECT_TRUE(port_->write(kLimits, 0));
  EXPECT_EQ(far_end_.receive(), kOfLimits);
  EXPECT_TRUE(port_->write(kUpgrade, 0));
  EXPECT_EQ(far_end_.receive(), std::string("\x02\x00\x01\x00\x01\x98\x06\xE5\xF4\x08", 10) +
                                    "\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_TRUE(port_->write(kQuestion, 0));
  EXPECT_EQ(far_end_.receive(), std::string("\x02\x00\x02\x00\x01\x40\x00\x03\x05\x08", 10));
  for (int sequence = 3; sequence < 256; ++sequence) {
    EXPECT_TRUE(port_->write(kLimits, 0));
    EXPECT_EQ(static_cast<std::uint8_t>(far_end_.receive().at(2)), sequence);
  }
  EXPECT_TRUE(port_->write(kLimits, 0));
  EXPECT_EQ(far_end_.receive(), kOfLimits);
}

TEST_F(Cannelloni, gives_every_frame_of_a_datagram_in_its_order) {
  EXPECT_EQ(frames_of({std::string(kOfThree), std::string(kOfLimits)}),
            (Frames{kLimits, kUpgrade, kQuestion, kLimits}));
  EXPECT_EQ(frames_of({std::string("\x02\x00\x00\x00\x00", 5)}), Frames{}) << "none is allowed";
  EXPECT_EQ(port_->refused_count(), 0U);
}

TEST_F(Cannelloni, cut_short_anywhere_gives_nothing_and_is_counted) {
  for (std::size_t size = 0; size < kOfThree.size(); ++size) {
    EXPECT_EQ(frames_of({std::string(kOfThree.substr(0, size))}), Frames{}) << size;
    EXPECT_EQ(port_->refused_count(), size + 1);
  }
}

TEST_F(Cannelloni, that_announces_more_frames_than_it_has_gives_none) {
  std::string lies(kOfThree);
  for (const auto& [high, low] : {std::pair('\x00', '\x04'), {'\x01', '\x03'}, {'\xFF', '\xFF'}}) {
    lies[3] = high;
    lies[4] = low;
    EXPECT_EQ(frames_of({lies}), Frames{});
  }
  EXPECT_EQ(port_->refused_count(), 3U);
}

TEST_F(Cannelloni, may_be_followed_by_bytes_that_nobody_announced) {
  std::string longer(kOfThree);
  longer[4] = 1;
  EXPECT_EQ(frames_of({longer}), Frames{kLimits});
  EXPECT_EQ(port_->refused_count(), 0U);
}

TEST_F(Cannelloni, of_another_version_or_operation_is_refused) {
  std::string version(kOfLimits), operation(kOfLimits);
  version[0] = 1;
  operation[1] = 1;
  EXPECT_EQ(frames_of({version, operation}), Frames{});
  EXPECT_EQ(port_->refused_count(), 2U);
}

TEST_F(Cannelloni, with_can_fd_or_error_frames_gives_the_classic_ones_between_them) {
  const std::string fd = std::string("\x00\x00\x03\x51\x8C\x01", 6) + std::string(12, 'x');
  const std::string error = std::string("\x20\x00\x00\x04\x08", 5) + std::string(8, '\0');
  const std::string limits(kOfLimits.substr(5));
  EXPECT_EQ(frames_of({std::string("\x02\x00\x00\x00\x04", 5) + fd + limits + error + limits}),
            (Frames{kLimits, kLimits}));
  EXPECT_EQ(port_->refused_count(), 2U);
}

TEST_F(Cannelloni, with_a_frame_that_cannot_be_is_refused_as_a_whole) {
  const std::string long_frame = std::string("\x00\x00\x03\x51\x09", 5) + std::string(9, 'x');
  const std::string long_fd = std::string("\x00\x00\x03\x51\xC1\x00", 6) + std::string(65, 'x');
  const std::string high_id("\x00\x00\x08\x00\x00", 5);  // 12 bits without the flag of 29
  EXPECT_EQ(frames_of({one(long_frame), one(long_fd), one(high_id)}), Frames{});
  EXPECT_EQ(port_->refused_count(), 3U);
}

TEST_F(Cannelloni, with_a_byte_changed_is_a_valid_frame_or_none) {
  for (std::size_t i = 0; i < kOfThree.size(); ++i) {
    for (int value = 0; value < 256; value += 5) {
      std::string changed(kOfThree);
      changed[i] = static_cast<char>(value);
      for (const CanFrame& frame : frames_of({changed})) {
        EXPECT_LE(frame.id, frame.is_extended ? 0x1FFF'FFFFU : 0x7FFU);
        EXPECT_LE(frame.dlc, 8);
      }
      while (port_->read()) {  // a frame equal to the last one ends the reading early
      }
    }
  }
}

TEST_F(Cannelloni, hears_only_the_host_at_the_other_end_but_any_port_of_it) {
  const FarEnd stranger("127.0.0.2"), neighbour;
  stranger.send(kOfLimits, listens_at_);
  neighbour.send(kOfThree, listens_at_);
  EXPECT_EQ(frames_of({}), (Frames{kLimits, kUpgrade, kQuestion}));
  EXPECT_EQ(port_->refused_count(), 1U);
}

TEST_F(Cannelloni, still_sends_when_nobody_is_there) {
  std::string uri;
  {
    const FarEnd gone;
    uri = gone.uri();
  }
  const auto port = open_can(uri);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(port->write(kLimits, 0));
  EXPECT_EQ(port->read(), std::nullopt);
}

TEST_F(Cannelloni, refused_datagrams_are_counted_by_the_live_port) {
  std::string notices;
  LiveCanPort live(parse_port_uri(far_end_.uri()), [&](std::string_view line) { notices += line; });
  const std::uint16_t port = port_in(notices);
  constexpr std::uint64_t kRubbish = 100;  // more than are read at once, and no buffer overflows
  for (std::uint64_t i = 0; i < kRubbish; ++i) far_end_.send("rubbish", port);
  far_end_.send(kOfLast, port);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatience_ms);
  while (live.counters().received == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  Frames frames;
  live.take(frames);
  EXPECT_EQ(frames, Frames{kLast});
  EXPECT_EQ(live.counters().received, 1U);
  EXPECT_EQ(live.counters().refused, kRubbish);
}

TEST(CannelloniUri, says_what_is_wrong_with_it) {
  EXPECT_NE(complaint_of("cannelloni:127.0.0.1").find("no :PORT"), std::string::npos);
  for (const char* uri : {"cannelloni::20000", "cannelloni:127.0.0.1:0"}) {
    EXPECT_NE(complaint_of(uri).find("write the host and the port"), std::string::npos) << uri;
  }
  EXPECT_NE(complaint_of("cannelloni:127.0.0.1:9?listen=x").find("'listen'"), std::string::npos);
  EXPECT_NE(complaint_of("cannelloni:127.0.0.1:9?remote=1").find("'remote'"), std::string::npos);
  // It would hear itself.
  for (const char* uri : {"cannelloni:127.0.0.1:20009", "cannelloni:127.0.0.1:20009?listen=20009",
                          "cannelloni:127.0.0.1:20009?bind=127.0.0.1"}) {
    EXPECT_NE(complaint_of(uri).find("own address"), std::string::npos) << uri;
  }
}

TEST(CannelloniUri, takes_a_port_that_is_in_use_for_an_error) {
  const FarEnd far_end;
  const auto first = open_can(far_end.uri());
  const std::string used = std::to_string(port_in(first->opening_notice()));
  EXPECT_NE(complaint_of("cannelloni:127.0.0.1:9?bind=127.0.0.1&listen=" + used)
                .find("cannot receive at port " + used),
            std::string::npos);
}

}  // namespace
}  // namespace doppelpack::can_emulator
