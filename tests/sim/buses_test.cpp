// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What passes over the wires of a running bench.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bench_fixture.hpp"
#include "slcan_computer.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(CanBus, PackBroadcastsEverySecondAndTheInverterBeats) {
  Bench bench(free_run());
  bench.run_until(10 * kSecond);
  EXPECT_EQ(read(bench, "can1/from_pack"), 60.0) << "six frames, once a second";
  EXPECT_GT(read(bench, "can1/from_inverter"), 5.0);
}

TEST(CanBus, UnpluggedCableSilencesBothSidesAndTheInverterStops) {
  Bench bench(free_run());
  start_up(bench);
  bench.set("inverter1/demand_W", 1000.0);
  bench.run_until(bench.now_ns() + 5 * kSecond);
  ASSERT_GT(read(bench, "pack1/current_A"), 10.0);
  bench.inject("can-unplugged", 0, {}, "");
  ASSERT_TRUE(run_until(bench, "inverter1/is_battery_lost == yes", 30 * kSecond));
  bench.run_until(bench.now_ns() + 5 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), 0.0, 0.5);
  bench.clear("can-unplugged");
  EXPECT_TRUE(run_until(bench, "inverter1/is_battery_lost == no", 5 * kSecond));
}

TEST(Rs485Line, AnInverterOnRs485LearnsTheSameLimits) {
  Bench bench(free_run(0.5, "hybrid-5k-rs485"));
  ASSERT_TRUE(run_until(bench, "inverter1/ccl_A > 1 A and inverter1/cvl_V > 1 V", 60 * kSecond));
  EXPECT_NEAR(read(bench, "inverter1/ccl_A"), read(bench, "bms1/ccl_A"), 0.1);
  EXPECT_NEAR(read(bench, "inverter1/cvl_V"), read(bench, "bms1/cvl_V"), 0.01);
}

/// The simulated times of the lines of a log that go in that direction.
std::vector<double> times_s(const std::filesystem::path& log, char direction) {
  std::vector<double> found;
  std::istringstream lines(contents(log));
  for (std::string line; std::getline(lines, line);) {
    double time_s = 0;
    char read_direction = 0;
    if (std::sscanf(line.c_str(), "(%lf) %c", &time_s, &read_direction) == 2 &&
        read_direction == direction) {
      found.push_back(time_s);
    }
  }
  return found;
}

// From the last bit of the request: the turnaround of 5 ms (3.6 ms of it the silence that ends the
// request), 59 bytes; with the 8 of the request SIG (victorstoica114/sigrok-pylon-bms-decoders)
// measured 50 to 75 ms.
TEST(Rs485Line, AnInverterOnModbusLearnsTheLimitsAndARequestEndsInSilence) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.out = folder / "run";
  Scenario scenario = free_run(0.5, "hybrid-5k-rs485");
  scenario.product.rs485 = can_emulator::find_serial_protocol("growatt-rs485");
  scenario.product.identity.serial_address = 1;
  {
    Bench bench(scenario, options);
    ASSERT_TRUE(run_until(bench, "inverter1/ccl_A > 1 A and inverter1/cvl_V > 1 V", 60 * kSecond));
    EXPECT_NEAR(read(bench, "inverter1/ccl_A"), read(bench, "bms1/ccl_A"), 0.01);
    EXPECT_NEAR(read(bench, "inverter1/cvl_V"), read(bench, "bms1/cvl_V"), 0.01);
    bench.finish();
  }
  const auto requests_s = times_s(*options.out / "rs485_1.log", '<');
  const auto replies_s = times_s(*options.out / "rs485_1.log", '>');
  ASSERT_FALSE(replies_s.empty());
  const double exchange_s = replies_s.back() - requests_s.back();
  const double bytes = exchange_s > 0.055 ? 59 : 39;  // the gauge, or the cells
  EXPECT_NEAR(exchange_s, bytes * 10 / 9600 + 0.005, 1e-4);
}

TEST(Recording, FolderHoldsResultEventsSignalsAndBusLogs) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.out = folder / "run";
  {
    Scenario scenario = free_run();
    scenario.inverter.rs485_poll_period_ns = 2 * kSecond;
    Bench bench(std::move(scenario), options);
    bench.run_until(10 * kSecond);
    bench.finish();
  }
  EXPECT_NE(contents(*options.out / "result.json").find("\"simulated_s\": 10"), std::string::npos);
  EXPECT_NE(contents(*options.out / "events.jsonl").find("\"event\":\"gate\""), std::string::npos);
  EXPECT_EQ(contents(*options.out / "signals.csv").substr(0, 4), "t_s,");
  EXPECT_NE(contents(*options.out / "can1.log").find(" 351#"), std::string::npos);
  EXPECT_NE(contents(*options.out / "rs485_1.log").find("> 7E"), std::string::npos);
}

/// A client of a tcp: port on this machine.
class TcpClient {
 public:
  explicit TcpClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ =
        connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~TcpClient() { close(socket_); }
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  bool is_connected() const { return is_connected_; }
  void send_text(const std::string& text) const {
    ASSERT_EQ(send(socket_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  /// What has come within a generous time, at least one byte.
  std::string receive() const {
    pollfd waiting{socket_, POLLIN, 0};
    if (poll(&waiting, 1, 20'000) != 1) return {};
    std::string text(4096, '\0');
    text.resize(
        static_cast<std::size_t>(std::max<ssize_t>(0, recv(socket_, text.data(), text.size(), 0))));
    return text;
  }

 private:
  int socket_;
  bool is_connected_;
};

/// A port number nobody uses now.
std::uint16_t free_tcp_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

TEST(HostPorts, RequestSentWhileTimeStandsStillIsAnsweredAfterResume) {
  const std::uint16_t port = free_tcp_port();
  BenchOptions options;
  options.rs485_ports = {can_emulator::parse_port_uri("tcp:127.0.0.1:" + std::to_string(port))};
  Bench bench(free_run(0.5, "listener"), options);
  bench.run_until(kSecond);
  const TcpClient client(port);
  ASSERT_TRUE(client.is_connected());
  client.send_text("~20024651C0040FD8F\r");   // wrong checksum: must be dropped, not answered
  client.send_text("~20024642E00202FD33\r");  // analogue values of pack 2
  // Time moves on in small portions until the host thread has handed the bytes over.
  std::string reply;
  for (int i = 0; i < 2000 && read(bench, "rs485_1/from_pack") < 1.0; ++i) {
    bench.run_until(bench.now_ns() + 100 * kMillisecond);
  }
  reply = client.receive();
  EXPECT_EQ(reply.substr(0, 1), "~");
  EXPECT_EQ(read(bench, "rs485_1/from_pack"), 1.0);
}

// A bridge between what is plugged into them.
TEST(HostPorts, WhatOnePortSaysIsHeardAtTheOtherPorts) {
  const TemporaryFolder folder;
  BenchOptions options;
  options.can_ports = {test::slcan_in(folder),
                       can_emulator::parse_port_uri("candump:" + folder.file("first.log")),
                       can_emulator::parse_port_uri("candump:" + folder.file("second.log"))};
  {
    Bench bench(free_run(), options);
    test::SlcanComputer computer(folder / "can");
    start_up(bench);
    computer.send_frames("t1232AABB", 100);
    EXPECT_TRUE(run_until(bench, "can1/from_outside == 100", 60 * kSecond));
    bench.finish();
  }
  const std::string first = contents(folder / "first.log");
  EXPECT_EQ(first, contents(folder / "second.log"));
  int frames = 0;
  for (std::size_t at = first.find(" 123#AABB\n"); at != std::string::npos;
       at = first.find(" 123#AABB\n", at + 1)) {
    ++frames;
  }
  EXPECT_EQ(frames, 100);
}

TEST(HostPorts, PortForAMissingBusIsRefused) {
  Scenario scenario = free_run();
  scenario.product.rs485 = nullptr;
  BenchOptions options;
  options.rs485_ports = {can_emulator::parse_port_uri("tcp:127.0.0.1:1")};
  EXPECT_THROW(Bench(std::move(scenario), options), DataError);
}

}  // namespace
}  // namespace doppelpack::sim
