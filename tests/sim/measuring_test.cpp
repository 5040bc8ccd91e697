// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the firmware gets to see of the pack: when, and how wrong.
#include <gtest/gtest.h>

#include <cmath>

#include "bench_fixture.hpp"
#include "bms/bms.h"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::start_up;

/// A specimen without tolerances, offsets and noise: what remains is the chain itself.
Scenario flawless(double soc = 0.5, std::string_view inverter = "disobedient-charger") {
  Scenario scenario = free_run(soc, inverter);
  Product& product = scenario.product;
  product.pack.spread = {};
  product.sensing_spread = {};
  for (models::Converter* converter : {&product.sensing.cell_V, &product.sensing.shunt_A}) {
    converter->offset = converter->gain_error = converter->noise_rms = 0.0;
  }
  product.sensing.amplifier.drift_per_K = 0.0;
  scenario.initial.soc_spread = 0.0;
  // The core's own test for open wires would move the readings.
  product.bms.failures[BMS_FAILURE_SENSE_WIRE].is_enabled = false;
  bms_core()->seal(&product.bms);
  return scenario;
}

TEST(Measuring, HandsOverAScanWhenItIsComplete) {
  Bench bench(flawless());
  bench.run_until(19 * kMillisecond);
  EXPECT_EQ(bench.state().units[0].bms_inputs.cell_adc[0], 0);
  EXPECT_GT(bench.state().units[0].sensing.last.cell_counts[0], 0);
  bench.run_until(20 * kMillisecond);
  for (int i = 0; i < 16; ++i) EXPECT_GT(bench.state().units[0].bms_inputs.cell_adc[i], 0) << i;
  EXPECT_GT(bench.state().units[0].bms_inputs.pack_adc, 0);
  EXPECT_EQ(bench.state().units[0].bms_inputs.ntc_adc[3], 0);
  bench.run_until(100 * kMillisecond);
  for (int i = 0; i < 4; ++i) EXPECT_GT(bench.state().units[0].bms_inputs.ntc_adc[i], 0) << i;
}

// The power stage ramps 200 A/s: 3.2 A in the 16 ms from first to last cell, at 0.56 mOhm each.
TEST(Measuring, SeesTheCellsOneAfterTheOther) {
  Scenario scenario = flawless();
  scenario.product.sensing.cell_V.per_count = 1e-4;
  scenario.product.sensing.cell_V.max_counts = 65535;
  scenario.product.bms.sensing.cell_uV_per_count = 100;
  bms_core()->seal(&scenario.product.bms);
  scenario.product.harness = {0.1, 0.1};
  Bench bench(std::move(scenario));
  start_up(bench);
  const auto difference = [&] {
    const auto& counts = bench.state().units[0].bms_inputs.cell_adc;
    return (counts[15] - counts[0]) * 1e-4;
  };
  EXPECT_NEAR(difference(), 0.0, 2e-4);
  bench.set("inverter1/demand_W", -10000.0);
  bench.run_until(bench.now_ns() + 100 * kMillisecond);  // the hysteresis has turned over
  double lowest_V = 0.0;
  for (int i = 0; i < 400; ++i) {
    bench.run_until(bench.now_ns() + kMillisecond);
    lowest_V = std::fmin(lowest_V, difference());
  }
  EXPECT_NEAR(lowest_V, -0.0018, 0.0003) << "late cells see more current";
  bench.run_until(bench.now_ns() + 2 * kSecond);
  EXPECT_NEAR(difference(), 0.0, 3e-4) << "the current is constant again";
}

TEST(Measuring, AmplifierFollowsTheCurrentWithItsLag) {
  Scenario scenario = flawless();
  scenario.product.sensing.amplifier.lag_s = 0.05;
  Bench bench(std::move(scenario));
  start_up(bench);
  bench.set("inverter1/demand_W", 3000.0);
  bench.run_until(bench.now_ns() + 300 * kMillisecond);
  EXPECT_GT(read(bench, "pack1/current_A") - read(bench, "bms1/current_A"), 5.0);
  bench.run_until(bench.now_ns() + 5 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/current_A"), read(bench, "bms1/current_A"), 0.1);
}

TEST(Measuring, WiresAreLongestAtBothEndsOfTheString) {
  const Product product = free_run().product;
  const models::CellArray wire_Ohm = make_sensing_parameters(product, 1).lines.wire_Ohm;
  ASSERT_EQ(wire_Ohm.size(), 17);
  EXPECT_DOUBLE_EQ(wire_Ohm[0], 0.138);
  EXPECT_DOUBLE_EQ(wire_Ohm[8], 0.058);
  EXPECT_DOUBLE_EQ(wire_Ohm[16], 0.138);
  EXPECT_DOUBLE_EQ(wire_Ohm[4], 0.078);
}

TEST(Measuring, SpecimenHasItsOwnTolerances) {
  const Product product = free_run().product;
  const models::SensingParameters a = make_sensing_parameters(product, 1);
  const models::SensingParameters b = make_sensing_parameters(product, 2);
  EXPECT_TRUE((a.lines.leakage_A != b.lines.leakage_A).all());
  EXPECT_TRUE((a.cell_gain_error != b.cell_gain_error).all());
  EXPECT_TRUE((a.ntcs.resistance_factor != b.ntcs.resistance_factor).all());
  EXPECT_NEAR(a.lines.leakage_A.mean(), 0.5e-6, 0.1e-6);
  EXPECT_NEAR(a.ntcs.resistance_factor.mean(), 1.0, 0.01);
  EXPECT_EQ(a.lines.bleeder_Ohm, 68.0);
}

}  // namespace
}  // namespace doppelpack::sim
