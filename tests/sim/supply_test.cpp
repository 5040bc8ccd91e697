// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A BMS whose supply dies: dark and silent, until a charger brings it back.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "bench_fixture.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;
using test::start_up;

/// A pack whose BMS dies well above what the cells are empty at, so that any load can kill it.
Scenario fussy(double soc, double dies_below_V, std::string_view inverter) {
  Scenario scenario = free_run(soc, inverter);
  scenario.product.supply = {dies_below_V, dies_below_V + 0.3, 0.01};
  return scenario;
}

auto count_events(const Bench& bench, std::string_view kind) {
  const std::vector<Event>& events = bench.recorder().events().events();
  return std::count_if(events.begin(), events.end(),
                       [&](const Event& event) { return event.kind == kind; });
}

// Nearly empty cells at rest are at 50 V, less than they need here.
class DeadSupply : public ::testing::Test {
 protected:
  DeadSupply() {
    bench.run_until(kSecond);
    bench.run_until(bench.now_ns() + kSecond);
  }

  Bench bench{fussy(0.03, 51.0, "disobedient-charger")};
};

TEST_F(DeadSupply, MeansDarkAndSilent) {
  EXPECT_EQ(read(bench, "pack1/is_supply_alive"), 0.0);
  EXPECT_EQ(read(bench, "bms1/charge_gate"), 0.0);
  EXPECT_EQ(read(bench, "bms1/discharge_gate"), 0.0);
  EXPECT_EQ(read(bench, "bms1/led/run"), 0.0);
  EXPECT_FALSE(bench.state().units[0].pack_inputs.charge_gate);
  EXPECT_FALSE(bench.state().units[0].pack_inputs.discharge_gate);
  const BusCounters can = bench.state().can;
  const BusCounters rs485 = bench.state().rs485;
  const std::uint32_t heard = bench.state().units[0].bms_inputs.bus.inverter_frames;
  const std::uint64_t samples = bench.state().units[0].sensing.samples;
  bench.run_until(bench.now_ns() + 20 * kSecond);
  EXPECT_EQ(bench.state().can.from_pack, can.from_pack);
  EXPECT_EQ(bench.state().can.from_inverter, can.from_inverter) << "nobody acknowledges it";
  EXPECT_EQ(bench.state().rs485.from_pack, rs485.from_pack);
  EXPECT_EQ(bench.state().units[0].sensing.samples, samples) << "no conversions";
  EXPECT_EQ(bench.state().units[0].bms_inputs.bus.inverter_frames, heard);
  EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 1.0);
}

TEST_F(DeadSupply, IsRevivedByAChargerAndStartsFromItsMemory) {
  bench.set("inverter1/demand_W", 2000.0);
  ASSERT_TRUE(run_until(bench, "pack1/is_supply_alive == yes", 10 * kSecond));
  EXPECT_NEAR(read(bench, "bms1/soc"), 0.03, 1e-9);
  EXPECT_LT(bench.state().units[0].bms_outputs.report.uptime_ms, 10U);
  const std::uint64_t sent = bench.state().can.from_pack;
  bench.run_until(bench.now_ns() + 2 * kSecond);
  EXPECT_GT(bench.state().can.from_pack, sent);
}

TEST(Supply, DiesUnderLoadAndIsLogged) {
  Bench bench(fussy(0.5, 52.0, "disobedient-charger"));
  start_up(bench);
  bench.set("inverter1/demand_W", 2500.0);
  bench.run_until(bench.now_ns() + 600 * kSecond);
  ASSERT_EQ(read(bench, "pack1/is_supply_alive"), 1.0);
  ASSERT_GT(read(bench, "pack1/soc"), 0.55);
  bench.inject("discharge-mosfet-stuck-closed", 0, {}, "");
  bench.set("inverter1/demand_W", -8000.0);
  ASSERT_TRUE(run_until(bench, "pack1/is_supply_alive == no", 10 * kSecond));
  EXPECT_EQ(count_events(bench, "supply"), 1);
  EXPECT_FALSE(bench.state().units[0].pack_inputs.discharge_gate);
  bench.run_until(bench.now_ns() + kSecond);
  EXPECT_LT(read(bench, "pack1/current_A"), -100.0) << "nothing is left to stop it";
  bench.set("inverter1/demand_W", 0.0);
  EXPECT_TRUE(run_until(bench, "pack1/is_supply_alive == yes", 30 * kSecond));
  EXPECT_EQ(count_events(bench, "supply"), 2);
}

TEST(Supply, OutlastsAShortCircuit) {
  Scenario scenario = free_run();
  scenario.product.supply = {45.0, 46.0, 0.01};
  Bench bench(std::move(scenario));
  start_up(bench);
  bench.inject("terminal-short", 0, 0.005, "");
  bench.run_until(bench.now_ns() + 150 * kMicrosecond);
  ASSERT_LT(read(bench, "pack1/stack_V"), 45.0);
  bench.run_until(bench.now_ns() + kSecond);
  EXPECT_EQ(read(bench, "pack1/is_supply_alive"), 1.0);
}

}  // namespace
}  // namespace doppelpack::sim
