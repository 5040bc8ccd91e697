// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The brands of inverters on a running bench: what each puts on the wire, and when it gives up.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench_fixture.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

struct LoggedFrame {
  double t_s = 0.0;
  std::string id;  ///< three or eight digits
  std::string data;
};

/// A bench whose bus logs are read afterwards.
class LoggedRun {
 public:
  void run(Scenario scenario, Time duration_ns) {
    BenchOptions options;
    options.out = folder_ / "run";
    Bench bench(std::move(scenario), options);
    bench.run_until(duration_ns);
    bench.finish();
  }
  std::vector<LoggedFrame> can_frames() const {
    std::vector<LoggedFrame> frames;
    std::ifstream lines(folder_ / "run" / "can1.log");
    for (std::string line; std::getline(lines, line);) {
      LoggedFrame frame;
      char id[16] = "";
      char data[32] = "";
      if (std::sscanf(line.c_str(), "(%lf) %*s %15[^#]#%31s", &frame.t_s, id, data) < 2) continue;
      frame.id = id;
      frame.data = data;
      frames.push_back(frame);
    }
    return frames;
  }
  std::vector<double> times_s(std::string_view id) const {
    std::vector<double> times;
    for (const LoggedFrame& frame : can_frames())
      if (frame.id == id) times.push_back(frame.t_s);
    return times;
  }
  std::vector<double> requests_s() const {
    std::vector<double> times;
    std::ifstream lines(folder_ / "run" / "rs485_1.log");
    for (std::string line; std::getline(lines, line);) {
      double t_s = 0.0;
      char direction = 0;
      if (std::sscanf(line.c_str(), "(%lf) %c", &t_s, &direction) == 2 && direction == '<')
        times.push_back(t_s);
    }
    return times;
  }

 private:
  TemporaryFolder folder_;
};

std::vector<double> intervals(const std::vector<double>& times_s) {
  std::vector<double> found;
  for (std::size_t i = 1; i < times_s.size(); ++i) found.push_back(times_s[i] - times_s[i - 1]);
  return found;
}

Scenario talking_by(std::string_view protocol, std::string_view inverter) {
  Scenario scenario = free_run(0.5, inverter);
  scenario.product.can = can_emulator::find_can_protocol(protocol);
  return scenario;
}

struct Brand {
  const char* key;
  Time timeout_s;
};
constexpr Brand kBrands[]{
    {"victron-gx", 15}, {"sma-sunny-island", 60}, {"deye", 10},     {"growatt-spf", 10},
    {"solis", 15},      {"goodwe", 15},           {"luxpower", 30}, {"schneider", 60},
    {"ecgsolax", 30}};

TEST(InverterBrands, are_listed) {
  std::set<std::string> listed;
  for (const CatalogueEntry& entry : list_inverters(find_data_folder())) listed.insert(entry.key);
  for (const Brand& brand : kBrands) EXPECT_TRUE(listed.contains(brand.key)) << brand.key;
  EXPECT_TRUE(listed.contains("voltronic"));
}

TEST(InverterBrands, lose_the_battery_after_their_own_time_and_stop) {
  for (const Brand& brand : kBrands) {
    SCOPED_TRACE(brand.key);
    Bench bench(free_run(0.5, brand.key));
    start_up(bench);
    bench.set("inverter1/demand_W", 1000.0);
    bench.run_until(bench.now_ns() + 15 * kSecond);
    EXPECT_GT(read(bench, "pack1/current_A"), 10.0);
    EXPECT_EQ(read(bench, "inverter1/is_alarm"), 0.0);
    bench.inject("can-unplugged", 0, {}, "");
    bench.run_until(bench.now_ns() + brand.timeout_s * kSecond - 1500 * kMillisecond);
    EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 0.0);
    bench.run_until(bench.now_ns() + 2 * kSecond);
    EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 1.0);
    EXPECT_EQ(read(bench, "inverter1/is_alarm"), 1.0);
    bench.run_until(bench.now_ns() + 2 * kSecond);
    EXPECT_EQ(read(bench, "inverter1/target_A"), 0.0);
    EXPECT_LT(read(bench, "pack1/current_A"), 0.0) << "its standby";
    EXPECT_GT(read(bench, "pack1/current_A"), -1.0);
  }
}

TEST(InverterBrands, voltronic_asks_seldom_and_goes_on_by_its_own_voltages) {
  LoggedRun log;
  log.run(free_run(0.5, "voltronic"), 20 * kSecond);
  const auto gaps_s = intervals(log.requests_s());
  ASSERT_GE(gaps_s.size(), 6U);
  // Logged when the last byte has arrived, and its requests are not all of one length.
  for (const double gap_s : gaps_s) EXPECT_NEAR(gap_s, 2.6, 3e-3);

  Bench bench(free_run(0.5, "voltronic"));
  start_up(bench);
  bench.set("inverter1/demand_W", 1000.0);
  bench.inject("rs485-unplugged", 0, {}, "");
  ASSERT_TRUE(run_until(bench, "inverter1/is_battery_lost == yes", 70 * kSecond));
  EXPECT_GT(bench.now_ns(), 75 * kSecond);
  bench.run_until(bench.now_ns() + 5 * kSecond);
  EXPECT_GT(read(bench, "pack1/current_A"), 10.0);
  EXPECT_EQ(read(bench, "inverter1/max_V"), 56.4);
  EXPECT_EQ(read(bench, "inverter1/is_alarm"), 1.0);
}

TEST(InverterBrands, victron_says_vic_and_hurries_without_a_battery) {
  LoggedRun with;
  with.run(free_run(0.5, "victron-gx"), 10 * kSecond);
  EXPECT_NEAR(static_cast<double>(with.times_s("305").size()), 11.0, 2.0);
  EXPECT_GE(with.times_s("306").size(), 9U);
  for (const LoggedFrame& frame : with.can_frames()) {
    if (frame.id != "307") continue;
    EXPECT_EQ(frame.data, "1234567856494300");
  }

  LoggedRun without;
  without.run(talking_by("pylontech-hv-can", "victron-gx"), 10 * kSecond);
  EXPECT_NEAR(static_cast<double>(without.times_s("305").size()), 100.0, 2.0);
  EXPECT_EQ(without.times_s("305").size(), without.times_s("307").size());
  EXPECT_TRUE(without.times_s("306").empty());
}

TEST(InverterBrands, sunny_island_sends_what_it_measures) {
  LoggedRun log;
  log.run(talking_by("sma-can", "sma-sunny-island"), 10 * kSecond);
  LoggedFrame last;
  LoggedFrame status;
  for (const LoggedFrame& frame : log.can_frames()) {
    if (frame.id == "305") last = frame;
    if (frame.id == "306") status = frame;
  }
  ASSERT_EQ(last.data.size(), 16U);
  const int decivolts = std::stoi(last.data.substr(2, 2) + last.data.substr(0, 2), nullptr, 16);
  EXPECT_NEAR(decivolts / 10.0, 52.8, 1.0);
  EXPECT_EQ(status.data.substr(0, 12), "64000A010000");
}

TEST(InverterBrands, deye_answers_each_measurement_but_in_its_gaps) {
  LoggedRun log;
  log.run(free_run(0.5, "deye"), 20 * kSecond);
  const auto measurements_s = log.times_s("356");
  const auto beats_s = log.times_s("305");
  ASSERT_GE(measurements_s.size(), 19U);
  ASSERT_EQ(beats_s.size(), measurements_s.size());
  for (std::size_t i = 0; i < beats_s.size(); ++i) {
    EXPECT_GT(beats_s[i], measurements_s[i]);
    EXPECT_LT(beats_s[i], measurements_s[i] + 0.005);
  }

  Scenario hasty = free_run(0.5, "deye");
  ASSERT_EQ(hasty.inverter.heartbeat.gaps.size(), 2U);
  EXPECT_EQ(hasty.inverter.heartbeat.gaps[0].every_ns, 7200 * kSecond);
  EXPECT_EQ(hasty.inverter.heartbeat.gaps[1].every_ns, 86400 * kSecond);
  hasty.inverter.heartbeat.gaps[0].every_ns = 10 * kSecond;  // in place of two hours
  LoggedRun gap;
  gap.run(std::move(hasty), 19 * kSecond);
  double longest_s = 0.0;
  for (const double gap_s : intervals(gap.times_s("305"))) longest_s = std::max(longest_s, gap_s);
  EXPECT_GT(longest_s, 3.0);
  EXPECT_LT(longest_s, 5.1);
}

TEST(InverterBrands, one_told_not_to_beat_answers_nothing_either) {
  Scenario mute = free_run(0.5, "deye");
  mute.inverter.heartbeat.is_sent = false;
  Bench bench(std::move(mute));
  start_up(bench);
  EXPECT_EQ(read(bench, "can1/from_inverter"), 0.0);
  EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 0.0);
}

TEST(InverterBrands, growatt_asks_twice_a_second_in_the_protocol_of_the_pack) {
  for (const auto& [protocol, id] :
       {std::pair{"growatt-lv-can", "301"}, std::pair{"pylontech-lv-can", "305"}}) {
    LoggedRun log;
    log.run(talking_by(protocol, "growatt-spf"), 10 * kSecond);
    const auto gaps_s = intervals(log.times_s(id));
    EXPECT_GE(gaps_s.size(), 18U) << protocol;
    for (const double gap_s : gaps_s) EXPECT_NEAR(gap_s, 0.51, 0.005) << protocol;
  }
}

TEST(InverterBrands, jitter_by_the_seed_about_a_second) {
  for (const char* const brand : {"solis", "goodwe", "luxpower"}) {
    SCOPED_TRACE(brand);
    std::vector<std::vector<double>> runs;
    for (const std::uint64_t seed : {1U, 1U, 2U}) {
      Scenario scenario = free_run(0.5, brand);
      scenario.seed = seed;
      LoggedRun log;
      log.run(std::move(scenario), 12 * kSecond);
      runs.push_back(log.times_s("305"));
    }
    ASSERT_GE(runs[0].size(), 11U);
    EXPECT_EQ(runs[0], runs[1]);
    EXPECT_NE(runs[0], runs[2]);
    std::set<int> lengths_ms;
    for (const double gap_s : intervals(runs[0])) {
      EXPECT_NEAR(gap_s, 1.0, 0.101);
      lengths_ms.insert(static_cast<int>(gap_s * 1000.0));
    }
    EXPECT_GT(lengths_ms.size(), 5U);
  }
}

TEST(InverterBrands, schneider_beats_with_extended_identifiers) {
  LoggedRun log;
  log.run(free_run(0.5, "schneider"), 10 * kSecond);
  EXPECT_GE(log.times_s("00000305").size(), 9U);
  EXPECT_TRUE(log.times_s("305").empty());
}

TEST(InverterBrands, ecgsolax_is_silent_and_hears_a_pack_that_talks_all_the_same) {
  Bench bench(free_run(0.5, "ecgsolax"));
  start_up(bench);
  EXPECT_EQ(read(bench, "can1/from_inverter"), 0.0);
  EXPECT_EQ(read(bench, "can1/from_pack"), 120.0);
  EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 0.0);
}

TEST(InverterBrands, sunny_island_takes_its_time_over_a_lower_limit) {
  const InverterDesign design = load_inverter("sma-sunny-island", find_data_folder());
  InverterState state;
  SiteState site;
  state.demand_W = 100e3;
  Time t_ns = 0;
  const auto target_A = [&](Time after_ns) {
    t_ns += after_ns;
    state.last_heard_ns = t_ns;
    control(design, t_ns, {50.0, 0.0}, site, state);
    return state.target_A;
  };
  state.battery.ccl_A = 80.0;
  target_A(0);
  EXPECT_EQ(target_A(9 * kSecond), 80.0);
  state.battery.ccl_A = 5.0;
  target_A(100 * kMillisecond);
  EXPECT_EQ(target_A(8900 * kMillisecond), 80.0);
  EXPECT_EQ(target_A(100 * kMillisecond), 5.0);
  state.battery.protections = 1;
  EXPECT_EQ(target_A(100 * kMillisecond), 0.0) << "an alarm puts it into standby at once";
}

TEST(DisobedientHeartbeat, stops_or_has_the_wrong_identifier) {
  LoggedRun stopped;
  stopped.run(free_run(0.5, "disobedient-heartbeat-stop"), 70 * kSecond);
  const auto beats_s = stopped.times_s("305");
  ASSERT_EQ(beats_s.size(), 60U);
  EXPECT_LT(beats_s.back(), 60.0);
  LoggedRun extended;
  extended.run(free_run(0.5, "disobedient-heartbeat-id"), 5 * kSecond);
  EXPECT_EQ(extended.times_s("00000305").size(), 5U);
}

}  // namespace
}  // namespace doppelpack::sim
