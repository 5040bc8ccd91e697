// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The bookkeeping of ageing: any step, any order, half cycles, who ages by what.
#include "models/ageing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ageing_support.hpp"

namespace doppelpack::models {
namespace {

using testing::AgeingCell;
using testing::cold_charge_alone;
using testing::kYear_s;
using testing::naumann_ageing;

AgeingParameters everything() {
  AgeingParameters p = naumann_ageing();
  p.calendar_capacity.exponent = 0.526;  // no square root is exact here
  p.cycle_capacity.exponent = 0.828;
  p.cold_charge = cold_charge_alone().cold_charge;
  return p;
}

AgeingCell charged_in_steps_of(double dt_s) {
  AgeingCell cell(everything(), 0.1);
  cell.T_degC = 12.0;
  const int steps = static_cast<int>(2 * 3600 / dt_s);
  for (int i = 0; i < steps; ++i) cell.take(40.0, dt_s);
  return cell;
}

TEST(Ageing, does_not_depend_on_the_step) {
  // Time alone: SOC has to stand still for the same stress.
  const auto rested = [](double dt_s) {
    AgeingCell cell(everything());
    cell.rest(48 * 3600.0, dt_s);
    return calendar_loss(cell.parameters, cell.now());
  };
  EXPECT_NEAR(rested(1.0) / rested(3600.0), 1.0, 1e-6);
  EXPECT_NEAR(rested(60.0) / rested(3600.0), 1.0, 1e-6);

  const AgeingCell coarse = charged_in_steps_of(3600.0);
  ASSERT_GT(cycle_loss(coarse.parameters, coarse.now()), 0.0);
  ASSERT_GT(cold_charge_loss(coarse.now()), 0.0);
  for (const double dt_s : {1.0, 60.0}) {
    const AgeingCell fine = charged_in_steps_of(dt_s);
    EXPECT_NEAR(
        cycle_loss(fine.parameters, fine.now()) / cycle_loss(coarse.parameters, coarse.now()), 1.0,
        1e-6);
    EXPECT_NEAR(cold_charge_loss(fine.now()) / cold_charge_loss(coarse.now()), 1.0, 1e-6);
    EXPECT_NEAR(equivalent_full_cycles(fine.now()), 0.4, 1e-9);
  }
}

TEST(Ageing, finishes_half_cycles_alike_in_any_step) {
  const auto cycled = [](int steps) {
    AgeingCell cell(everything(), 0.15);
    for (int i = 0; i < 20; ++i) cell.cycle(0.15, 0.85, 50.0, steps);
    return cycle_loss(cell.parameters, cell.now());
  };
  EXPECT_NEAR(cycled(3000) / cycled(7), 1.0, 1e-6);
}

TEST(Ageing, follows_a_change_of_stress_by_the_closed_form) {
  const AgeingParameters p = naumann_ageing();
  AgeingCell warm(p);
  warm.T_degC = 45.0;
  warm.rest(kYear_s, 6 * 3600.0);
  const double y = calendar_loss(p, warm.now());
  warm.T_degC = 10.0;
  warm.rest(2 * kYear_s, 86400.0);
  const double k =
      1.2571e-5 * 0.60225 * std::exp(-17126.0 / 8.314462618 * (1.0 / 283.15 - 1.0 / 298.15));
  EXPECT_NEAR(calendar_loss(p, warm.now()), std::sqrt(y * y + k * k * 2 * kYear_s), 1e-9);

  AgeingCell cold(p);
  cold.T_degC = 10.0;
  cold.rest(2 * kYear_s, 86400.0);
  cold.T_degC = 45.0;
  cold.rest(kYear_s, 6 * 3600.0);
  EXPECT_NEAR(calendar_loss(p, cold.now()), calendar_loss(p, warm.now()), 1e-9);
  EXPECT_NEAR(resistance_increase(p, cold.now()), resistance_increase(p, warm.now()), 1e-9);
}

TEST(Ageing, gives_every_half_cycle_its_own_depth) {
  // Deep ones, then shallow ones: squares of the losses add up, each with k of its depth.
  const AgeingParameters p = naumann_ageing();
  AgeingCell cell(p, 0.0);
  for (int i = 0; i < 50; ++i) cell.cycle(0.0, 1.0, 50.0, 10);
  for (int i = 0; i < 100; ++i) cell.cycle(0.0, 0.2, 100.0, 4);
  const auto k = [](double current_C, double depth) {
    return (0.0630e-2 * current_C + 0.0971e-2) * (4.0253 * std::pow(depth - 0.6, 3) + 1.0923);
  };
  const double squares = std::pow(k(0.5, 1.0), 2) * 50.0 + std::pow(k(1.0, 0.2), 2) * 20.0;
  EXPECT_NEAR(cycle_loss(p, cell.now()), std::sqrt(squares), 1e-9);
  EXPECT_NEAR(equivalent_full_cycles(cell.now()), 70.0, 1e-9);
}

TEST(Ageing, finds_the_turning_points_of_a_saw_tooth) {
  AgeingCell cell(naumann_ageing(), 0.3);
  const auto& half = cell.now().half_cycle;
  cell.move_to(0.8, 50.0, 17);
  EXPECT_EQ(half.direction, 1.0);
  EXPECT_DOUBLE_EQ(half.start, 0.3);
  EXPECT_EQ(cell.now().full_cycles, 0.0);
  cell.move_to(0.4, 50.0, 17);
  EXPECT_EQ(half.direction, -1.0);
  EXPECT_NEAR(half.start, 0.8, 1e-12);
  EXPECT_NEAR(half.extreme, 0.4, 1e-12);
  EXPECT_NEAR(cell.now().full_cycles, 0.25, 1e-12);
  EXPECT_NEAR(half.to_extreme.full_cycles, 0.2, 1e-12);
}

TEST(Ageing, takes_ripple_below_one_percent_for_part_of_the_swing) {
  AgeingCell cell(naumann_ageing(), 0.3);
  for (int i = 0; i < 100; ++i) {  // two steps up, one down
    cell.take(50.0, 0.8 * 72.0);
    cell.take(-50.0, 0.4 * 72.0);
  }
  const auto& half = cell.now().half_cycle;
  EXPECT_NEAR(half.start, 0.3, 1e-12);
  EXPECT_EQ(half.direction, 1.0);
  EXPECT_EQ(cell.now().full_cycles, 0.0);
  EXPECT_NEAR(equivalent_full_cycles(cell.now()), 0.5 * 100 * 0.012, 1e-9);

  AgeingCell resting(naumann_ageing());
  for (int i = 0; i < 100; ++i) {
    resting.take(50.0, 0.9 * 72.0);
    resting.take(-50.0, 0.9 * 72.0);
  }
  EXPECT_EQ(resting.now().half_cycle.direction, 0.0);
}

TEST(Ageing, counts_a_half_cycle_with_the_depth_reached_so_far) {
  const AgeingParameters p = naumann_ageing();
  AgeingCell cell(p, 0.0);
  for (int i = 0; i < 10; ++i) cell.cycle(0.0, 0.9, 50.0, 9);
  const double before = cycle_loss(p, cell.now());
  cell.move_to(0.45, 50.0, 9);  // not finished
  const double k = (0.0630e-2 * 0.5 + 0.0971e-2) * (4.0253 * std::pow(0.45 - 0.6, 3) + 1.0923);
  EXPECT_NEAR(cycle_loss(p, cell.now()), std::sqrt(before * before + k * k * 0.225), 1e-9);
}

TEST(Ageing, plates_only_when_charged_in_the_cold) {
  AgeingCell cell(cold_charge_alone(), 0.8);
  cell.T_degC = -5.0;
  cell.rest(86400.0, 3600.0);
  cell.move_to(0.2, 50.0, 50);
  EXPECT_EQ(cell.now().capacity_factor, 1.0);
  const auto charged_at = [](double T_degC) {
    AgeingCell charged(cold_charge_alone(), 0.2);
    charged.T_degC = T_degC;
    charged.move_to(0.8, 50.0, 50);
    return cold_charge_loss(charged.now());
  };
  EXPECT_GT(charged_at(-5.0), 10.0 * charged_at(25.0));
}

TEST(Ageing, takes_charge_and_discharge_in_one_step) {
  const auto one = [](double value) { return CellArray::Constant(1, value); };
  const auto plated = [&](double discharge_Ah) {
    AgeingState state = make_ageing_state(one(0.5));
    age(cold_charge_alone(), one(0.51), one(0.0), one(1.0), one(discharge_Ah), one(100.0), 600.0,
        state);
    EXPECT_DOUBLE_EQ(equivalent_full_cycles(state.cells[0]), 0.5 * (0.01 + 0.01 * discharge_Ah));
    return cold_charge_loss(state.cells[0]);
  };
  EXPECT_GT(plated(0.0), 0.0);
  EXPECT_EQ(plated(0.5), plated(0.0));
}

TEST(Ageing, rests_by_time_alone) {
  AgeingCell cell(everything());
  cell.rest(kYear_s, 3600.0);
  EXPECT_EQ(cycle_loss(cell.parameters, cell.now()), 0.0);
  EXPECT_EQ(cold_charge_loss(cell.now()), 0.0);
  EXPECT_EQ(equivalent_full_cycles(cell.now()), 0.0);
  EXPECT_DOUBLE_EQ(cell.now().capacity_factor, 1.0 - calendar_loss(cell.parameters, cell.now()));
  EXPECT_LT(cell.now().capacity_factor, 0.99);

  AgeingCell ageless{AgeingParameters{}};
  ageless.rest(kYear_s, 3600.0);
  ageless.cycle(0.5, 1.0, 100.0, 10);
  EXPECT_EQ(ageless.now().capacity_factor, 1.0);
  EXPECT_EQ(ageless.now().resistance_factor_rc, 1.0);
}

TEST(Ageing, gives_r0_half_of_the_increase_and_keeps_some_capacity) {
  AgeingParameters p = naumann_ageing();
  AgeingCell cell(p);
  cell.rest(10 * kYear_s, 86400.0);
  EXPECT_GT(cell.now().resistance_factor_rc, 1.1);
  EXPECT_DOUBLE_EQ(cell.now().resistance_factor_rc, 1.0 + resistance_increase(p, cell.now()));
  EXPECT_DOUBLE_EQ(2.0 * (cell.now().resistance_factor_r0 - 1.0),
                   cell.now().resistance_factor_rc - 1.0);
  p.calendar_capacity.rate *= 100.0;
  AgeingCell worn(p);
  worn.rest(kYear_s, 86400.0);
  EXPECT_EQ(worn.now().capacity_factor, 0.05);
}

TEST(Ageing, turns_down_past_the_knee) {
  AgeingParameters p = naumann_ageing();
  p.calendar_capacity.rate = 0.0;
  p.cycle_capacity.exponent = 1.0;  // without a knee a straight line
  p.cycle_capacity.rate *= 5.0;
  p.knee.gain = 10.0;
  AgeingCell cell(p, 0.0);
  const auto lost_in_ten = [&] {
    const double before = cycle_loss(p, cell.now());
    for (int i = 0; i < 10; ++i) cell.cycle(0.0, 1.0, 50.0, 10);
    return cycle_loss(p, cell.now()) - before;
  };
  const double first = lost_in_ten();
  EXPECT_NEAR(lost_in_ten(), first, 1e-9);
  for (int i = 0; i < 2; ++i) lost_in_ten();
  ASSERT_LT(cell.now().capacity_factor, 0.75);
  const double factor = 1.0 + 10.0 * (cycle_loss(p, cell.now()) - 0.2);
  const double later = lost_in_ten() / first;
  EXPECT_GT(later, factor);
  EXPECT_LT(later, 1.0 + 10.0 * (cycle_loss(p, cell.now()) - 0.2));
}

TEST(Ageing, ages_every_cell_by_itself_and_is_copyable) {
  const AgeingParameters p = everything();
  CellArray soc(2);
  soc << 0.2, 0.9;
  CellArray T_degC(2);
  T_degC << 10.0, 40.0;
  const CellArray none = CellArray::Zero(2);
  AgeingState state = make_ageing_state(soc);
  age(p, soc, T_degC, none, none, CellArray::Constant(2, 100.0), 86400.0, state);
  AgeingCell second(p, 0.9);
  second.T_degC = 40.0;
  second.take(0.0, 86400.0);
  EXPECT_EQ(state.cells[1], second.now());
  AgeingState copy = state;
  EXPECT_EQ(copy, state);
  age(p, soc, T_degC, none, none, CellArray::Constant(2, 100.0), 60.0, copy);
  EXPECT_FALSE(copy == state);
}

}  // namespace
}  // namespace doppelpack::models
