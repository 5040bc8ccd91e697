// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The ageing of the shipped cells: what the sources and data sheets of their files promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/ageing.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

const std::filesystem::path kAged = std::filesystem::path(DOPPELPACK_SOURCE_DIR) / "scenarios";

models::AgeingParameters ageing_of(const char* product) {
  return load_product(product, kAged).pack.chemistry.ageing;
}

// One cell of 100 Ah when new, SOC counts its present capacity.
class WornCell {
 public:
  WornCell(const models::AgeingParameters& parameters, double soc)
      : parameters_(parameters), soc_(soc), state_(models::make_ageing_state(one(soc))) {}

  const models::CellAgeing& now() const { return state_.cells[0]; }

  void rest(double days, double T_degC) {
    for (int day = 0; day < days; ++day) step(0.0, 86400.0, T_degC);
  }
  // At 0.5C and 25 degC, 15 min at a time.
  void move_to(double soc) {
    while (soc_ != soc) {
      const double missing_Ah = (soc - soc_) * 100.0 * now().capacity_factor;
      const double amount_Ah = std::clamp(missing_Ah, -12.5, 12.5);
      soc_ += amount_Ah / (100.0 * now().capacity_factor);
      if (amount_Ah == missing_Ah) soc_ = soc;
      step(amount_Ah, std::abs(amount_Ah) / 50.0 * 3600.0, 25.0);
    }
  }

 private:
  static models::CellArray one(double value) { return models::CellArray::Constant(1, value); }
  void step(double amount_Ah, double dt_s, double T_degC) {
    models::age(parameters_, one(soc_), one(T_degC), one(std::max(amount_Ah, 0.0)),
                one(std::max(-amount_Ah, 0.0)), one(100.0), dt_s, state_);
  }

  models::AgeingParameters parameters_;
  double soc_;
  models::AgeingState state_;
};

double left_after_cycles(const char* product, int cycles) {
  WornCell cell(ageing_of(product), 0.04);
  for (int i = 0; i < cycles; ++i) {
    cell.move_to(0.96);
    cell.move_to(0.04);
  }
  return cell.now().capacity_factor;
}

TEST(LoadAgeing, keeps_the_cycle_life_of_the_residential_data_sheet) {
  EXPECT_NEAR(left_after_cycles("residential-6k5", 6000), 0.60, 0.01);
}

TEST(LoadAgeing, keeps_the_cycle_life_usual_for_large_cells) {
  EXPECT_NEAR(left_after_cycles("generic-16s", 4000), 0.80, 0.01);
}

TEST(LoadAgeing, loses_in_storage_what_the_large_cell_lost) {
  // BLAST-Lite, 250 Ah cell, after a year, in percent.
  const double soc[] = {0.2, 0.5, 0.9, 1.0};
  const struct {
    double T_degC;
    double loss_percent[4];
  } rows[] = {{10.0, {0.20, 0.40, 0.63, 0.64}},
              {25.0, {0.56, 1.10, 1.68, 1.71}},
              {45.0, {1.91, 3.63, 5.37, 5.48}}};
  const models::AgeingParameters parameters = ageing_of("generic-16s");
  for (const auto& row : rows) {
    for (int i = 0; i < 4; ++i) {
      WornCell cell(parameters, soc[i]);
      cell.rest(365.0, row.T_degC);
      const double loss = 100.0 * models::calendar_loss(parameters, cell.now());
      EXPECT_NEAR(loss / row.loss_percent[i], 1.0, 0.07) << row.T_degC << " degC, " << soc[i];
    }
  }
}

TEST(LoadAgeing, reads_every_law) {
  const models::AgeingParameters p = ageing_of("residential-6k5");
  EXPECT_EQ(p.calendar_resistance.exponent, 1.0);
  EXPECT_DOUBLE_EQ(p.calendar_resistance.activation_J_per_mol, 71827.0);
  EXPECT_EQ(p.calendar_resistance.soc.centre, 0.5);
  EXPECT_EQ(p.calendar_resistance.soc.coefficients[2], -3.3903);
  EXPECT_EQ(p.cycle_capacity.rate_per_C, 2.603e-4);
  EXPECT_EQ(p.cycle_capacity.depth.centre, 0.9);
  EXPECT_GT(p.cycle_capacity.factor, 1.0);
  EXPECT_EQ(p.cycle_resistance.rate, 2.1e-5);
  EXPECT_EQ(p.cycle_resistance.factor, 1.0);
  EXPECT_EQ(p.cold_charge.current_factor_h, 2.64);
  EXPECT_EQ(p.knee.gain, 0.0);
}

}  // namespace
}  // namespace doppelpack::sim
