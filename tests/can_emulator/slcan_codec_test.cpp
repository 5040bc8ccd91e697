// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The text of slcan, byte for byte, as programs at the other end of the ports see it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <termios.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "can_emulator/port.hpp"
#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

// Everything python-can 4.6.1 wrote for: Bus(interface="slcan", bitrate=500000), four sends,
// get_version(), get_serial_number(), shutdown(). Recorded on a pseudo-terminal.
constexpr std::string_view kPythonCanSession =
    "C\rS6\r\rO\rO\rt30580000000000000000\rT1806E5F4201AB\rr3518\rR012345670\rV\rN\rC\r";

const CanFrame kStandard{.id = 0x305, .dlc = 8};
const CanFrame kExtended{.id = 0x1806E5F4, .is_extended = true, .dlc = 2, .data = {0x01, 0xAB}};
const CanFrame kRemote{.id = 0x351, .is_remote = true, .dlc = 8};
const CanFrame kExtendedRemote{.id = 0x1234567, .is_extended = true, .is_remote = true};

/// A port that plays the adapter, and a program that uses it.
class AdapterBench {
 public:
  AdapterBench()
      : port_(open_can_port(parse_port_uri("slcan-pty:" + folder_.file("can")))),
        client_(PortClient::open_device(folder_.file("can"))) {}

  /// Sends the commands and returns what is answered to all of them: the answer to a last V tells
  /// that there is nothing more to come.
  std::string answers(std::string_view commands) {
    constexpr std::string_view kLast = "V1010\r";
    client_.send(std::string(commands) + "V\r");
    std::string received;
    while (!received.ends_with(kLast)) {
      if (!wait_readable(port_->descriptor())) return received + " and then silence";
      while (const std::optional<CanFrame> frame = port_->read()) frames.push_back(*frame);
      while (client_.has_more()) received += client_.receive(1);
    }
    return received.substr(0, received.size() - kLast.size());
  }

  /// Sends a part of a command, and lets the adapter see it on its own.
  void send(std::string_view part) {
    client_.send(part);
    wait_readable(port_->descriptor());
    while (const std::optional<CanFrame> frame = port_->read()) frames.push_back(*frame);
  }

  /// As the program is told about the frame.
  std::string report(const CanFrame& frame, std::int64_t t_ns, std::size_t size) {
    return port_->write(frame, t_ns) ? client_.receive(size) : "refused";
  }

  bool takes_frames() { return port_->write(kRemote, 0); }

  std::vector<CanFrame> frames;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<CanPort> port_;
  PortClient client_;
};

TEST(SlcanAdapter, answers_a_session_of_python_can) {
  AdapterBench bench;
  // V and N inside the session; C while closed and O while open are refused, as LAWICEL's CAN232
  // manual demands.
  const std::string_view session = kPythonCanSession;
  const std::size_t version = session.find("V\r");
  EXPECT_EQ(bench.answers(session.substr(0, version)), "\a\r\r\r\az\rZ\rz\rZ\r");
  EXPECT_EQ(bench.answers(session.substr(version + 2)), "NDPCK\r\r");
  EXPECT_EQ(bench.frames, (std::vector<CanFrame>{kStandard, kExtended, kRemote, kExtendedRemote}));
  EXPECT_FALSE(bench.takes_frames()) << "closed at the end";
}

TEST(SlcanAdapter, writes_frames_as_python_can_does) {
  AdapterBench bench;
  EXPECT_EQ(bench.answers("O\r"), "\r");
  EXPECT_EQ(bench.report(kStandard, 0, 22), "t30580000000000000000\r");
  EXPECT_EQ(bench.report(kExtended, 0, 15), "T1806E5F4201AB\r");
  EXPECT_EQ(bench.report(kRemote, 0, 6), "r3518\r");
  EXPECT_EQ(bench.report(kExtendedRemote, 0, 11), "R012345670\r");
}

TEST(SlcanAdapter, understands_commands_however_the_bytes_arrive) {
  const std::string_view commands = "S6\r\rO\rT1806e5f4201ab\rt35\r\nF\r";
  for (std::size_t piece = 1; piece <= commands.size(); ++piece) {
    AdapterBench bench;
    std::size_t at = 0;
    for (; at + piece < commands.size(); at += piece) bench.send(commands.substr(at, piece));
    EXPECT_EQ(bench.answers(commands.substr(at)), "\r\r\rZ\r\aF00\r") << "in pieces of " << piece;
    EXPECT_EQ(bench.frames, std::vector<CanFrame>{kExtended});
  }
}

TEST(SlcanAdapter, survives_what_is_no_slcan) {
  AdapterBench bench;
  std::string garbage;
  for (int i = 0; i < 3000; ++i) garbage += static_cast<char>('a' + i % 26);
  EXPECT_EQ(bench.answers(garbage + "\r"), "\a");
}

TEST(SlcanAdapter, refuses_lines_that_are_no_valid_frame) {
  AdapterBench bench;
  EXPECT_EQ(bench.answers("O\r"), "\r");
  for (const std::string line : {"t", "t35", "t351", "t3511", "t35110", "t3519000000000000000000",
                                 "t3512000", "t35120000EA5F", "t8000", "T200000000", "T1806E5F",
                                 "r351G", "t35120 0", "z", "d3510", "x3510", "t+510", "t-510"}) {
    EXPECT_EQ(bench.answers(line + "\r"), "\a") << line;
  }
  EXPECT_TRUE(bench.frames.empty());
  EXPECT_EQ(bench.answers("t0000\rt7FF0\rT1FFFFFFF0\r"), "z\rz\rZ\r");
}

TEST(SlcanAdapter, sends_only_while_its_channel_is_open_for_sending) {
  AdapterBench bench;
  EXPECT_EQ(bench.answers("t3510\rF\r"), "\a\a");
  EXPECT_EQ(bench.answers("L\rt3510\rF\r"), "\r\aF00\r");
  EXPECT_TRUE(bench.frames.empty());
  EXPECT_EQ(bench.report(kRemote, 0, 6), "r3518\r") << "but it listens";
  EXPECT_EQ(bench.answers("C\rO\rt3510\r"), "\r\rz\r");
  EXPECT_EQ(bench.frames.size(), 1U);
}

TEST(SlcanAdapter, is_configured_only_while_closed) {
  const std::string settings = "S6\rs031C\rZ0\rM00000000\rmFFFFFFFF\rW0\rX1\rQ0\rU1\r";
  AdapterBench bench;
  EXPECT_EQ(bench.answers(settings), "\r\r\r\r\r\r\r\r\r");
  EXPECT_EQ(bench.answers("O\r" + settings), "\r\a\a\a\a\a\a\a\a\a");
}

TEST(SlcanAdapter, refuses_what_it_cannot_do) {
  AdapterBench bench;
  for (const std::string command :
       {"S", "SA", "S66", "s03", "sXYZW", "Z2", "M00000001", "m00000000", "X0", "Q1", "U7", "P",
        "A", "E", "?", "O1", "Cx", "d3510"}) {
    EXPECT_EQ(bench.answers(command + "\r"), "\a") << command;
  }
}

TEST(SlcanAdapter, stamps_frames_with_milliseconds_of_a_minute_when_told_to) {
  AdapterBench bench;
  EXPECT_EQ(bench.answers("Z1\rO\r"), "\r\r");
  EXPECT_EQ(bench.report(kRemote, 0, 10), "r35180000\r");
  EXPECT_EQ(bench.report(kExtended, 59'999'000'000, 19), "T1806E5F4201ABEA5F\r");
  EXPECT_EQ(bench.report(kExtended, 60'000'000'000, 19), "T1806E5F4201AB0000\r");
}

/// A serial device whose far end the test holds, as an adapter that never acknowledges.
class FarEnd {
 public:
  FarEnd() : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    if (::grantpt(master_) != 0 || ::unlockpt(master_) != 0) throw std::runtime_error("no pty");
  }
  FarEnd(const FarEnd&) = delete;
  FarEnd& operator=(const FarEnd&) = delete;
  ~FarEnd() { ::close(master_); }

  std::string device() const { return ::ptsname(master_); }

  void send(std::string_view text) const {
    ASSERT_EQ(::write(master_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  std::string receive(std::size_t size) const {
    std::string text;
    while (text.size() < size && wait_readable(master_)) {
      char bytes[256];
      const ssize_t count = ::read(master_, bytes, sizeof bytes);
      if (count <= 0) break;
      text.append(bytes, static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  int master_;
};

TEST(Slcan, opens_the_channel_sends_frames_and_closes_it) {
  const FarEnd adapter;
  auto port = open_can_port(parse_port_uri("slcan:" + adapter.device() + "?bitrate=250000"));
  EXPECT_EQ(adapter.receive(9), "\r\rC\rS5\rO\r");
  EXPECT_TRUE(port->write(kExtended, 0));
  EXPECT_EQ(adapter.receive(15), "T1806E5F4201AB\r");
  port.reset();
  EXPECT_EQ(adapter.receive(2), "C\r");
}

TEST(Slcan, reads_frames_in_either_case_and_with_time_stamps_and_nothing_else) {
  const FarEnd adapter;
  const auto port = open_can_port(parse_port_uri("slcan:" + adapter.device()));
  adapter.send("\rz\rZ\r\aV1010\rF00\rt35\rt3519000000000000000000\r");
  adapter.send("T1806E5F4201AB\rT1806e5f4201ab\rT1806E5F4201ABEA5F\rr3518\rr35180000\r");
  const std::vector<CanFrame> expected{kExtended, kExtended, kExtended, kRemote, kRemote};
  std::vector<CanFrame> frames;
  while (frames.size() < expected.size() && wait_readable(port->descriptor())) {
    while (const std::optional<CanFrame> frame = port->read()) frames.push_back(*frame);
  }
  EXPECT_EQ(frames, expected);
}

}  // namespace
}  // namespace doppelpack::can_emulator
