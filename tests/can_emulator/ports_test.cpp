// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "can_emulator/port.hpp"
#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

namespace fs = std::filesystem;

const CanFrame kFrame{.id = 0x351, .dlc = 2, .data = {0x14, 0x02}};
const CanFrame kHeartbeat{.id = 0x305, .dlc = 1};

TEST(PtyPort, carries_bytes_unchanged_to_one_program_after_the_other) {
  const TemporaryFolder folder;
  const auto port = open_bytes("pty:" + folder.file("tty"));
  const std::string all("\x00\x03\x04\x0A\x0D\x11\x13\x1A\x7F\xFF~end", 14);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(port->write(as_bytes("lost")), 0U);
    PortClient client = PortClient::open_device(folder.file("tty"));
    client.send(all);
    EXPECT_EQ(await_bytes(*port, all.size()), all);
    EXPECT_EQ(port->write(as_bytes(all)), all.size());
    EXPECT_EQ(client.receive(all.size()), all);
    EXPECT_EQ(port->write(as_bytes("unread")), 6U);
  }
}

TEST(PtyPort, reads_what_a_program_wrote_before_it_closed) {
  const TemporaryFolder folder;
  const auto port = open_bytes("pty:" + folder.file("tty"));
  PortClient::open_device(folder.file("tty")).send("request");
  EXPECT_EQ(await_bytes(*port, 7), "request");
  EXPECT_EQ(port->write(as_bytes("reply")), 0U);
}

TEST(PtyPort, restores_the_line_settings_a_program_changed) {
  const TemporaryFolder folder;
  const auto port = open_bytes("pty:" + folder.file("tty"));
  PortClient client = PortClient::open_device(folder.file("tty"));
  EXPECT_EQ(port->write(as_bytes("x")), 1U);
  termios settings{};
  ASSERT_EQ(::tcgetattr(client.descriptor(), &settings), 0);
  settings.c_lflag |= ECHO | ICANON;
  ASSERT_EQ(::tcsetattr(client.descriptor(), TCSANOW, &settings), 0);
  client.close();
  EXPECT_EQ(port->write(as_bytes("y")), 0U);
  PortClient next = PortClient::open_device(folder.file("tty"));
  ASSERT_EQ(::tcgetattr(next.descriptor(), &settings), 0);
  EXPECT_EQ(settings.c_lflag & (ECHO | ICANON), 0U);
}

TEST(PtyPort, names_itself_only_where_nothing_else_is_and_cleans_up) {
  const TemporaryFolder folder;
  const std::string link = folder.file("tty");
  open_bytes("pty:" + link).reset();
  EXPECT_FALSE(fs::is_symlink(link));
  fs::create_symlink(folder.file("gone"), link);  // as a killed program leaves it
  open_bytes("pty:" + link).reset();
  EXPECT_FALSE(fs::is_symlink(link));

  std::ofstream(folder.file("notes")) << "precious";
  EXPECT_THROW(open_bytes("pty:" + folder.file("notes")), PortError);
  fs::create_symlink(folder.file("notes"), link);
  EXPECT_THROW(open_bytes("pty:" + link), PortError);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(fs::file_size(folder.file("notes")), 8U);
  EXPECT_THROW(open_bytes("pty:" + folder.file("no/such/folder")), PortError);
}

TEST(PtyPort, leaves_the_name_to_a_later_one_that_took_it_over) {
  const TemporaryFolder folder;
  auto first = open_bytes("pty:" + folder.file("tty"));
  const auto second = open_bytes("pty:" + folder.file("tty"));
  first.reset();
  PortClient::open_device(folder.file("tty")).send("x");
  EXPECT_EQ(await_bytes(*second, 1), "x");
}

TEST(SerialPort, sets_the_line_and_carries_bytes) {
  int far_end = -1;
  int device = -1;
  char name[128];
  ASSERT_EQ(::openpty(&far_end, &device, name, nullptr, nullptr), 0);
  const std::string uri = std::string("serial:") + name + "?baud=115200&parity=odd&stop_bits=2";
  const auto port = open_bytes(uri);
  EXPECT_THROW(open_bytes(uri), PortError) << "two readers";
  int other_end = -1;
  int other_device = -1;
  char other_name[128];
  ASSERT_EQ(::openpty(&other_end, &other_device, other_name, nullptr, nullptr), 0);
  EXPECT_THROW(open_bytes(std::string("serial:") + other_name + "?driver=rts-high"), PortError)
      << "no driver to switch";
  EXPECT_NO_THROW(open_bytes(std::string("serial:") + other_name + "?driver=by-itself"));
  ::close(other_end);
  ::close(other_device);
  termios settings{};
  ASSERT_EQ(::tcgetattr(device, &settings), 0);
  EXPECT_EQ(::cfgetospeed(&settings), static_cast<speed_t>(B115200));
  EXPECT_EQ(settings.c_cflag & CSTOPB, static_cast<tcflag_t>(CSTOPB));
  EXPECT_EQ(settings.c_lflag & (ECHO | ICANON), 0U);

  ASSERT_EQ(::write(far_end, "in\r", 3), 3);
  EXPECT_EQ(await_bytes(*port, 3), "in\r");
  EXPECT_EQ(port->write(as_bytes("out\n")), 4U);
  char received[8];
  EXPECT_EQ(::read(far_end, received, sizeof received), 4);
  EXPECT_EQ(std::string(received, 4), "out\n");
  ::close(far_end);
  std::uint8_t nothing[8];
  EXPECT_THROW(port->read(nothing), PortError) << "unplugged";
  ::close(device);
}

std::uint16_t number_of(const BytePort& server) {
  const std::string notice = server.opening_notice();
  return static_cast<std::uint16_t>(std::stoi(notice.substr(notice.rfind(' '))));
}

TEST(TcpPort, connects_every_client_with_the_bus) {
  const auto port = open_bytes("tcp:127.0.0.1:0");
  EXPECT_EQ(port->opening_notice().find("tcp:127.0.0.1:0: listening on 127.0.0.1 port "), 0U);
  EXPECT_EQ(port->write(as_bytes("lost")), 0U);
  PortClient first = PortClient::connect_to(number_of(*port));
  PortClient second = PortClient::connect_to(number_of(*port));
  first.send("one");
  EXPECT_EQ(await_bytes(*port, 3), "one");
  second.send("two");
  EXPECT_EQ(await_bytes(*port, 3), "two");
  EXPECT_EQ(port->write(as_bytes("both")), 4U);
  EXPECT_EQ(first.receive(4), "both");
  EXPECT_EQ(second.receive(4), "both");

  first.close();
  second.send("still here");
  EXPECT_EQ(await_bytes(*port, 10), "still here");
  EXPECT_EQ(port->write(as_bytes("yes")), 3U);
  EXPECT_EQ(second.receive(3), "yes");
}

TEST(TcpPort, can_listen_again_at_once_where_one_has_closed) {
  auto port = open_bytes("tcp:127.0.0.1:0");
  const std::uint16_t number = number_of(*port);
  PortClient client = PortClient::connect_to(number);
  client.send("x");
  EXPECT_EQ(await_bytes(*port, 1), "x");
  const std::string uri = "tcp:127.0.0.1:" + std::to_string(number);
  EXPECT_THROW(open_bytes(uri), PortError) << "still in use";
  port.reset();
  EXPECT_EQ(client.receive(1), "");
  EXPECT_EQ(open_bytes(uri)->opening_notice(), "");
}

TEST(TcpPort, cuts_off_a_client_that_never_reads) {
  const auto port = open_bytes("tcp:127.0.0.1:0");
  PortClient client = PortClient::connect_to(number_of(*port));
  const Bytes block(65'536, 'x');
  std::size_t taken = 0;
  while (taken < 1'000'000'000 && port->write(block) > 0) taken += block.size();
  EXPECT_LT(taken, 1'000'000'000U);
  EXPECT_EQ(port->write(as_bytes("x")), 0U);
}

TEST(UdpMulticastPort, connects_two_programs_and_does_not_hear_itself) {
  const LocalMulticastBus bus;
  const auto battery = open_can(bus.uri());
  const auto inverter = open_can(bus.uri());
  EXPECT_TRUE(battery->write(kFrame, 0));
  EXPECT_EQ(await_frame(*inverter), kFrame);
  EXPECT_TRUE(inverter->write(kHeartbeat, 0));
  EXPECT_EQ(await_frame(*battery), kHeartbeat) << "and not its own frame, which came before";
}

TEST(CandumpPort, writes_each_line_at_once) {
  const TemporaryFolder folder;
  const auto content = [path = folder.file("log")] {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  std::ofstream(folder.file("log")) << "of an earlier run\n";
  const auto port = open_can("candump:" + folder.file("log") + "?interface=vcan3");
  EXPECT_EQ(port->descriptor(), -1);
  EXPECT_EQ(content(), "");
  EXPECT_TRUE(port->write(kFrame, 12'345'678'000));
  EXPECT_EQ(content(), "(12.345678) vcan3 351#1402\n");
  EXPECT_TRUE(port->write(kHeartbeat, 13'000'000'000));
  EXPECT_EQ(content(), "(12.345678) vcan3 351#1402\n(13.000000) vcan3 305#00\n");
}

TEST(CandumpPort, complains_when_the_disk_is_full) {
  EXPECT_THROW(open_can("candump:/dev/full")->write(kFrame, 0), PortError);
}

}  // namespace
}  // namespace doppelpack::can_emulator
