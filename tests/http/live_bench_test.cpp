// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A live bench from both sides: the thread that runs it, and those that watch and handle it.

#include "../../sim/http/live_bench.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>

#include "../sim/test_disk.hpp"
#include "../temporary_folder.hpp"
#include "sim/load.hpp"

namespace doppelpack::http {
namespace {

using sim::kSecond;
using sim::Time;

sim::Scenario served(const char* product = "pylontech-us5000") {
  const auto data_folder = sim::find_data_folder();
  return sim::make_free_run(sim::load_product(product, data_folder),
                            sim::load_inverter("listener", data_folder));
}

double value(const LiveBench& live, std::string_view name) {
  return live.frame()->values[live.signals().find(name)];
}

/// Posts a command, lets the bench obey it, and returns what became of it.
Outcome ask(LiveBench& live, Command command) {
  std::optional<std::future<Outcome>> letter = live.mailbox().post(std::move(command));
  live.run_slice(live.bench().now_ns());
  return letter->get();
}

void run_to(LiveBench& live, Time t_ns) {
  while (live.bench().now_ns() < t_ns) live.run_slice(t_ns);
}

TEST(LiveBench, watching_does_not_change_a_bit) {
  LiveBench live(served(), {});
  live.bench().set("inverter1/demand_W", 1000.0);
  run_to(live, 30 * kSecond);
  sim::Bench alone(served(), {});
  alone.set("inverter1/demand_W", 1000.0);
  alone.run_until(30 * kSecond);
  EXPECT_EQ(live.bench().recorder().events().sha256(), alone.recorder().events().sha256());
}

TEST(LiveBench, obeys_publishes_and_sends_while_its_disk_stands_still) {
  const TemporaryFolder folder;
  const auto disk = std::make_shared<sim::test::TestDisk>();
  sim::BenchOptions options;
  options.speed = 1000.0;
  options.out = folder / "out";
  options.recording.disk = disk;
  options.recording.queue_bytes = 16384;
  LiveBench live(served(), options);
  disk->stop();
  run_to(live, kSecond);
  disk->wait_for_a_writer();
  const std::uint64_t before = live.frame()->number;
  EXPECT_EQ(ask(live, Press{"power", kSecond, 1}).problem, "");
  run_to(live, 60 * kSecond);
  EXPECT_GT(live.frame()->number, before + 1);
  EXPECT_EQ(live.frame()->t_ns, 60 * kSecond);
  EXPECT_GT(live.bench().state().can.from_pack, 200U);
  disk->release();
  const sim::RunResult result = live.bench().finish();
  EXPECT_GT(result.recording.value().lost_rows, 0U);
  EXPECT_EQ(result.recording->stopped, "");
}

TEST(LiveBench, publishes_what_the_bench_holds) {
  LiveBench live(served(), {});
  run_to(live, 5 * kSecond);
  const auto frame = live.frame();
  EXPECT_EQ(frame->t_ns, 5 * kSecond);
  const auto signals = live.bench().signals().all();
  ASSERT_EQ(frame->values.size(), signals.size());
  EXPECT_EQ(value(live, "pack1/cell03/voltage_V"),
            signals[live.signals().find("pack1/cell03/voltage_V")].read(live.bench().state()));
  EXPECT_FALSE(frame->buses->can.empty());
}

TEST(LiveBench, a_frame_stays_as_it_was) {
  LiveBench live(served(), {});
  const auto old = live.frame();
  run_to(live, 3 * kSecond);
  EXPECT_EQ(old->t_ns, 0);
  EXPECT_GT(live.frame()->number, old->number);
  EXPECT_TRUE(old->buses->can.empty());
}

TEST(LiveBench, who_asks_sees_it_done) {
  LiveBench live(served(), {});
  run_to(live, 2 * kSecond);
  EXPECT_TRUE(ask(live, Inject{"ntc-open", 2, "", "wire", 1}).is_done());
  ASSERT_EQ(live.frame()->events->faults.size(), 1U);
  EXPECT_EQ(live.frame()->events->faults[0].id, "wire");
  EXPECT_TRUE(ask(live, Clear{"wire"}).is_done());
  EXPECT_TRUE(live.frame()->events->faults.empty());
}

TEST(LiveBench, says_in_one_line_what_it_refuses) {
  LiveBench live(served(), {});
  const Outcome outcome = ask(live, Inject{"ntc-opn", 2, "", "", 1});
  EXPECT_NE(outcome.problem.find("did you mean ntc-open"), std::string::npos);
  EXPECT_EQ(outcome.problem.find('\n'), std::string::npos);
  EXPECT_FALSE(ask(live, SetSpeed{-1.0}).is_done());
  EXPECT_FALSE(ask(live, SetControl{"inverter1/demand_W", "3 V"}).is_done());
  EXPECT_FALSE(ask(live, SetControl{"pack1/soc", "1"}).is_done());
}

TEST(LiveBench, values_as_people_write_them) {
  LiveBench live(served(), {});
  EXPECT_TRUE(ask(live, SetControl{"inverter1/demand_W", "1.5 kW"}).is_done());
  EXPECT_EQ(value(live, "inverter1/demand_W"), 1500.0);
  EXPECT_TRUE(ask(live, SetControl{"inverter1/demand_W", "-20"}).is_done());
  EXPECT_EQ(value(live, "inverter1/demand_W"), -20.0);
  EXPECT_TRUE(ask(live, SetControl{"inverter1/is_connected", "no"}).is_done());
  EXPECT_EQ(value(live, "inverter1/is_connected"), 0.0);
}

TEST(LiveBench, stands_still_until_it_runs_again) {
  LiveBench live(served(), {});
  EXPECT_TRUE(ask(live, SetRunning{false}).is_done());
  const Time t_ns = live.bench().now_ns();
  live.mailbox().wake();  // or it waits for somebody to ask for something
  live.run_slice(kSecond);
  EXPECT_EQ(live.bench().now_ns(), t_ns);
  EXPECT_FALSE(live.frame()->clock.is_running);
  EXPECT_TRUE(ask(live, SetRunning{true}).is_done());
  live.run_slice(kSecond);
  EXPECT_GT(live.bench().now_ns(), t_ns);
}

TEST(LiveBench, a_step_is_as_long_as_it_is_asked_for) {
  LiveBench live(served(), {});
  ask(live, SetRunning{false});
  const Time t_ns = live.bench().now_ns();
  ask(live, Step{1234 * sim::kMillisecond});
  while (live.frame()->clock.is_running) live.run_slice(60 * kSecond);
  EXPECT_EQ(live.bench().now_ns(), t_ns + 1234 * sim::kMillisecond);
}

TEST(LiveBench, goes_on_from_a_kept_moment_as_it_did) {
  LiveBench live(served(), {});
  run_to(live, 2 * kSecond);
  EXPECT_TRUE(ask(live, TakeSnapshot{"before"}).is_done());
  EXPECT_TRUE(ask(live, Inject{"ntc-open", 2, "", "", 1}).is_done());
  run_to(live, 10 * kSecond);
  const std::string first = live.bench().recorder().events().sha256();
  ask(live, SetRunning{false});
  EXPECT_TRUE(ask(live, Restore{1}).is_done());
  EXPECT_EQ(live.frame()->t_ns, 2 * kSecond);
  EXPECT_EQ(live.frame()->restores, 1U);
  EXPECT_TRUE(live.frame()->events->faults.empty());
  EXPECT_TRUE(live.frame()->buses->can.empty());
  ask(live, SetRunning{true});
  EXPECT_TRUE(ask(live, Inject{"ntc-open", 2, "", "", 1}).is_done());
  run_to(live, 10 * kSecond);
  EXPECT_EQ(live.bench().recorder().events().sha256(), first);
}

TEST(LiveBench, keeps_the_last_moments_only) {
  LiveBench live(served(), {});
  for (int i = 0; i < 20; ++i) ask(live, TakeSnapshot{});
  ASSERT_EQ(live.frame()->snapshots.size(), LiveBench::kMostSnapshots);
  EXPECT_EQ(live.frame()->snapshots.front().number, 5);
  EXPECT_FALSE(ask(live, Restore{4}).is_done());
  EXPECT_TRUE(ask(live, Restore{5}).is_done());
}

TEST(LiveBench, a_step_ends_when_time_runs_again) {
  LiveBench live(served(), {});
  ask(live, Step{3600 * kSecond});
  ask(live, SetRunning{false});
  const Time t_ns = live.bench().now_ns();
  EXPECT_LT(t_ns, 3600 * kSecond);
  EXPECT_FALSE(live.frame()->clock.is_running);
}

}  // namespace
}  // namespace doppelpack::http
