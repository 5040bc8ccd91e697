// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The brands of inverters on a running bench: what each puts on the wire, and when it gives up.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
  /// Their bytes.
  std::vector<std::string> requests() const {
    std::vector<std::string> found;
    std::ifstream lines(folder_ / "run" / "rs485_1.log");
    for (std::string line; std::getline(lines, line);) {
      const std::size_t mark = line.find("< ");
      if (mark == std::string::npos) continue;
      std::string bytes;
      for (std::size_t at = mark + 2; at + 1 < line.size(); at += 2)
        bytes += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
      found.push_back(bytes);
    }
    return found;
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
constexpr Brand kBrands[]{{"victron-gx", 15}, {"sma-sunny-island", 60},
                          {"deye", 10},       {"growatt-spf", 10},
                          {"solis", 15},      {"goodwe", 15},
                          {"luxpower", 30},   {"schneider", 60},
                          {"ecgsolax", 30},   {"sofar", 15}};

TEST(InverterBrands, are_listed) {
  std::set<std::string> listed;
  for (const CatalogueEntry& entry : list_inverters(find_data_folder())) listed.insert(entry.key);
  for (const Brand& brand : kBrands) EXPECT_TRUE(listed.contains(brand.key)) << brand.key;
  for (const char* const more : {"voltronic", "voltronic-vm3", "growatt-spf-rs485", "deye-v33"})
    EXPECT_TRUE(listed.contains(more)) << more;
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

TEST(InverterBrands, voltronic_looks_for_its_pack_asks_seldom_and_goes_on_by_its_own_voltages) {
  LoggedRun log;
  log.run(free_run(0.5, "voltronic"), 25 * kSecond);
  // Its pack answers once it is awake.
  const std::vector<std::string> texts = log.requests();
  for (std::size_t i = 0; i < 6; ++i) {
    const std::string expected = std::array{"52", "42", "32", "22", "12", "02"}[i];
    EXPECT_EQ(texts.at(i).substr(0, 13), "~00" + expected + "464F0000");
  }
  const auto gaps_s = intervals(log.requests_s());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(gaps_s.at(i), 0.41, 3e-3);
  EXPECT_EQ(texts.back().substr(0, 3), "~20") << "it polls";
  // Logged when the last byte has arrived, and its requests are not all of one length.
  EXPECT_NEAR(gaps_s.back(), 2.6, 3e-3);

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
  bench.clear("rs485-unplugged");
  EXPECT_TRUE(run_until(bench, "inverter1/is_battery_lost == no", 20 * kSecond))
      << "it looked for it again";
}

TEST(InverterBrands, voltronic_vm3_wants_an_answer_in_its_own_version) {
  Bench bench(free_run(0.5, "voltronic-vm3"));
  start_up(bench);
  EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 0.0);

  Scenario other = free_run(0.5, "voltronic-vm3");
  other.inverter.rs485_scan.requests = {"~2002464F0000FD98"};  // answered in version 20
  Bench deaf(std::move(other));
  start_up(deaf);
  EXPECT_GT(read(deaf, "rs485_1/from_pack"), 10.0);
  EXPECT_EQ(read(deaf, "inverter1/is_battery_lost"), 1.0);
}

TEST(InverterBrands, growatt_polls_its_registers_over_modbus) {
  Scenario scenario = free_run(0.5, "growatt-spf-rs485");
  scenario.product.rs485 = can_emulator::find_serial_protocol("growatt-rs485");
  scenario.product.identity.serial_address = 1;
  LoggedRun log;
  log.run(std::move(scenario), 20 * kSecond);
  for (const double gap_s : intervals(log.requests_s())) EXPECT_NEAR(gap_s, 0.5, 3e-3);
  const std::vector<std::string> asked = log.requests();
  for (const char* const question :
       {"\x01\x03\0\x01\0\x0F", "\x01\x03\0\x70\0\x11", "\x01\x03\0\x10\0\x1B"}) {
    const std::string begin(question, 6);
    EXPECT_GE(std::count_if(asked.begin(), asked.end(),
                            [&](const std::string& text) { return text.starts_with(begin); }),
              12);
  }
}

TEST(InverterBrands, victron_takes_a_pack_that_says_pn_for_fifteen_cells) {
  Bench pylontech(free_run(0.5, "victron-gx", "pylontech-us5000"));
  start_up(pylontech);
  EXPECT_EQ(read(pylontech, "inverter1/cvl_V"), 53.2);
  EXPECT_EQ(read(pylontech, "inverter1/max_V"), 52.4);

  Bench dyness(free_run(0.5, "victron-gx", "dyness-bx51100"));
  start_up(dyness);
  EXPECT_EQ(read(dyness, "inverter1/cvl_V"), 56.0);
  EXPECT_EQ(read(dyness, "inverter1/max_V"), 56.0);
  EXPECT_EQ(dyness.state().inverter.battery.manufacturer, "DYNESS-L");
  EXPECT_FALSE(dyness.state().inverter.battery.family) << "no PN";
}

TEST(InverterBrands, luxpower_and_sofar_read_the_frames_in_their_own_way) {
  const auto heard = [](std::string_view inverter) {
    Bench bench(free_run(0.5, inverter));
    start_up(bench);
    return bench.state().inverter.battery;
  };
  EXPECT_EQ(heard("luxpower").full_Ah, 0x4E50) << "'PN', taken for the capacity";
  EXPECT_FALSE(heard("solis").full_Ah.has_value());

  Scenario counting = free_run(0.5, "sofar");
  const auto& options = counting.product.can->options;
  const auto measurements = std::find_if(options.begin(), options.end(), [](const auto& option) {
    return option.key == "measurements";
  });
  counting.product.identity.can_choices[static_cast<std::size_t>(measurements - options.begin())] =
      1;
  Bench bench(std::move(counting));
  start_up(bench);
  EXPECT_TRUE(bench.state().inverter.battery.cycle_count.has_value());
}

TEST(InverterBrands, deye_alarms_when_the_pack_counts_in_tenths_of_a_volt) {
  Scenario scenario = free_run(0.5, "deye");
  const auto& options = scenario.product.can->options;
  const auto voltage = std::find_if(options.begin(), options.end(),
                                    [](const auto& option) { return option.key == "voltage"; });
  scenario.product.identity.can_choices[static_cast<std::size_t>(voltage - options.begin())] = 1;
  Bench bench(std::move(scenario));
  start_up(bench);
  EXPECT_NEAR(read(bench, "inverter1/is_alarm"), 1.0, 0.0);
  EXPECT_NEAR(*bench.state().inverter.battery.pack_V, 5.28, 0.1);
}

TEST(InverterBrands, deye_tells_the_time_in_its_own_protocol) {
  LoggedRun log;
  log.run(talking_by("deye-lv-can", "deye-v33"), 70 * kSecond);
  std::vector<LoggedFrame> beats = log.can_frames();
  std::erase_if(beats, [](const LoggedFrame& frame) { return frame.id != "305"; });
  ASSERT_FALSE(beats.empty());
  EXPECT_EQ(beats.back().data.substr(2), "010001011A0000") << "00:01 of 1 January 2026";
}

TEST(InverterBrands, sol_ark_takes_full_frames_only) {
  Bench pylontech(free_run(0.5, "sol-ark"));
  start_up(pylontech);
  EXPECT_FALSE(pylontech.state().inverter.battery.soc) << "0x355 has four bytes";
  Scenario padded = free_run(0.5, "sol-ark");
  padded.product.identity.can_choices[0] = 1;  // frame_length: all8
  Bench clone(std::move(padded));
  start_up(clone);
  EXPECT_TRUE(clone.state().inverter.battery.soc);
  EXPECT_GT(read(clone, "can1/from_inverter"), 15.0);
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
