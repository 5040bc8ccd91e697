// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The laws of ageing against what their authors' constants give, and against observed cells.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "ageing_support.hpp"
#include "models/ageing.hpp"

namespace doppelpack::models {
namespace {

using testing::AgeingCell;
using testing::cold_charge_alone;
using testing::kYear_s;
using testing::naumann_ageing;

AgeingCell stored(double soc, double T_degC, double seconds) {
  AgeingCell cell(naumann_ageing(), soc);
  cell.T_degC = T_degC;
  cell.rest(seconds, seconds / 365.0);
  return cell;
}

double stored_loss_percent(double soc, double T_degC, double seconds) {
  const AgeingCell cell = stored(soc, T_degC, seconds);
  return 100.0 * calendar_loss(cell.parameters, cell.now());
}

TEST(AgeingLaws, lose_what_naumann_found_in_a_year_of_storage) {
  const double soc[] = {0.2, 0.5, 0.9, 1.0};
  const struct {
    double T_degC;
    double loss_percent[4];
  } rows[] = {{10.0, {2.57, 2.95, 3.85, 4.70}},
              {25.0, {3.71, 4.25, 5.54, 6.78}},
              {45.0, {5.72, 6.57, 8.56, 10.46}}};
  for (const auto& row : rows)
    for (int i = 0; i < 4; ++i)
      EXPECT_NEAR(stored_loss_percent(soc[i], row.T_degC, kYear_s), row.loss_percent[i], 0.011)
          << row.T_degC << " degC, SOC " << soc[i];
  EXPECT_NEAR(stored_loss_percent(0.5, 25.0, 10 * kYear_s), 13.5, 0.1);
  const AgeingCell cell = stored(0.5, 25.0, kYear_s);
  EXPECT_NEAR(100.0 * resistance_increase(cell.parameters, cell.now()), 1.68, 0.01);
}

// Cycles about 50 % SOC, alone: calendar laws off.
AgeingCell cycled(AgeingParameters p, double depth, double current_A, double full_cycles,
                  double T_degC) {
  p.calendar_capacity.rate = 0.0;
  p.calendar_resistance.rate = 0.0;
  AgeingCell cell(p, 0.5 - 0.5 * depth);
  cell.T_degC = T_degC;
  const auto cycles = static_cast<int>(full_cycles / depth + 0.5);
  for (int i = 0; i < cycles; ++i) cell.cycle(0.5 - 0.5 * depth, 0.5 + 0.5 * depth, current_A, 4);
  return cell;
}

TEST(AgeingLaws, lose_what_naumann_found_by_cycling) {
  const struct {
    double current_A;
    double depth;
    double full_cycles;
    double loss_percent;
  } rows[] = {{50.0, 0.8, 1000.0, 4.57},  {50.0, 0.8, 6000.0, 11.2},  {50.0, 1.0, 1000.0, 5.49},
              {50.0, 1.0, 6000.0, 13.45}, {100.0, 1.0, 1000.0, 6.83}, {100.0, 1.0, 6000.0, 16.7}};
  for (const auto& row : rows) {
    const AgeingCell cell =
        cycled(naumann_ageing(), row.depth, row.current_A, row.full_cycles, 25.0);
    EXPECT_NEAR(100.0 * cycle_loss(cell.parameters, cell.now()), row.loss_percent, 0.06)
        << row.full_cycles << " of " << row.depth << " at " << row.current_A << " A";
  }
}

TEST(AgeingLaws, raise_the_resistance_by_cycling_but_never_lower_it) {
  const AgeingCell slow = cycled(naumann_ageing(), 1.0, 50.0, 1000.0, 25.0);
  const double per_cycle = (0.0021e-2 - 0.0010e-2) * (6.8477 * 0.125 + 0.9188);
  EXPECT_NEAR(resistance_increase(slow.parameters, slow.now()), 1000.0 * per_cycle, 1e-9);
  const AgeingCell fast = cycled(naumann_ageing(), 1.0, 110.0, 100.0, 25.0);
  EXPECT_EQ(resistance_increase(fast.parameters, fast.now()), 0.0);
}

TEST(AgeingLaws, lose_what_schimpe_found_by_charging_in_the_cold) {
  const struct {
    double T_degC;
    double current_A;
    double loss_percent;
  } rows[] = {{-10.0, 50.0, 11.6},
              {0.0, 50.0, 4.56},
              {10.0, 50.0, 1.92},
              {25.0, 50.0, 0.59},
              {0, 100, 17.1}};
  for (const auto& row : rows) {
    const AgeingCell cell = cycled(cold_charge_alone(), 1.0, row.current_A, 1000.0, row.T_degC);
    EXPECT_NEAR(100.0 * cold_charge_loss(cell.now()) / row.loss_percent, 1.0, 0.01)
        << row.T_degC << " degC, " << row.current_A << " A";
  }
}

TEST(AgeingLaws, meet_observed_storage) {
  std::ifstream file(DOPPELPACK_SOURCE_DIR "/tests/data/naumann_calendar/observations.csv");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  int rows = 0;
  double loss_squares = 0.0;
  double growth_squares = 0.0;
  while (std::getline(file, line)) {
    for (char& c : line)
      if (c == ',') c = ' ';
    double T_degC = 0.0, soc = 0.0, elapsed_s = 0.0, loss_percent = 0.0, growth_percent = 0.0;
    std::istringstream(line) >> T_degC >> soc >> elapsed_s >> loss_percent >> growth_percent;
    ++rows;
    if (elapsed_s <= 0.0) continue;
    const AgeingCell cell = stored(soc, T_degC, elapsed_s);
    const auto& p = cell.parameters;
    loss_squares += std::pow(100.0 * calendar_loss(p, cell.now()) - loss_percent, 2);
    growth_squares += std::pow(100.0 * resistance_increase(p, cell.now()) - growth_percent, 2);
  }
  EXPECT_EQ(rows, 455);
  EXPECT_LT(std::sqrt(loss_squares / rows), 1.13);    // percentage points
  EXPECT_LT(std::sqrt(growth_squares / rows), 3.69);  // the cells at 60 degC grow faster
}

}  // namespace
}  // namespace doppelpack::models
