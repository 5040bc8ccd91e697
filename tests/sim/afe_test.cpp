// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What else the AFE brings the firmware: the MOSFETs' thermistor, test currents, comparators, and
// what happens when it falls silent or its transfers are spoilt.
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_core.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::ScriptedBench;

constexpr std::uint32_t kAllGroups = BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS;

class Afe : public ::testing::Test, protected ScriptedBench {
 protected:
  Afe() : ScriptedBench(free_run(0.5, "disobedient-charger")) {
    core.out.charge_gate = core.out.discharge_gate = true;
    run(kSecond);
  }
  int cell_counts(int cell) const { return core.in.cell_adc[cell]; }
};

TEST_F(Afe, BringsTheMosfetsThermistorOnItsOwnInput) {
  EXPECT_NEAR(core.in.mosfet_ntc_adc, core.in.ntc_adc[0], 30) << "all is at 25 degC";
  EXPECT_EQ(core.in.ntc_adc[4], 0) << "it is none of the cells'";
  const int cold = core.in.mosfet_ntc_adc;
  bench.set("inverter1/demand_W", -5000.0);
  run(120 * kSecond);
  EXPECT_LT(core.in.mosfet_ntc_adc, cold - 20) << "warmed by 100 A";
  bench.inject("ntc-open", 5, {}, "");
  run(kSecond);
  EXPECT_EQ(core.in.mosfet_ntc_adc, 4095);
  EXPECT_LT(core.in.ntc_adc[3], 3000);
}

TEST_F(Afe, MovesAnOpenLineByItsTestCurrentAndNoHealthyOne) {
  const int healthy = cell_counts(6);
  core.out.pull_downs = std::uint64_t{1} << 7;
  run(100 * kMillisecond);
  EXPECT_NEAR(cell_counts(6), healthy - 262, 15) << "100 uA through 1 kOhm are 0.1 V";
  core.out.pull_downs = 0;
  bench.inject("sense-wire-open", 8, {}, "");
  run(100 * kMillisecond);
  core.out.pull_downs = std::uint64_t{1} << 7;
  run(100 * kMillisecond);
  EXPECT_LT(cell_counts(6), healthy / 10) << "collapsed onto its neighbour";
  EXPECT_GT(cell_counts(7), healthy * 18 / 10) << "both, up to the end of the range";
  core.out.pull_downs = 0;
  bench.clear("sense-wire-open");
  run(100 * kMillisecond);
  EXPECT_NEAR(cell_counts(6), healthy, 15);
}

TEST_F(Afe, SaysNothingNewWhenItIsSilent) {
  bench.inject("afe-silent", 0, {}, "");
  bench.set("inverter1/demand_W", -3000.0);
  run(kMillisecond);
  core.fresh = 0;
  const bms_inputs_t before = core.in;
  run(5 * kSecond);
  EXPECT_EQ(core.fresh, 0U);
  EXPECT_EQ(core.in.shunt_adc, before.shunt_adc);
  EXPECT_TRUE(std::equal(before.cell_adc, before.cell_adc + 16, core.in.cell_adc));
  EXPECT_EQ(core.in.afe_errors, 0U) << "it does not even answer wrongly";
  bench.clear("afe-silent");
  run(kSecond);
  EXPECT_EQ(core.fresh, kAllGroups);
  EXPECT_LT(core.in.shunt_adc, -1000);
}

TEST_F(Afe, CountsEveryTransferThatIsSpoilt) {
  core.fresh = 0;
  bench.inject("afe-corrupt", 0, {}, "");
  run(kSecond);
  EXPECT_EQ(core.in.afe_errors, 1000U);
  EXPECT_EQ(core.fresh, 0U);
  bench.clear("afe-corrupt");
  run(kMillisecond);
  EXPECT_EQ(core.fresh, kAllGroups) << "what waited is read at the first chance";
}

TEST_F(Afe, LosesItsShareOfTransfers) {
  core.fresh = 0;
  bench.inject("afe-corrupt", 0, 0.3, "");
  run(10 * kSecond);
  EXPECT_NEAR(core.in.afe_errors, 3000.0, 200.0);
  EXPECT_EQ(core.fresh, kAllGroups);
}

TEST_F(Afe, ReportsItsShortCircuitComparatorUntilItIsCleared) {
  bench.inject("terminal-short", 0, 0.005, "");
  run(10 * kMillisecond);
  EXPECT_EQ(core.in.comparator_flags, unsigned{BMS_COMPARATOR_SCD});
  bench.clear("terminal-short");
  run(kSecond);
  EXPECT_EQ(core.in.comparator_flags, unsigned{BMS_COMPARATOR_SCD});
  core.out.clear_comparators = BMS_COMPARATOR_OCD | BMS_COMPARATOR_OCC;
  run(2 * kMillisecond);
  EXPECT_EQ(core.in.comparator_flags, unsigned{BMS_COMPARATOR_SCD}) << "not this one";
  core.out.clear_comparators = BMS_COMPARATOR_SCD;
  run(2 * kMillisecond);
  EXPECT_EQ(core.in.comparator_flags, 0U);
}

// Over-current comparators: slower and lower than that for shorts.
TEST(OverCurrent, ComparatorsOpenTheirGateAndTellTheFirmware) {
  Scenario scenario = free_run(0.5, "disobedient-charger");
  scenario.product.pack.electrical.comparators.ocd = {90.0, 0.08};
  scenario.product.pack.electrical.comparators.occ = {40.0, 0.08};
  ScriptedBench bench(std::move(scenario));
  bench.core.out.charge_gate = bench.core.out.discharge_gate = true;
  bench.run(kSecond);
  bench.bench.set("inverter1/demand_W", -6000.0);
  bench.run(2 * kSecond);
  EXPECT_EQ(bench.core.in.comparator_flags, unsigned{BMS_COMPARATOR_OCD});
  EXPECT_GT(read(bench.bench, "pack1/current_A"), -1.0);
  bench.core.out.clear_comparators = BMS_COMPARATOR_OCD;
  bench.bench.set("inverter1/demand_W", 4000.0);
  bench.run(2 * kSecond);
  EXPECT_EQ(bench.core.in.comparator_flags, unsigned{BMS_COMPARATOR_OCC});
  EXPECT_LT(read(bench.bench, "pack1/current_A"), 1.0);
  const auto& events = bench.bench.recorder().events().events();
  EXPECT_GE(std::count_if(events.begin(), events.end(),
                          [](const Event& event) { return event.kind == "comparator"; }),
            2);
}

}  // namespace
}  // namespace doppelpack::sim
