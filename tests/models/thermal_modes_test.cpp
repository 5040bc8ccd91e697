// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Long steps of the thermal network by its modes against short ones by the series.
#include <gtest/gtest.h>

#include "thermal_box.hpp"

namespace doppelpack::models {

namespace {

using testing::Box;

Box uneven_box(int branches, int positions) {
  Box box(HeatPathParameters{}, branches, positions,
          {{BeadPlace::cell, 2, 40.0},
           {BeadPlace::link, 1, 15.0},
           {BeadPlace::ambient, 0, 100.0},
           {BeadPlace::mosfet, 0, 0.0},
           {BeadPlace::board, 0, 30.0}});
  testing::heat_unevenly(box);
  box.state.board_degC = 40.0;
  box.ambient_degC = 5.0;
  return box;
}

TEST(ThermalModes, long_steps_give_what_short_ones_give) {
  for (const auto& [branches, positions] : {std::pair{1, 16}, std::pair{2, 5}}) {
    Box fine = uneven_box(branches, positions);
    Box long_steps = fine;
    add_modes(long_steps.network);
    fine.run(7200.0, 1.0);
    long_steps.run(7200.0, 1800.0);
    EXPECT_TRUE(long_steps.state.is_held_by_modes);
    EXPECT_FALSE(fine.state.is_held_by_modes);
    const ThermalState& a = fine.state;
    const ThermalState& b = long_steps.state;
    EXPECT_LT((fine.cell_degC - long_steps.cell_degC).abs().maxCoeff(), 1e-9);
    EXPECT_LT((a.link_degC - b.link_degC).abs().maxCoeff(), 1e-9);
    EXPECT_NEAR(a.mosfet_degC, b.mosfet_degC, 1e-9);
    EXPECT_NEAR(a.board_degC, b.board_degC, 1e-9);
    EXPECT_NEAR(a.case_degC, b.case_degC, 1e-9);
    EXPECT_NEAR(fine.to_ambient_J, long_steps.to_ambient_J, 1e-9 * fine.to_ambient_J);
    // Short steps see a bead's source as moving linearly within each.
    EXPECT_LT((a.bead_degC - b.bead_degC).abs().maxCoeff(), 1e-4);
  }
}

TEST(ThermalModes, heat_stored_and_heat_lost_balance_what_came_in) {
  Box box = uneven_box(1, 16);
  add_modes(box.network);
  const double before_J = box.held_J();
  box.run(36000.0, 3600.0);
  EXPECT_NEAR(box.held_J() - before_J + box.to_ambient_J, box.total_W() * 36000.0,
              1e-9 * box.total_W() * 36000.0);
}

TEST(ThermalModes, short_steps_do_without) {
  Box without = uneven_box(1, 16);
  Box with = without;
  add_modes(with.network);
  without.run(10.0, 0.1);
  with.run(10.0, 0.1);
  EXPECT_TRUE((without.cell_degC == with.cell_degC).all());
}

TEST(ThermalModes, large_networks_have_none) {
  Box box(HeatPathParameters{}, 10, 16);
  add_modes(box.network);
  EXPECT_EQ(box.network.modes.rate_per_s.size(), 0);
  box.run(3600.0, 3600.0);
  EXPECT_FALSE(box.state.is_held_by_modes);
}

TEST(ThermalModes, a_state_held_by_modes_continues_without_them) {
  Box box = uneven_box(1, 16);
  Box plain = box;
  add_modes(box.network);
  box.run(3600.0, 3600.0);
  box.network.modes = {};
  box.run(3600.0, 3600.0);
  plain.run(7200.0, 3600.0);
  EXPECT_FALSE(box.state.is_held_by_modes);
  EXPECT_LT((box.cell_degC - plain.cell_degC).abs().maxCoeff(), 1e-9);
}

}  // namespace

}  // namespace doppelpack::models
