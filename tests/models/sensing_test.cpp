// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/sensing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace doppelpack::models {

namespace {

constexpr int kCells = 16;
constexpr int kStack = kCells;  // channels of a scan, after the cells
constexpr int kTerminals = kCells + 1;

// Ideal converters at ideal lines: what a test is not about is not there.
struct Front {
  testing::Bench bench{testing::plain_chemistry(), kCells};
  SensingParameters p;
  SensingState state;

  Front() {
    p.cell_V.per_count = 1e-3;
    p.pack_V.per_count = 10e-3;
    p.terminal_V.per_count = 10e-3;
    p.shunt_A = {0.01, 0.0, 0.0, 0.0, -32768, 32767};
    p.amplifier.limit_A = 1e6;
    p.cell_offset_V = CellArray::Zero(kCells);
    p.cell_gain_error = CellArray::Zero(kCells);
    p.lines.wire_Ohm = CellArray::Constant(kCells + 1, 0.1);
    p.lines.leakage_A = CellArray::Zero(kCells + 1);
    state = make_sensing_state(p, bench.state);
  }
  void advance(double dt_s = 1.0) {
    advance_inputs(p, bench.hardware, {}, bench.state, dt_s, state);
  }
  std::uint16_t cell(int channel) {
    convert_voltage(p, bench.hardware, bench.state, channel, state);
    return state.last.cell_counts[static_cast<std::size_t>(channel)];
  }
  void scan() {
    for (int i = 0; i < voltage_channel_count(state); ++i)
      convert_voltage(p, bench.hardware, bench.state, i, state);
  }
  std::int32_t shunt(double amperes, double dt_s = 1.0) {
    bench.state.current_A = amperes;
    advance(dt_s);
    convert_current(p, bench.state, state);
    return state.last.shunt_counts;
  }
};

TEST(Voltages, are_counts_of_the_truth) {
  Front front;
  front.bench.state.cell_V[3] = 3.2896;
  front.bench.state.stack_V = 52.8049;
  front.bench.state.terminal_V = 52.796;
  front.advance();
  ASSERT_EQ(voltage_channel_count(front.state), kCells + 2);
  EXPECT_EQ(front.cell(3), 3290);
  convert_voltage(front.p, front.bench.hardware, front.bench.state, kStack, front.state);
  convert_voltage(front.p, front.bench.hardware, front.bench.state, kTerminals, front.state);
  EXPECT_EQ(front.state.last.pack_counts, 5280);
  EXPECT_EQ(front.state.last.terminal_counts, 5280);
}

TEST(Voltages, carry_gain_and_offset_of_converter_and_channel) {
  Front front;
  front.p.cell_V.gain_error = 0.01;
  front.p.cell_V.offset = 0.002;
  front.p.cell_offset_V[3] = -0.005;
  front.p.cell_gain_error[4] = 0.02;
  front.bench.state.cell_V.setConstant(3.0);
  front.advance();
  EXPECT_EQ(front.cell(2), 3032);
  EXPECT_EQ(front.cell(3), 3027);
  EXPECT_EQ(front.cell(4), 3092);
}

TEST(Voltages, clamp_to_the_converter) {
  Front front;
  front.p.cell_V.max_counts = 5000;
  front.bench.state.cell_V[0] = -1.0;
  front.bench.state.cell_V[1] = 7.0;
  front.bench.state.stack_V = std::nan("");
  front.bench.state.terminal_V = 1e12;
  front.advance();
  front.scan();
  EXPECT_EQ(front.state.last.cell_counts[0], 0);
  EXPECT_EQ(front.state.last.cell_counts[1], 5000);
  EXPECT_EQ(front.state.last.pack_counts, 0);
  EXPECT_EQ(front.state.last.terminal_counts, 65535);
}

TEST(Voltages, are_of_the_moment_of_their_conversion) {
  Front front;
  front.bench.state.cell_V.setConstant(3.3);
  for (int i = 0; i < kCells; ++i) {
    front.advance();
    front.cell(i);
    front.bench.state.cell_V -= 0.01;
  }
  for (std::size_t i = 0; i < kCells; ++i)
    EXPECT_EQ(front.state.last.cell_counts[i], 3300 - 10 * static_cast<int>(i));
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

TEST(Current, lags_exactly_whatever_the_length_of_the_steps) {
  Front front;
  front.p.amplifier.lag_s = 0.0003;
  EXPECT_EQ(front.shunt(0.0), 0);
  EXPECT_EQ(front.shunt(300.0, 0.0003), std::lround(30000.0 * (1.0 - std::exp(-1.0))));
  for (int i = 0; i < 7; ++i) front.shunt(300.0, 0.0001);
  EXPECT_EQ(front.state.last.shunt_counts, std::lround(30000.0 * (1.0 - std::exp(-10.0 / 3.0))));
}

TEST(Current, drifts_with_the_temperature_of_the_shunt_and_saturates_behind_it) {
  Front front;
  front.p.amplifier.drift_per_K = 50e-6;
  front.bench.state.thermal.board_degC = 65.0;
  EXPECT_EQ(front.shunt(-100.0), -10020);
  front.p.amplifier.limit_A = 80.0;
  EXPECT_EQ(front.shunt(-100.0), -8000);
  EXPECT_EQ(front.shunt(1000.0), 8000);
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
    front->state = make_sensing_state(front->p, front->bench.state);
  }
  a.scan();
  b.scan();
  EXPECT_EQ(a.state.last.cell_counts, b.state.last.cell_counts);
  EXPECT_NE(a.state.last.cell_counts[0], a.state.last.cell_counts[1]);
  const std::vector<std::uint16_t> first = a.state.last.cell_counts;
  a.scan();
  EXPECT_NE(a.state.last.cell_counts, first);
  b.p.seed = 8;
  b.state = make_sensing_state(b.p, b.bench.state);
  b.scan();
  EXPECT_NE(b.state.last.cell_counts, first);
}

}  // namespace

}  // namespace doppelpack::models
