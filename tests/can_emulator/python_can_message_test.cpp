// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The datagrams of python-can's udp_multicast bus, byte for byte.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/port.hpp"
#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

// pack_message() of python-can 4.6.1 with msgpack 1.1.2 for the messages named; recorded.
// Message(timestamp=1234.5, arbitration_id=0x351, is_extended_id=False, data=14 02 fa 00 fa 00 c0 01)
constexpr std::string_view kStandard =
    "8ba974696d657374616d70cb40934a0000000000ae6172626974726174696f6e5f6964cd0351ae69735f657874656e"
    "6465645f6964c2af69735f72656d6f74655f6672616d65c2ae69735f6572726f725f6672616d65c2a76368616e6e65"
    "6cc0a3646c6308a464617461c4081402fa00fa00c001a569735f6664c2ae626974726174655f737769746368c2b565"
    "72726f725f73746174655f696e64696361746f72c2";
// Message(arbitration_id=0x1806E5F4, is_extended_id=True, data=01 02)
constexpr std::string_view kExtended =
    "8ba974696d657374616d70cb0000000000000000ae6172626974726174696f6e5f6964ce1806e5f4ae69735f657874"
    "656e6465645f6964c3af69735f72656d6f74655f6672616d65c2ae69735f6572726f725f6672616d65c2a76368616e"
    "6e656cc0a3646c6302a464617461c4020102a569735f6664c2ae626974726174655f737769746368c2b56572726f72"
    "5f73746174655f696e64696361746f72c2";
// Message(arbitration_id=0x305, is_extended_id=False, is_remote_frame=True, dlc=8)
constexpr std::string_view kRemote =
    "8ba974696d657374616d70cb0000000000000000ae6172626974726174696f6e5f6964cd0305ae69735f657874656e"
    "6465645f6964c2af69735f72656d6f74655f6672616d65c3ae69735f6572726f725f6672616d65c2a76368616e6e65"
    "6cc0a3646c6308a464617461c400a569735f6664c2ae626974726174655f737769746368c2b56572726f725f737461"
    "74655f696e64696361746f72c2";
// Message(arbitration_id=0x7, is_extended_id=False, data=nothing, channel="239.74.163.2")
constexpr std::string_view kLast =
    "8ba974696d657374616d70cb0000000000000000ae6172626974726174696f6e5f696407ae69735f657874656e6465"
    "645f6964c2af69735f72656d6f74655f6672616d65c2ae69735f6572726f725f6672616d65c2a76368616e6e656cac"
    "3233392e37342e3136332e32a3646c6300a464617461c400a569735f6664c2ae626974726174655f737769746368c2"
    "b56572726f725f73746174655f696e64696361746f72c2";
// Message(arbitration_id=0x123, is_extended_id=False, is_fd=True, bitrate_switch=True, data=12 zeros)
constexpr std::string_view kFd =
    "8ba974696d657374616d70cb0000000000000000ae6172626974726174696f6e5f6964cd0123ae69735f657874656e"
    "6465645f6964c2af69735f72656d6f74655f6672616d65c2ae69735f6572726f725f6672616d65c2a76368616e6e65"
    "6cc0a3646c630ca464617461c40c000000000000000000000000a569735f6664c3ae626974726174655f7377697463"
    "68c3b56572726f725f73746174655f696e64696361746f72c2";

const CanFrame kStandardFrame{
    .id = 0x351, .dlc = 8, .data = {0x14, 0x02, 0xFA, 0x00, 0xFA, 0x00, 0xC0, 0x01}};
const CanFrame kExtendedFrame{
    .id = 0x1806E5F4, .is_extended = true, .dlc = 2, .data = {0x01, 0x02}};
const CanFrame kRemoteFrame{.id = 0x305, .is_remote = true, .dlc = 8};
const CanFrame kLastFrame{.id = 7};

Bytes bytes_of(std::string_view hexadecimal) {
  Bytes bytes;
  for (std::size_t i = 0; i < hexadecimal.size(); i += 2) {
    const std::string digits(hexadecimal.substr(i, 2));
    bytes += static_cast<std::uint8_t>(std::stoi(digits, nullptr, 16));
  }
  return bytes;
}

Bytes bytes_of_text(std::string_view text) {
  return {text.begin(), text.end()};
}

/// A member of the group that knows nothing of CAN.
class GroupMember {
 public:
  explicit GroupMember(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    group_.sin_family = AF_INET;
    group_.sin_port = htons(port);
    ::inet_pton(AF_INET, "239.74.163.2", &group_.sin_addr);
    const ip_mreqn loopback{group_.sin_addr, {}, static_cast<int>(::if_nametoindex("lo"))};
    const auto* const address = reinterpret_cast<const sockaddr*>(&group_);
    if (::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
        ::bind(socket_, address, sizeof group_) != 0 ||
        ::setsockopt(socket_, IPPROTO_IP, IP_ADD_MEMBERSHIP, &loopback, sizeof loopback) != 0 ||
        ::setsockopt(socket_, IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback) != 0) {
      throw std::runtime_error("no multicast on the loopback interface");
    }
  }
  GroupMember(const GroupMember&) = delete;
  GroupMember& operator=(const GroupMember&) = delete;
  ~GroupMember() { ::close(socket_); }

  void send(const Bytes& datagram) const {
    const auto* const address = reinterpret_cast<const sockaddr*>(&group_);
    ASSERT_EQ(::sendto(socket_, datagram.data(), datagram.size(), 0, address, sizeof group_),
              static_cast<ssize_t>(datagram.size()));
  }

  Bytes receive() const {
    Bytes datagram(4096, 0);
    const ssize_t count =
        wait_readable(socket_) ? ::recv(socket_, datagram.data(), datagram.size(), 0) : 0;
    return datagram.substr(0, static_cast<std::size_t>(count));
  }

 private:
  int socket_;
  sockaddr_in group_{};
};

class PythonCanMessage : public testing::Test {
 protected:
  /// The frames that the port makes of the datagrams. A last good one tells that all were seen.
  std::vector<CanFrame> frames_of(const std::vector<Bytes>& datagrams) {
    for (const Bytes& datagram : datagrams) member_.send(datagram);
    member_.send(bytes_of(kLast));
    std::vector<CanFrame> frames;
    while (wait_readable(port_->descriptor())) {
      while (const std::optional<CanFrame> frame = port_->read()) {
        if (*frame == kLastFrame) return frames;
        frames.push_back(*frame);
      }
    }
    ADD_FAILURE() << "the last frame did not arrive";
    return frames;
  }

  LocalMulticastBus bus_;
  std::unique_ptr<CanPort> port_ = open_can(bus_.uri());
  GroupMember member_{bus_.port()};
};

using Frames = std::vector<CanFrame>;

TEST_F(PythonCanMessage, is_written_byte_for_byte_as_by_python_can) {
  EXPECT_TRUE(port_->write(kStandardFrame, 1'234'500'000'000));
  EXPECT_EQ(member_.receive(), bytes_of(kStandard));
  EXPECT_TRUE(port_->write(kExtendedFrame, 0));
  EXPECT_EQ(member_.receive(), bytes_of(kExtended));
  EXPECT_TRUE(port_->write(kRemoteFrame, 0));
  EXPECT_EQ(member_.receive(), bytes_of(kRemote));
}

TEST_F(PythonCanMessage, of_python_can_is_read_unless_it_is_can_fd) {
  EXPECT_EQ(frames_of({bytes_of(kStandard), bytes_of(kFd), bytes_of(kExtended), bytes_of(kRemote)}),
            (Frames{kStandardFrame, kExtendedFrame, kRemoteFrame}));
}

TEST_F(PythonCanMessage, survives_any_id) {
  const auto reader = open_can(bus_.uri());
  for (const std::uint32_t id : {0U, 0x7FU, 0x80U, 0xFFU, 0x100U, 0x7FFU, 0x1FFF'FFFFU}) {
    const CanFrame frame{.id = id, .is_extended = id > 0x7FF, .dlc = 1, .data = {0x5A}};
    EXPECT_TRUE(port_->write(frame, 1));
    EXPECT_TRUE(wait_readable(reader->descriptor()));
    EXPECT_EQ(reader->read(), frame) << id;
  }
}

TEST_F(PythonCanMessage, cut_short_or_lengthened_is_refused) {
  const Bytes whole = bytes_of(kStandard);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(frames_of({whole.substr(0, size)}), Frames{}) << size;
  }
  EXPECT_EQ(frames_of({whole + whole, whole}), Frames{kStandardFrame});
}

TEST_F(PythonCanMessage, with_a_byte_changed_is_a_valid_frame_or_none) {
  for (const std::string_view recorded : {kStandard, kExtended, kRemote, kLast, kFd}) {
    const Bytes whole = bytes_of(recorded);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      std::vector<Bytes> changed;
      for (std::size_t value = i % 7; value < 256; value += 7) {
        changed.push_back(whole);
        changed.back()[i] = static_cast<std::uint8_t>(value);
      }
      for (const CanFrame& frame : frames_of(changed)) {
        EXPECT_LE(frame.id, frame.is_extended ? 0x1FFF'FFFFU : 0x7FFU);
        EXPECT_LE(frame.dlc, 8);
      }
      // Frames equal to the last one end the reading early; take what is left.
      while (port_->read()) {
      }
    }
  }
}

// Keys may be missing (can.Message has defaults), and later versions may add some.
TEST_F(PythonCanMessage, may_have_fewer_and_more_keys) {
  const Bytes id = bytes_of_text(
      "\xAE"
      "arbitration_id");
  const Bytes added = bytes_of_text(
                          "\xA5"
                          "is_rx") +
                      bytes_of("c3");
  const Bytes time = bytes_of_text(
                         "\xA9"
                         "timestamp") +
                     bytes_of("ca3f800000");
  EXPECT_EQ(frames_of({bytes_of("81") + id + bytes_of("05"),
                       bytes_of("de0003") + id + bytes_of("cc85") + added + time}),
            (Frames{{.id = 5, .is_extended = true}, {.id = 0x85, .is_extended = true}}));
}

TEST_F(PythonCanMessage, with_a_negative_id_is_refused) {
  const Bytes id = bytes_of_text(
      "\xAE"
      "arbitration_id");
  for (const char* negative : {"ff", "d0ff", "d1ffff", "d2ffffffff", "d3ffffffffffffffff"}) {
    EXPECT_EQ(frames_of({bytes_of("81") + id + bytes_of(negative)}), Frames{}) << negative;
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator
