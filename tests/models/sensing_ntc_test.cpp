// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The thermistors: their resistance, and what the divider makes of it.
#include <gtest/gtest.h>

#include <cmath>

#include "models/sensing.hpp"
#include "support.hpp"

namespace doppelpack::models {

namespace {

struct Thermistors {
  testing::Bench bench{testing::plain_chemistry()};
  SensingParameters p;
  SensingState state;

  Thermistors() {
    p.lines.wire_Ohm = CellArray::Constant(17, 0.1);
    p.lines.leakage_A = CellArray::Zero(17);
    p.ntcs.resistance_factor = CellArray::Ones(2);
    state = make_sensing_state(p, bench.state);
  }
  std::uint16_t ntc(double T_degC, int index = 0) {
    bench.state.thermal.bead_degC[index] = T_degC;
    convert_ntc(p, bench.hardware, bench.state, index, state);
    return state.last.ntc_counts[static_cast<std::size_t>(index)];
  }
};

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
  Thermistors front;
  EXPECT_EQ(front.ntc(25.0), 2048);  // 4095 / 2, half rounds up
  EXPECT_EQ(front.ntc(0.0), 2997);   // 4095 * 27.28 / 37.28 = 2996.55
  front.bench.hardware.ntcs[0].offset_K = 25.0;
  EXPECT_EQ(front.ntc(0.0), 2048);
}

TEST(Ntc, broken_wires_hit_the_rails) {
  Thermistors front;
  front.bench.hardware.ntcs[0].wire = WireCondition::open;
  EXPECT_EQ(front.ntc(25.0), 4095);
  front.bench.hardware.ntcs[0].wire = WireCondition::shorted;
  EXPECT_EQ(front.ntc(25.0), 0);
}

TEST(Ntc, has_a_tolerance_of_its_resistance) {
  Thermistors front;
  front.p.ntcs.resistance_factor[0] = 1.01;
  EXPECT_EQ(front.ntc(25.0, 0), std::lround(4095.0 * 1.01 / 2.01));
  EXPECT_EQ(front.ntc(25.0, 1), 2048);
}

// At equal resistances the divider's heat does not change with the resistance to first order, so the
// fixed point is known: P = (V/2)^2 / R.
TEST(Ntc, reads_its_own_heat) {
  Thermistors front;
  front.p.ntcs.full_scale_counts = 65535;
  front.p.ntcs.reference_V = 3.3;
  front.p.ntcs.dissipation_W_per_K = 0.001;
  const double warming_K = 1.65 * 1.65 / 10e3 / 0.001;
  const double r_Ohm = ntc_103at_Ohm(25.0 + warming_K);
  EXPECT_NEAR(front.ntc(25.0), 65535.0 * r_Ohm / (r_Ohm + 10e3), 1.0);
  front.p.ntcs.reference_V = 0.0;
  EXPECT_EQ(front.ntc(25.0), 32768);
}

TEST(Ntc, heats_itself_to_a_fixed_point) {
  Thermistors front;
  front.p.ntcs.full_scale_counts = 65535;
  front.p.ntcs.reference_V = 5.0;
  for (const double T_degC : {-20.0, 0.0, 40.0, 80.0}) {
    double r_Ohm = ntc_103at_Ohm(T_degC);
    for (int i = 0; i < 50; ++i) {
      const double through_A = 5.0 / (r_Ohm + 10e3);
      r_Ohm = ntc_103at_Ohm(T_degC + through_A * through_A * r_Ohm / 0.002);
    }
    EXPECT_NEAR(front.ntc(T_degC), 65535.0 * r_Ohm / (r_Ohm + 10e3), 1.0) << T_degC;
  }
}

}  // namespace

}  // namespace doppelpack::models
