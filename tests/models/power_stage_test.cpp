// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/power_stage.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace doppelpack::models {

namespace {

TEST(PowerStage, lags_exponentially_whatever_the_step) {
  PowerStageParameters p;
  p.ramp_A_per_s = 1e9;
  PowerStageState fine;
  PowerStageState coarse;
  const PowerStageInputs inputs{50.0, 57.0, 44.0, true};
  for (int i = 0; i < 100; ++i) step(p, inputs, 1e-3, fine);
  const TerminalSource source = step(p, inputs, 0.1, coarse);
  EXPECT_NEAR(fine.current_A, 50.0 * (1.0 - std::exp(-2.0)), 1e-9);
  EXPECT_NEAR(coarse.current_A, fine.current_A, 1e-9);
  EXPECT_EQ(source.current_A, coarse.current_A);
  EXPECT_EQ(source.conductance_S, 0.001);
  EXPECT_EQ(source.max_V, 57.0);
  EXPECT_EQ(source.min_V, 44.0);
}

TEST(PowerStage, never_exceeds_its_ramp_in_either_direction) {
  PowerStageParameters p;
  p.lag_s = 0.0;
  PowerStageState state;
  EXPECT_NEAR(step(p, {100.0}, 0.1, state).current_A, 20.0, 1e-12);
  EXPECT_NEAR(step(p, {100.0}, 0.2, state).current_A, 60.0, 1e-12);
  EXPECT_NEAR(step(p, {-100.0}, 0.1, state).current_A, 40.0, 1e-12);
  EXPECT_NEAR(step(p, {38.0}, 0.1, state).current_A, 38.0, 1e-12);
}

TEST(PowerStage, may_fall_faster_than_it_rises_in_either_direction) {
  PowerStageParameters p;
  p.lag_s = 0.0;
  p.ramp_down_A_per_s = 500.0;
  for (const double sign : {1.0, -1.0}) {
    PowerStageState state;
    EXPECT_NEAR(step(p, {sign * 100.0}, 0.3, state).current_A, sign * 60.0, 1e-12);
    EXPECT_NEAR(step(p, {0.0}, 0.1, state).current_A, sign * 10.0, 1e-12);
    EXPECT_NEAR(step(p, {sign * 100.0}, 0.1, state).current_A, sign * 30.0, 1e-12);
  }
}

TEST(PowerStage, imposed_current_flows_at_once_and_without_a_load_of_its_own) {
  PowerStageState state{30.0};
  PowerStageInputs inputs;
  inputs.target_A = 30.0;
  inputs.imposed = ImposedCurrent{-12.5, 80.0, 0.0};
  const TerminalSource source = step(PowerStageParameters{}, inputs, 1e-3, state);
  EXPECT_EQ(source.current_A, -12.5);
  EXPECT_EQ(source.conductance_S, 0.0);
  EXPECT_EQ(source.max_V, 80.0);
  EXPECT_EQ(source.min_V, 0.0);
  EXPECT_EQ(state.current_A, -12.5);
}

TEST(PowerStage, disconnected_is_an_open_terminal) {
  PowerStageState state{30.0};
  PowerStageInputs inputs;
  inputs.target_A = 30.0;
  inputs.is_connected = false;
  const TerminalSource source = step(PowerStageParameters{}, inputs, 1e-3, state);
  EXPECT_EQ(source.current_A, 0.0);
  EXPECT_EQ(source.conductance_S, 0.0);
  EXPECT_EQ(state.current_A, 0.0);
}

}  // namespace

}  // namespace doppelpack::models
