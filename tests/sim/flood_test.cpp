// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench whose ports are flooded, or whose clients do not read: the pack keeps its times and its
// reactions, and nothing grows.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench_fixture.hpp"
#include "slcan_computer.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::slcan_in;
using test::SlcanComputer;
using test::start_up;

constexpr Time kFlood = 60 * kSecond;

/// By identifier, the times of the frames that a bench logged, in us.
using FrameTimes = std::map<unsigned, std::vector<long long>>;

FrameTimes logged_times(const std::filesystem::path& log) {
  FrameTimes times;
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    long long seconds = 0, microseconds = 0;
    unsigned id = 0;
    if (std::sscanf(line.c_str(), "(%lld.%lld) can1 %x#", &seconds, &microseconds, &id) == 3) {
      times[id].push_back(1'000'000 * seconds + microseconds);
    }
  }
  return times;
}

/// What a pack is asked to do while its bus is flooded: to charge until a cell is over-charged.
Scenario over_charge() {
  return free_run(0.998, "disobedient-charger");
}

struct Reaction {
  Time trip_ns = 0;
  double cell_max_V = 0;
  FrameTimes frames;
};

constexpr unsigned kFloodId = 0x7FF;  // loses every arbitration
constexpr int kFloodFrames = 300'000;

/// An over-charge, with or without somebody who fills every gap on the bus.
Reaction over_charged(bool is_flooded) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.out = folder / "run";
  options.can_ports = {slcan_in(folder)};
  Reaction reaction;
  {
    Bench bench(over_charge(), options);
    SlcanComputer computer(folder / "can");
    start_up(bench);
    bench.set("inverter1/demand_W", 2800.0);
    if (is_flooded) computer.send_frames("t7FF85555555555555555", kFloodFrames);
    const Time start_ns = bench.now_ns();
    bench.run_until(start_ns + 10 * kSecond);
    EXPECT_EQ(read(bench, "can1/load") > 0.99, is_flooded);
    EXPECT_TRUE(run_until(bench, "bms1/protection/cell-ov == active", kFlood));
    reaction.trip_ns = bench.now_ns();
    reaction.cell_max_V = read(bench, "pack1/cell_max_V");
    bench.run_until(start_ns + kFlood);
    EXPECT_EQ(read(bench, "can1/load") > 0.99, is_flooded) << "still";
    EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 0.0);
    EXPECT_EQ(read(bench, "can1/errors"), 0.0);
    bench.finish();
  }
  reaction.frames = logged_times(*options.out / "can1.log");
  return reaction;
}

TEST(Flood, of_the_bus_moves_a_broadcast_by_a_frame_or_two_and_no_protection_at_all) {
  const Reaction quiet = over_charged(false);
  Reaction flooded = over_charged(true);
  EXPECT_EQ(flooded.trip_ns, quiet.trip_ns);
  EXPECT_EQ(flooded.cell_max_V, quiet.cell_max_V);

  EXPECT_GT(flooded.frames[kFloodId].size(), 250'000U);
  flooded.frames.erase(kFloodId);
  ASSERT_EQ(flooded.frames.size(), quiet.frames.size());
  // 8 bytes with every stuff bit at 500 kbit/s: the frame on the wire, and the inverter's heartbeat
  // that waited with ours and wins.
  constexpr long long kLongestDelay_us = 2 * 270;
  for (const auto& [id, times_us] : quiet.frames) {
    const std::vector<long long>& late_us = flooded.frames[id];
    ASSERT_EQ(late_us.size(), times_us.size()) << std::hex << id;
    for (std::size_t i = 0; i < times_us.size(); ++i) {
      // Earlier, too: what waits together leaves in the order of arbitration, not of arrival.
      EXPECT_LE(std::abs(late_us[i] - times_us[i]), kLongestDelay_us) << std::hex << id;
    }
  }
}

TEST(Flood, above_what_a_port_may_queue_is_counted_and_forgotten) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.can_ports = {slcan_in(folder)};
  Bench bench(free_run(), options);
  SlcanComputer computer(folder / "can");
  start_up(bench);
  // Four times as much as the bus can carry until the end.
  computer.send_frames("t7FF85555555555555555", 100'000);
  const double dropped_before = read(bench, "can1/dropped");
  bench.run_until(bench.now_ns() + 6 * kSecond);
  const auto& nodes = bench.state().can_bus.nodes;
  EXPECT_GT(nodes.back().waiting.size(), 50'000U) << "what waits, waits in the host";
  EXPECT_LE(nodes.front().waiting.size(), 1U) << "and not in the pack";
  // No one understands them: each is counted as it arrives.
  EXPECT_NEAR(read(bench, "can1/dropped") - dropped_before, read(bench, "can1/from_outside"), 1.0);
}

/// Everything the pack put on the bus, with a client at its adapter that reads nothing, or without.
FrameTimes broadcast_for_ten_minutes(bool has_deaf_client) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.out = folder / "run";
  options.can_ports = {slcan_in(folder)};
  {
    Bench bench(free_run(), options);
    std::optional<SlcanComputer> computer;
    if (has_deaf_client) computer.emplace(folder / "can");
    bench.run_until(600 * kSecond);
    EXPECT_EQ(read(bench, "can1/from_pack"), 6 * 600.0) << "six frames, once a second";
    for (const auto& node : bench.state().can_bus.nodes) EXPECT_LE(node.waiting.size(), 1U);
    bench.finish();
  }
  return logged_times(*options.out / "can1.log");
}

TEST(Flood, of_frames_that_a_client_does_not_read_changes_nothing) {
  EXPECT_EQ(broadcast_for_ten_minutes(true), broadcast_for_ten_minutes(false));
}

/// A client of a tcp: port that says what it likes and never reads.
class DeafClient {
 public:
  explicit DeafClient(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket_, generic, sizeof address) != 0) std::abort();
  }
  DeafClient(const DeafClient&) = delete;
  DeafClient& operator=(const DeafClient&) = delete;
  ~DeafClient() { ::close(socket_); }

  void say(const std::string& text) const {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

 private:
  int socket_;
};

TEST(Flood, of_garbage_on_rs485_leaves_the_can_alone_and_the_next_request_is_answered) {
  std::string notice;
  BenchOptions options;
  options.rs485_ports = {can_emulator::parse_port_uri("tcp:127.0.0.1:0")};
  options.notice = [&](std::string_view line) { notice += line; };
  Bench bench(free_run(0.5, "listener"), options);
  start_up(bench);
  const DeafClient client(
      static_cast<std::uint16_t>(std::stoi(notice.substr(notice.rfind(' ') + 1))));
  const double sent_before = read(bench, "can1/from_pack");
  std::mt19937 random(1);
  for (int tenths = 0; tenths < 600; ++tenths) {
    std::string garbage(1152, '\0');  // a tenth of a second at 115200 baud
    for (char& c : garbage) c = "~20014642E0F\r\n\xFF"[random() % 15];
    client.say(garbage);
    bench.run_until(bench.now_ns() + 100 * kMillisecond);
  }
  EXPECT_EQ(read(bench, "can1/from_pack") - sent_before, 6 * 60.0);
  EXPECT_EQ(read(bench, "rs485_1/from_pack"), 0.0) << "there was nothing to answer";
  EXPECT_GT(read(bench, "rs485_1/dropped"), 0.0);
  client.say("\r");
  for (int i = 0; i < 2000 && read(bench, "rs485_1/from_pack") < 1.0; ++i) {
    client.say("~20024642E00202FD33\r");
    bench.run_until(bench.now_ns() + 100 * kMillisecond);
  }
  EXPECT_GE(read(bench, "rs485_1/from_pack"), 1.0);
}

}  // namespace
}  // namespace doppelpack::sim
