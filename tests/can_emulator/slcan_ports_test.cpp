// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <string>

#include "can_emulator/port.hpp"
#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

const CanFrame kFrame{.id = 0x351, .dlc = 2, .data = {0x14, 0x02}};
const CanFrame kHeartbeat{.id = 0x305, .dlc = 1};

/// Lets the adapter work until the client has an answer of that size, or nothing more happens.
std::string ask(CanPort& adapter, PortClient& client, std::string_view command,
                std::size_t answer_size) {
  client.send(command);
  std::string answer;
  while (answer.size() < answer_size && wait_readable(adapter.descriptor())) {
    EXPECT_EQ(adapter.read(), std::nullopt);
    while (client.has_more()) answer += client.receive(1);
  }
  return answer;
}

/// Lets the port see what happened to its other end, until it has nothing to see any more.
bool comes_to_rest(CanPort& port) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(port.read(), std::nullopt);
    if (!wait_readable(port.descriptor(), 0)) return true;
  }
  return false;
}

/// Lets the port work until it takes frames or until it refuses them.
bool await_taking(CanPort& port, bool is_taking) {
  while (port.write(kFrame, 0) != is_taking) {
    if (!wait_readable(port.descriptor())) return false;
    EXPECT_EQ(port.read(), std::nullopt);
  }
  return true;
}

TEST(SlcanPty, carries_frames_both_ways_while_the_channel_is_open) {
  const TemporaryFolder folder;
  const auto port = open_can("slcan-pty:" + folder.file("can"));
  PortClient client = PortClient::open_device(folder.file("can"));
  EXPECT_FALSE(port->write(kFrame, 0));
  EXPECT_EQ(ask(*port, client, "V\rS6\rO\r", 8), "V1010\r\r\r");
  EXPECT_TRUE(port->write(kFrame, 0));
  EXPECT_EQ(client.receive(10), "t35121402\r");
  client.send("t305100\r");
  EXPECT_EQ(await_frame(*port), kHeartbeat);
  EXPECT_EQ(client.receive(2), "z\r");
  EXPECT_EQ(ask(*port, client, "C\r", 1), "\r");
  EXPECT_FALSE(port->write(kFrame, 0));
  EXPECT_FALSE(client.has_more());
}

TEST(SlcanPty, is_as_new_for_the_next_program_when_one_ends_without_closing) {
  const TemporaryFolder folder;
  const auto port = open_can("slcan-pty:" + folder.file("can"));
  PortClient first = PortClient::open_device(folder.file("can"));
  EXPECT_EQ(ask(*port, first, "Z1\rO\r", 2), "\r\r");
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(port->write(kFrame, 0));
  first.close();
  EXPECT_FALSE(port->write(kFrame, 0));
  EXPECT_TRUE(comes_to_rest(*port)) << "a hang-up does not keep a waiting thread busy";
  PortClient second = PortClient::open_device(folder.file("can"));
  EXPECT_EQ(ask(*port, second, "V\rO\r", 7), "V1010\r\r") << "nothing of what the first left";
  EXPECT_TRUE(port->write(kFrame, 0));
  EXPECT_EQ(second.receive(10), "t35121402\r") << "no time stamp";
}

TEST(SlcanPty, refuses_frames_when_the_program_does_not_read) {
  const TemporaryFolder folder;
  const auto port = open_can("slcan-pty:" + folder.file("can"));
  PortClient client = PortClient::open_device(folder.file("can"));
  ask(*port, client, "O\r", 1);
  std::size_t taken = 0;
  while (taken < 1'000'000 && port->write(kFrame, 0)) ++taken;
  ASSERT_LT(taken, 1'000'000U);
  std::string received;
  while (received.size() < 10 * taken) {
    received += client.receive(1);
    port->read();  // hands on the rest of the last line
    if (!client.has_more()) port->write(kHeartbeat, 0);
  }
  for (std::size_t i = 0; i < taken; ++i) {
    ASSERT_EQ(received.substr(10 * i, 10), "t35121402\r") << "no line is cut, at " << i;
  }
}

TEST(Slcan, opens_the_adapter_and_carries_frames_both_ways) {
  const TemporaryFolder folder;
  const auto adapter = open_can("slcan-pty:" + folder.file("can"));
  auto host = open_can("slcan:" + folder.file("can"));  // which nobody answers: allowed
  EXPECT_TRUE(await_taking(*adapter, true));
  EXPECT_EQ(await_frame(*host), kFrame);
  EXPECT_TRUE(host->write(kHeartbeat, 0));
  EXPECT_EQ(await_frame(*adapter), kHeartbeat);
  host.reset();
  EXPECT_TRUE(await_taking(*adapter, false));
}

}  // namespace
}  // namespace doppelpack::can_emulator
