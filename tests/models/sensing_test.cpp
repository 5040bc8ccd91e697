// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/sensing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace doppelpack::models {

namespace {

struct Front {
  testing::Bench bench{testing::plain_chemistry()};
  SensingParameters p;
  SensingState state;

  Front() {
    p.cell_V.per_count = 1e-3;
    p.pack_V.per_count = 10e-3;
    p.terminal_V.per_count = 10e-3;
    p.shunt_A = {0.01, 0.0, 0.0, 0.0, -32768, 32767};
    p.cell_offset_V = CellArray::Zero(16);
    state = make_sensing_state(bench.pack);
  }
  std::int32_t shunt(double amperes) {
    bench.state.current_A = amperes;
    measure_current(p, bench.hardware, bench.state, state);
    return state.last.shunt_counts;
  }
  std::uint16_t ntc(double T_degC) {
    bench.state.ntc_degC[0] = T_degC;
    measure_ntcs(p, bench.hardware, bench.state, state);
    return state.last.ntc_counts[0];
  }
};

TEST(Voltages, are_counts_of_the_truth) {
  Front front;
  front.bench.state.cell_V[3] = 3.2896;
  front.bench.state.stack_V = 52.8049;
  front.bench.state.terminal_V = 52.796;
  measure_voltages(front.p, front.bench.state, front.state);
  EXPECT_EQ(front.state.last.cell_counts[3], 3290);
  EXPECT_EQ(front.state.last.pack_counts, 5280);
  EXPECT_EQ(front.state.last.terminal_counts, 5280);
}

TEST(Voltages, carry_gain_offset_and_channel_offset) {
  Front front;
  front.p.cell_V.gain_error = 0.01;
  front.p.cell_V.offset = 0.002;
  front.p.cell_offset_V[3] = -0.005;
  front.bench.state.cell_V.setConstant(3.0);
  measure_voltages(front.p, front.bench.state, front.state);
  EXPECT_EQ(front.state.last.cell_counts[2], 3032);
  EXPECT_EQ(front.state.last.cell_counts[3], 3027);
}

TEST(Voltages, clamp_to_the_converter) {
  Front front;
  front.p.cell_V.max_counts = 5000;
  front.bench.state.cell_V[0] = -1.0;
  front.bench.state.cell_V[1] = 7.0;
  front.bench.state.cell_V[2] = std::nan("");
  front.bench.state.terminal_V = 1e12;
  measure_voltages(front.p, front.bench.state, front.state);
  EXPECT_EQ(front.state.last.cell_counts[0], 0);
  EXPECT_EQ(front.state.last.cell_counts[1], 5000);
  EXPECT_EQ(front.state.last.cell_counts[2], 0);
  EXPECT_EQ(front.state.last.terminal_counts, 65535);
}

TEST(Current, is_signed_and_sees_the_condition_of_the_shunt) {
  Front front;
  EXPECT_EQ(front.shunt(12.344), 1234);
  EXPECT_EQ(front.shunt(-12.346), -1235);
  EXPECT_EQ(front.shunt(-5000.0), -32768);
  front.bench.hardware.shunt_gain = 1.1;
  front.bench.hardware.shunt_offset_A = -0.5;
  EXPECT_EQ(front.shunt(10.0), 1050);
}

TEST(Noise, has_the_stated_size_and_no_bias) {
  Front front;
  front.p.shunt_A.per_count = 1e-4;
  front.p.shunt_A.noise_rms = 0.05;
  front.p.shunt_A.min_counts = -2000000;
  front.p.shunt_A.max_counts = 2000000;
  constexpr int kSamples = 100000;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < kSamples; ++i) {
    const double error_A = front.shunt(20.0) * 1e-4 - 20.0;
    sum += error_A;
    squares += error_A * error_A;
  }
  EXPECT_NEAR(sum / kSamples, 0.0, 0.05 * 4.0 / std::sqrt(kSamples));
  EXPECT_NEAR(std::sqrt(squares / kSamples), 0.05, 0.0005);
}

TEST(Noise, is_a_function_of_seed_channel_and_sample) {
  Front a;
  Front b;
  for (Front* front : {&a, &b}) {
    front->p.cell_V.noise_rms = 0.01;
    front->p.seed = 7;
  }
  measure_voltages(a.p, a.bench.state, a.state);
  measure_voltages(b.p, b.bench.state, b.state);
  EXPECT_EQ(a.state.last.cell_counts, b.state.last.cell_counts);
  EXPECT_NE(a.state.last.cell_counts[0], a.state.last.cell_counts[1]);
  const std::vector<std::uint16_t> first = a.state.last.cell_counts;
  measure_voltages(a.p, a.bench.state, a.state);
  EXPECT_NE(a.state.last.cell_counts, first);
  b.p.seed = 8;
  b.state.samples = 0;
  measure_voltages(b.p, b.bench.state, b.state);
  EXPECT_NE(b.state.last.cell_counts, first);
}

// Points of the manufacturer's table (cell_models reference, 3.4).
TEST(Ntc, meets_the_printed_table) {
  const std::pair<double, double> points[] = {
      {-40, 188500}, {-30, 111300}, {-20, 67770}, {-10, 42470}, {0, 27280}, {10, 17960},
      {20, 12090},   {25, 10000},   {30, 8313},   {40, 5827},   {50, 4160}, {60, 3020},
      {70, 2228},    {80, 1668},    {85, 1451},   {90, 1266},   {100, 973}};
  for (const auto& [T_degC, r_Ohm] : points)
    EXPECT_NEAR(ntc_103at_Ohm(T_degC) / r_Ohm, 1.0, 1e-9) << T_degC;
}

// Steinhart-Hart fitted to the same table is said to be within 0.06 K: 4 %/K at most there.
TEST(Ntc, follows_steinhart_hart_between_the_points) {
  for (double T_degC = -39.0; T_degC < 100.0; T_degC += 0.71) {
    const double ln_r = std::log(ntc_103at_Ohm(T_degC));
    const double inverse = 8.911e-4 + 2.5074e-4 * ln_r + 1.9626e-7 * ln_r * ln_r * ln_r;
    EXPECT_NEAR(1.0 / inverse - 273.15, T_degC, 0.12) << T_degC;
  }
}

TEST(Ntc, falls_everywhere_and_clamps_far_outside) {
  for (double T_degC = -54.9; T_degC < 150.0; T_degC += 0.1)
    EXPECT_LT(ntc_103at_Ohm(T_degC), ntc_103at_Ohm(T_degC - 0.1));
  EXPECT_EQ(ntc_103at_Ohm(-90.0), ntc_103at_Ohm(-55.0));
  EXPECT_EQ(ntc_103at_Ohm(900.0), ntc_103at_Ohm(150.0));
}

TEST(Ntc, divides_the_reference) {
  Front front;
  EXPECT_EQ(front.ntc(25.0), 2048);  // 4095 / 2, half rounds up
  EXPECT_EQ(front.ntc(0.0), 2997);   // 4095 * 27.28 / 37.28 = 2996.55
  front.bench.hardware.ntcs[0].offset_K = 25.0;
  EXPECT_EQ(front.ntc(0.0), 2048);
}

TEST(Ntc, broken_wires_hit_the_rails) {
  Front front;
  front.bench.hardware.ntcs[0].wire = WireCondition::open;
  EXPECT_EQ(front.ntc(25.0), 4095);
  front.bench.hardware.ntcs[0].wire = WireCondition::shorted;
  EXPECT_EQ(front.ntc(25.0), 0);
}

TEST(Comparator, trips_after_its_delay_and_not_before) {
  Front front;
  front.p.scd_threshold_A = 300.0;
  front.p.scd_delay_s = 200e-6;
  front.bench.state.current_A = -300.1;
  for (int i = 1; i <= 20; ++i) {
    watch_short_circuit(front.p, front.bench.hardware, front.bench.state, 10e-6, front.state);
    EXPECT_EQ(front.state.is_scd_latched, i >= 20) << i;
  }
  front.bench.state.current_A = 0.0;
  watch_short_circuit(front.p, front.bench.hardware, front.bench.state, 1.0, front.state);
  EXPECT_TRUE(front.state.is_scd_latched);
  EXPECT_EQ(front.state.over_threshold_s, 0.0);
}

TEST(Comparator, ignores_charge_the_threshold_itself_and_interrupted_peaks) {
  Front front;
  const auto watch = [&](double amperes, double dt_s) {
    front.bench.state.current_A = amperes;
    watch_short_circuit(front.p, front.bench.hardware, front.bench.state, dt_s, front.state);
    return front.state.is_scd_latched;
  };
  EXPECT_FALSE(watch(4000.0, 1.0));
  EXPECT_FALSE(watch(-300.0, 1.0));
  EXPECT_FALSE(watch(-4000.0, 199e-6));
  EXPECT_FALSE(watch(0.0, 1e-6));
  EXPECT_FALSE(watch(-4000.0, 199e-6));
  front.bench.hardware.shunt_gain = 0.01;  // a shunt that lies blinds it
  EXPECT_FALSE(watch(-4000.0, 1.0));
  front.bench.hardware.shunt_gain = 1.0;
  EXPECT_TRUE(watch(-4000.0, 1e-3));
}

}  // namespace

}  // namespace doppelpack::models
