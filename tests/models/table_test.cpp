// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/exponential.hpp"
#include "support.hpp"

namespace doppelpack::models {

namespace {

TEST(Exponential, agrees_with_the_library) {
  for (double x = -690.0; x < 690.0; x += 0.37)
    EXPECT_NEAR(exponential(x) / std::exp(x), 1.0, 1e-15) << x;
  EXPECT_EQ(exponential(0.0), 1.0);
  EXPECT_GT(exponential(-1e9), 0.0);
  EXPECT_LT(exponential(-1e9), 1e-300);
}

TEST(Exponential, natural_log_is_its_inverse) {
  for (const double x : {1e-9, 0.37, 1.0, 2.0, 973.0, 188500.0, 1e12})
    EXPECT_NEAR(natural_log(x), std::log(x), 4e-15 * (1.0 + std::fabs(std::log(x)))) << x;
}

TEST(Exponential, small_decay_is_exact_to_a_part_in_1e14) {
  for (const double x : {0.0, 1e-12, 1e-6, 1e-3})
    EXPECT_NEAR(small_decay(x), -std::expm1(-x), 1e-14 * x) << x;
}

TEST(MonotoneCubic, passes_through_its_points_and_never_overshoots) {
  const std::vector<double> x = {0.0, 1.0, 2.0, 3.0, 4.0};
  const std::vector<double> y = {0.0, 0.0, 1.0, 1.0, 5.0};
  const MonotoneCubic curve(x, y);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_DOUBLE_EQ(curve(x[i]), y[i]);
  double before = curve(0.0);
  for (double at = 0.0; at <= 4.0; at += 1e-3) {
    EXPECT_GE(curve(at), before - 1e-15);
    before = curve(at);
  }
  EXPECT_DOUBLE_EQ(curve(2.5), 1.0);  // flat between equal points
}

TEST(MonotoneCubic, reproduces_a_straight_line_and_goes_on_as_far_as_told) {
  const MonotoneCubic linear({0.0, 0.3, 1.0}, {1.0, 1.6, 3.0}, 2.0);
  for (double at = -2.0; at < 3.0; at += 0.01) EXPECT_NEAR(linear(at), 1.0 + 2.0 * at, 1e-14);
  EXPECT_NEAR(linear(-9.0), -3.0, 1e-14);
  EXPECT_NEAR(linear(9.0), 7.0, 1e-14);
  const MonotoneCubic held({0.0, 0.3, 1.0}, {1.0, 1.6, 3.0});
  EXPECT_EQ(held(-1.0), 1.0);
  EXPECT_EQ(held(9.0), 3.0);
  const MonotoneCubic single({0.5}, {7.0}, 1.0);
  EXPECT_EQ(single(-3.0), 7.0);
  EXPECT_EQ(single(3.0), 7.0);
}

// Fritsch-Butland slopes by hand: chords 1 and 3 over equal widths give 2*1*3/(1+3) = 1.5 at 1.
TEST(MonotoneCubic, has_the_slopes_of_pchip) {
  const MonotoneCubic curve({0.0, 1.0, 2.0}, {0.0, 1.0, 4.0});
  const double e = 1e-6;
  EXPECT_NEAR((curve(1.0 + e) - curve(1.0 - e)) / (2.0 * e), 1.5, 1e-5);
}

TEST(UniformTable, is_flat_outside_and_survives_nan) {
  const UniformTable table = sample([](double x) { return x * x; }, 0.0, 2.0, 5);
  EXPECT_EQ(look_up(table, -3.0), 0.0);
  EXPECT_EQ(look_up(table, 2.0), 4.0);
  EXPECT_EQ(look_up(table, 50.0), 4.0);
  EXPECT_DOUBLE_EQ(look_up(table, 0.75), 0.625);
  EXPECT_EQ(look_up(table, std::numeric_limits<double>::quiet_NaN()), 0.0);
}

TEST(CellParameters, ocv_meets_every_point_of_the_data) {
  const Chemistry lfp = testing::lfp_chemistry();
  const CellArray one = CellArray::Ones(1);
  const CellParameters p = make_cell_parameters(lfp, 100.0 * one, one);
  for (std::size_t i = 0; i < lfp.ocv_V.soc.size(); ++i)
    EXPECT_NEAR(p.ocv_V(lfp.ocv_V.soc[i]), lfp.ocv_V.value[i], 1e-12);
}

TEST(CellParameters, ocv_rises_everywhere_and_goes_on_beyond_the_data) {
  const CellArray one = CellArray::Ones(1);
  const CellParameters p = make_cell_parameters(testing::lfp_chemistry(), 100.0 * one, one);
  double before = p.ocv_V(-0.06);
  for (double soc = -0.058; soc <= 1.06; soc += 1e-4) {
    EXPECT_GE(p.ocv_V(soc), before - 1e-12) << soc;
    before = p.ocv_V(soc);
  }
  EXPECT_NEAR(p.ocv_V(1.03), 3.691 + 0.02 * (3.691 - 3.604) / 0.0025, 1e-9);
  EXPECT_NEAR(p.ocv_V(-0.02), 2.247 - 0.012 * (2.727 - 2.247) / 0.004, 1e-9);
  EXPECT_NEAR(p.ocv_V(1.09), 3.691 + 0.05 * (3.691 - 3.604) / 0.0025, 1e-9);
}

TEST(CellParameters, resistance_scales_with_capacity) {
  CellArray capacity_Ah(2);
  capacity_Ah << 50.0, 280.0;
  CellArray factor(2);
  factor << 1.0, 1.1;
  const CellParameters p = make_cell_parameters(testing::lfp_chemistry(), capacity_Ah, factor);
  EXPECT_DOUBLE_EQ(p.r0_Ohm[0], 1.0e-3);
  EXPECT_DOUBLE_EQ(p.r2_Ohm[1], 0.5e-3 * 1.1 * 100.0 / 280.0);
}

TEST(CellModels, are_found_by_key) {
  const CellModel* model = find_cell_model("ecm-2rc");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->key, "ecm-2rc");
  EXPECT_EQ(model->state_names[0], "soc");
  EXPECT_EQ(find_cell_model("no-such-model"), nullptr);
}

}  // namespace

}  // namespace doppelpack::models
