// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Real-time clock, insulation monitor, DIP switches, buttons: as the firmware sees them.
#include <gtest/gtest.h>

#include "scripted_core.hpp"
#include "sim/rtc.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::ScriptedBench;

TEST(Rtc, CountsItsOwnMilliseconds) {
  RtcState rtc;
  for (int i = 1; i <= 10000; ++i) advance(i * kMillisecond, 0.01, rtc);
  EXPECT_EQ(rtc.ms, 10100U);
  for (int i = 1; i <= 10000; ++i) advance((10000 + i) * kMillisecond, -0.01, rtc);
  EXPECT_EQ(rtc.ms, 20000U);
  rtc.ms = UINT32_MAX;
  advance(20001 * kMillisecond, 0.0, rtc);
  EXPECT_EQ(rtc.ms, 0U) << "it wraps";
}

TEST(Rtc, OfASpecimenIsAsFarOffAsItsSeedSays) {
  Scenario scenario = free_run();
  scenario.product.board.rtc_spread = 0.001;
  const double error = rtc_error(scenario.product, scenario.seed);
  EXPECT_NE(error, 0.0);
  EXPECT_NE(error, rtc_error(scenario.product, scenario.seed + 1));
  ScriptedBench bench(std::move(scenario));
  bench.run(100 * kSecond);
  EXPECT_NEAR(bench.core.in.rtc_ms, 100000.0 * (1.0 + error), 2.0);
}

TEST(Rtc, DriftsAsAFaultSays) {
  ScriptedBench bench(free_run());
  bench.run(10 * kSecond);
  EXPECT_NEAR(bench.core.in.rtc_ms, 10000.0, 1.0);
  bench.bench.inject("rtc-drift", 0, -0.1, "");
  bench.run(10 * kSecond);
  EXPECT_NEAR(bench.core.in.rtc_ms, 19000.0, 2.0);
}

TEST(Insulation, IsReadOncePerPeriodWhereThereIsAMonitor) {
  Scenario scenario = free_run();
  scenario.product.board.insulation_monitor = models::InsulationMonitorParameters{};
  ScriptedBench bench(std::move(scenario));
  int readings = 0;
  bench.core.decide = [&](bms_outputs_t&) {
    readings += (bench.core.in.fresh & BMS_FRESH_INSULATION) != 0 ? 1 : 0;
  };
  bench.run(10 * kSecond + 500 * kMillisecond);
  EXPECT_EQ(readings, 10);
  EXPECT_NEAR(bench.core.in.insulation_kOhm, 10000.0, 500.0);
  bench.bench.inject("insulation-fault", 0, 50e3, "");
  bench.run(60 * kSecond);
  EXPECT_NEAR(bench.core.in.insulation_kOhm, 50.0, 4.0);
}

TEST(Insulation, IsUnknownWithoutAMonitor) {
  ScriptedBench bench(free_run());
  bench.run(5 * kSecond);
  EXPECT_EQ(bench.core.in.insulation_kOhm, UINT16_MAX);
  EXPECT_EQ(bench.core.fresh & BMS_FRESH_INSULATION, 0U);
}

TEST(Dip, IsSetByTheScenarioAndByAControl) {
  Scenario scenario = free_run();
  scenario.initial.dip = 5;
  ScriptedBench bench(std::move(scenario));
  bench.run(kMillisecond);
  EXPECT_EQ(bench.core.in.dip, 5);
  bench.bench.set("bms1/dip", 300.0);
  bench.run(kMillisecond);
  EXPECT_EQ(bench.core.in.dip, 255);
}

TEST(Buttons, ArePressedForAsLongAsAsked) {
  ScriptedBench bench(free_run());
  for (const auto& [name, bit] : {std::pair{"power", BMS_BUTTON_POWER},
                                  {"reset", BMS_BUTTON_RESET},
                                  {"switch", BMS_BUTTON_SWITCH},
                                  {"wake", BMS_BUTTON_WAKE}}) {
    bench.bench.press(name, 2 * kSecond);
    int pressed = 0;
    bench.core.decide = [&, wanted = static_cast<std::uint32_t>(bit)](bms_outputs_t&) {
      pressed += bench.core.in.buttons == wanted ? 1 : 0;
    };
    bench.run(5 * kSecond);
    EXPECT_EQ(pressed, 2000) << name;
  }
}

}  // namespace
}  // namespace doppelpack::sim
