// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/live_port.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "port_client.hpp"

namespace doppelpack::can_emulator {
namespace {

using Clock = std::chrono::steady_clock;

/// Lines a port says, from whichever thread.
class Notices {
 public:
  PortNotice listener() {
    return [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      all_ += std::string(line) + "\n";
      said_.notify_all();
    };
  }

  bool wait_for(const std::string& part) {
    std::unique_lock lock(mutex_);
    return said_.wait_for(lock, std::chrono::milliseconds(kPatience_ms),
                          [&] { return all_.find(part) != std::string::npos; });
  }

  std::string all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable said_;
  std::string all_;
};

bool eventually(const std::function<bool()>& condition) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(kPatience_ms);
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

CanFrame numbered(std::uint32_t number) {
  CanFrame frame{.id = 0x351, .dlc = 4};
  for (std::size_t i = 0; i < 4; ++i) frame.data[i] = static_cast<std::uint8_t>(number >> 8 * i);
  return frame;
}

std::string await_bytes(LiveBytePort& port, std::size_t size) {
  Bytes received;
  eventually([&] {
    port.take(received);
    return received.size() >= size;
  });
  return {received.begin(), received.end()};
}

std::uint16_t number_at_end(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(' '))));
}

TEST(LivePort, that_cannot_be_opened_first_throws) {
  EXPECT_THROW(LiveCanPort(parse_port_uri("slcan:/no/such/tty"), {}), PortError);
  EXPECT_THROW(LiveBytePort(parse_port_uri("serial:/no/such/tty"), {}), PortError);
  EXPECT_THROW(LiveBytePort(parse_port_uri("nonsense:1"), {}), PortError);
}

TEST(LivePort, carries_bytes_both_ways_and_counts_them) {
  Notices notices;
  LiveBytePort port(parse_port_uri("tcp:127.0.0.1:0"), notices.listener());
  EXPECT_EQ(port.name(), "tcp:127.0.0.1:0");
  PortClient client = PortClient::connect_to(number_at_end(notices.all()));
  client.send("request");
  EXPECT_EQ(await_bytes(port, 7), "request");
  port.send(as_bytes("reply"));
  EXPECT_EQ(client.receive(5), "reply");
  EXPECT_TRUE(eventually([&] { return port.counters().sent == 5; }));
  EXPECT_EQ(port.counters().received, 7U);
  EXPECT_EQ(port.counters().dropped, 0U);
}

TEST(LivePort, counts_as_dropped_what_nobody_was_there_to_get) {
  const TemporaryFolder folder;
  LiveCanPort port(parse_port_uri("slcan-pty:" + folder.file("can")), {});
  for (std::uint32_t i = 0; i < 1000; ++i) port.send(numbered(i), 0);
  EXPECT_TRUE(eventually([&] { return port.counters().dropped == 1000; }));
  EXPECT_EQ(port.counters().sent, 0U);
  PortClient client = PortClient::open_device(folder.file("can"));
  client.send("O\rV\r");
  EXPECT_EQ(client.receive(7), "\rV1010\r") << "and not a flood of old frames";
  port.send(numbered(0x04030201), 0);
  EXPECT_EQ(client.receive(14), "t351401020304\r");
}

TEST(LivePort, hands_no_frame_over_before_its_time) {
  const TemporaryFolder folder;
  LiveCanPort port(parse_port_uri("slcan-pty:" + folder.file("can")), {});
  PortClient client = PortClient::open_device(folder.file("can"));
  client.send("O\r");
  EXPECT_EQ(client.receive(1), "\r");
  const auto not_before = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  port.send(numbered(0x04030201), 0, not_before);
  EXPECT_EQ(client.receive(14), "t351401020304\r");
  EXPECT_GE(std::chrono::steady_clock::now(), not_before);
}

TEST(LivePort, does_not_block_or_grow_when_the_other_end_stops_reading) {
  const TemporaryFolder folder;
  LiveCanPort port(parse_port_uri("slcan-pty:" + folder.file("can")), {});
  PortClient client = PortClient::open_device(folder.file("can"));
  client.send("O\r");
  EXPECT_EQ(client.receive(1), "\r");
  constexpr std::uint64_t kFrames = 100'000;
  for (std::uint32_t i = 0; i < kFrames; ++i) port.send(numbered(i), 0);
  EXPECT_TRUE(eventually([&] {
    const PortCounters counters = port.counters();
    return counters.sent + counters.dropped == kFrames;
  }));
  EXPECT_GT(port.counters().dropped, 0U);
}

TEST(LivePort, keeps_everything_that_arrives_while_nobody_takes_it) {
  const TemporaryFolder folder;
  LiveCanPort port(parse_port_uri("slcan-pty:" + folder.file("can")), {});
  PortClient client = PortClient::open_device(folder.file("can"));
  client.send("O\r");
  EXPECT_EQ(client.receive(1), "\r");
  constexpr std::uint32_t kFrames = 5000;
  constexpr std::uint32_t kAtOnce = 50;
  for (std::uint32_t sent = 0; sent < kFrames; sent += kAtOnce) {
    std::string lines;
    for (std::uint32_t i = 0; i < kAtOnce; ++i) {
      lines += "T0000" + std::to_string(1000 + sent + i) + "0\r";
    }
    client.send(lines);
    EXPECT_EQ(client.receive(2 * kAtOnce).size(), 2 * kAtOnce);
  }
  EXPECT_TRUE(eventually([&] { return port.counters().received == kFrames; }));
  std::vector<CanFrame> frames;
  port.take(frames);
  ASSERT_EQ(frames.size(), kFrames);
  EXPECT_EQ(frames.front().id, 0x1000U);
  EXPECT_EQ(frames.back().id, 0x5999U);
  port.take(frames);
  EXPECT_EQ(frames.size(), kFrames) << "taken once";
}

TEST(LivePort, that_dies_is_noticed_and_opened_again) {
  const TemporaryFolder folder;
  const std::string device = folder.file("tty");
  Notices notices;
  auto far_end = std::make_unique<LiveBytePort>(parse_port_uri("pty:" + device), PortNotice{});
  LiveBytePort port(parse_port_uri("serial:" + device), notices.listener());
  port.send(as_bytes("before"));
  EXPECT_EQ(await_bytes(*far_end, 6), "before");
  far_end.reset();  // the cable is pulled
  EXPECT_TRUE(notices.wait_for("serial:" + device + ": the device is gone"));
  EXPECT_TRUE(eventually([&] {
    port.send(as_bytes("x"));
    return port.counters().dropped > 0;
  }));
  far_end = std::make_unique<LiveBytePort>(parse_port_uri("pty:" + device), PortNotice{});
  EXPECT_TRUE(notices.wait_for("serial:" + device + ": open again"));
  EXPECT_EQ(port.counters().reopened, 1U);
  port.send(as_bytes("after"));
  EXPECT_EQ(await_bytes(*far_end, 5), "after");
  const std::string all = notices.all();
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 2) << all;
}

TEST(LivePort, can_be_destroyed_while_it_waits_to_open_again) {
  const TemporaryFolder folder;
  Notices notices;
  auto far_end =
      std::make_unique<LiveBytePort>(parse_port_uri("pty:" + folder.file("tty")), PortNotice{});
  auto port = std::make_unique<LiveBytePort>(parse_port_uri("serial:" + folder.file("tty")),
                                             notices.listener());
  far_end.reset();
  EXPECT_TRUE(notices.wait_for("trying again"));
  port.reset();  // would take for ever if the pause could not be interrupted; see the time limit
}

TEST(LivePort, hands_over_what_was_sent_last_before_it_is_destroyed) {
  Notices notices;
  auto port = std::make_unique<LiveBytePort>(parse_port_uri("tcp:127.0.0.1:0"), notices.listener());
  PortClient client = PortClient::connect_to(number_at_end(notices.all()));
  client.send("ready");
  EXPECT_EQ(await_bytes(*port, 5), "ready");
  for (int i = 0; i < 100; ++i) port->send(as_bytes("0123456789"));
  port.reset();
  EXPECT_EQ(client.receive(1000).size(), 1000U);
}

TEST(LivePort, of_a_file_writes_everything_in_step) {
  const TemporaryFolder folder;
  LiveCanPort port(parse_port_uri("candump:" + folder.file("log")), {});
  constexpr std::uint32_t kFrames = 10'000;  // more than any mailbox holds
  for (std::uint32_t i = 0; i < kFrames; ++i) port.send(numbered(i), i * 1'000'000LL);
  std::ifstream log(folder.file("log"));
  std::string line;
  std::uint32_t lines = 0;
  while (std::getline(log, line)) ++lines;
  EXPECT_EQ(lines, kFrames);
  EXPECT_EQ(port.counters().sent, kFrames);
}

TEST(LivePort, of_a_file_that_fails_says_so_once) {
  Notices notices;
  LiveCanPort port(parse_port_uri("candump:/dev/full"), notices.listener());
  for (std::uint32_t i = 0; i < 10; ++i) port.send(numbered(i), 0);
  EXPECT_EQ(port.counters().dropped, 10U);
  EXPECT_EQ(notices.all(),
            "candump:/dev/full: the file cannot be written (No space left on device); "
            "not written any more\n");
}

TEST(LivePort, may_be_used_from_several_threads) {
  const LocalMulticastBus bus;
  LiveCanPort port(parse_port_uri(bus.uri()), {});
  LiveCanPort other(parse_port_uri(bus.uri()), {});
  constexpr std::uint32_t kFrames = 500;
  std::thread first([&] {
    for (std::uint32_t i = 0; i < kFrames; ++i) port.send(numbered(i), i);
  });
  std::thread second([&] {
    for (std::uint32_t i = 0; i < kFrames; ++i) other.send(numbered(i), i);
  });
  std::vector<CanFrame> frames;
  EXPECT_TRUE(eventually([&] {
    port.take(frames);
    return port.counters().sent == kFrames && other.counters().sent == kFrames;
  }));
  first.join();
  second.join();
  EXPECT_TRUE(eventually([&] {
    port.send(numbered(0), 0);
    other.send(numbered(1), 0);
    port.take(frames);
    return !frames.empty();
  }));
}

}  // namespace
}  // namespace doppelpack::can_emulator
