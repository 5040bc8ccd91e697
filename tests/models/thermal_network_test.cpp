// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <cmath>

#include "thermal_box.hpp"

namespace doppelpack::models {

namespace {

using testing::Box;
using testing::heat_unevenly;
using testing::isolated_nodes;

TEST(ThermalNetwork, case_alone_follows_one_exponential) {
  HeatPathParameters paths = isolated_nodes();
  paths.case_to_ambient_W_per_K = 6.0;
  for (const double dt_s : {0.1, 50.0, 1000.0}) {
    Box box(paths);
    box.state.case_degC = 65.0;
    box.power_W.case_J = 30.0;
    box.run(1000.0, dt_s);
    const double decay = std::exp(-1000.0 * 6.0 / 4000.0);
    EXPECT_NEAR(box.state.case_degC, 30.0 + 35.0 * decay, 1e-10) << dt_s;
    EXPECT_NEAR(box.to_ambient_J, 30.0 * 1000.0 + 4000.0 * 35.0 * (1.0 - decay), 1e-7) << dt_s;
  }
}

// Two capacities and one conductance: their mean stands, their difference decays.
TEST(ThermalNetwork, two_nodes_exchange_as_their_closed_form_says) {
  HeatPathParameters paths = isolated_nodes();
  paths.mosfet_to_board_W_per_K = 0.5;
  Box box(paths);
  box.state.mosfet_degC = 85.0;
  box.run(200.0, 0.1);
  const double rate_per_s = 0.5 * (1.0 / 120.0 + 1.0 / 150.0);
  const double mean_degC = (120.0 * 85.0 + 150.0 * 25.0) / 270.0;
  const double apart_K = 60.0 * std::exp(-200.0 * rate_per_s);
  EXPECT_NEAR(box.state.mosfet_degC, mean_degC + apart_K * 150.0 / 270.0, 1e-9);
  EXPECT_NEAR(box.state.board_degC, mean_degC - apart_K * 120.0 / 270.0, 1e-9);
  EXPECT_EQ(box.state.case_degC, 25.0);
}

TEST(ThermalNetwork, isolated_cell_warms_by_heat_over_capacity) {
  Box box(isolated_nodes());
  box.power_W.cell_J[8] = 15.0;
  box.power_W.link_J[3] = 0.5;
  box.run(1000.0, 0.1);
  EXPECT_NEAR(box.cell_degC[8] - 25.0, 15.0 * 1000.0 / 2080.0, 1e-11);
  EXPECT_NEAR(box.state.link_degC[3] - 25.0, 0.5 * 1000.0 / 20.0, 1e-11);
  EXPECT_EQ(box.cell_degC[7], 25.0);
  EXPECT_EQ(box.state.link_degC[4], 25.0);
}

// Every cell alike and no ends: each path carries what is behind it.
TEST(ThermalNetwork, steady_state_of_equal_cells) {
  HeatPathParameters paths;
  paths.end_to_case_W_per_K = 0.0;
  paths.terminal_to_case_W_per_K = 0.0;
  Box box(paths);
  box.power_W.cell_J.setConstant(3.7);
  box.power_W.mosfet_J = 8.0;
  box.power_W.board_J = 3.0;
  box.run(1e6, 5e4);
  const double case_degC = 25.0 + box.total_W() / 6.0;
  EXPECT_NEAR(box.state.case_degC, case_degC, 1e-8);
  for (int i = 0; i < 16; ++i) {
    EXPECT_NEAR(box.cell_degC[i], case_degC + 3.7 / 0.4, 1e-8);
    EXPECT_NEAR(box.state.link_degC[i], box.cell_degC[i], 1e-8);
  }
  // MOSFETs m and board b above the case: 8 W = 1.5 m + 0.5 (m - b), 3 W = 0.5 b - 0.5 (m - b).
  EXPECT_NEAR(box.state.board_degC, case_degC + 40.0 / 7.0, 1e-8);
  EXPECT_NEAR(box.state.mosfet_degC, case_degC + 38.0 / 7.0, 1e-8);
}

TEST(ThermalNetwork, heat_stored_and_heat_lost_balance_what_came_in) {
  for (const int branches : {1, 3}) {
    for (const double dt_s : {0.1, 60.0}) {
      Box box(HeatPathParameters{}, branches, 7);
      heat_unevenly(box);
      box.ambient_degC = 10.0;
      const double before_J = box.held_J();
      box.run(3600.0, dt_s);
      const double in_J = box.total_W() * 3600.0;
      EXPECT_GT(std::abs(box.to_ambient_J), 0.2 * in_J);
      EXPECT_NEAR(box.held_J() - before_J + box.to_ambient_J, in_J, 1e-12 * in_J);
    }
  }
}

TEST(ThermalNetwork, length_of_steps_does_not_matter) {
  Box fine(HeatPathParameters{});
  heat_unevenly(fine);
  Box coarse = fine;
  Box at_once = fine;
  fine.run(6000.0, 0.1);
  coarse.run(6000.0, 600.0);
  at_once.run(6000.0, 6000.0);
  EXPECT_GT(fine.cell_degC[5], 26.0);
  for (int i = 0; i < 16; ++i) {
    EXPECT_NEAR(fine.cell_degC[i], coarse.cell_degC[i], 1e-9);
    EXPECT_NEAR(fine.cell_degC[i], at_once.cell_degC[i], 1e-9);
    EXPECT_NEAR(fine.state.link_degC[i], coarse.state.link_degC[i], 1e-9);
  }
  EXPECT_NEAR(fine.state.mosfet_degC, coarse.state.mosfet_degC, 1e-9);
  EXPECT_NEAR(fine.state.board_degC, coarse.state.board_degC, 1e-9);
  EXPECT_NEAR(fine.state.case_degC, coarse.state.case_degC, 1e-9);
  EXPECT_NEAR(fine.to_ambient_J, coarse.to_ambient_J, 1e-9 * fine.to_ambient_J);
}

TEST(ThermalNetwork, heat_of_the_middle_cell_spreads_symmetrically) {
  HeatPathParameters paths;
  paths.terminal_to_case_W_per_K = 0.0;
  paths.link_to_cell_W_per_K = 0.0;  // the row of links is not symmetric
  Box box(paths, 1, 15);
  box.power_W.cell_J[7] = 11.0;
  box.run(3600.0, 10.0);
  for (int i = 0; i < 7; ++i) {
    EXPECT_NEAR(box.cell_degC[i], box.cell_degC[14 - i], 1e-11);
    if (i >= 2) EXPECT_LT(box.cell_degC[i], box.cell_degC[i + 1]);
  }
  EXPECT_GT(box.cell_degC[0], box.cell_degC[1]);  // the warm case reaches the ends first
}

TEST(ThermalNetwork, loose_busbar_warms_both_its_cells) {
  Box box(HeatPathParameters{});
  box.power_W.link_J[6] = 10.0;
  box.run(600.0, 1.0);
  EXPECT_GT(box.cell_degC[6], 26.0);
  EXPECT_NEAR(box.cell_degC[6], box.cell_degC[7], 1e-2);
  EXPECT_GT(box.cell_degC[6], box.cell_degC[5] + 0.5);
  // 20 J/K settle within 15 s: then 10 W leave through two bolts of 0.7 W/K.
  EXPECT_NEAR(box.state.link_degC[6] - 0.5 * (box.cell_degC[6] + box.cell_degC[7]), 10.0 / 1.4,
              0.01 * 10.0 / 1.4);
}

TEST(ThermalNetwork, last_link_cools_through_the_terminal) {
  HeatPathParameters paths = isolated_nodes();
  paths.terminal_to_case_W_per_K = 0.3;
  paths.case_J_per_K = 1e12;
  Box box(paths);
  box.power_W.link_J[15] = 3.0;
  box.run(100.0, 20.0);
  EXPECT_NEAR(box.state.link_degC[15], 35.0 - 10.0 * std::exp(-100.0 * 0.3 / 20.0), 1e-9);
}

TEST(ThermalNetwork, branches_alike_stay_alike_and_unlike_ones_exchange) {
  Box both(HeatPathParameters{}, 2, 8);
  both.power_W.cell_J[3] = 8.0;
  both.power_W.cell_J[11] = 8.0;
  both.run(1000.0, 1.0);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(both.cell_degC[i], both.cell_degC[8 + i]);

  HeatPathParameters paths = isolated_nodes();
  paths.branch_W_per_K = 0.6;
  Box three(paths, 3, 4);
  three.cell_degC[4 + 2] = 55.0;  // the middle one of position 2
  three.run(900.0, 1.0);
  const double decay = std::exp(-900.0 * 3.0 * 0.6 / 2080.0);
  EXPECT_NEAR(three.cell_degC[4 + 2], 35.0 + 20.0 * decay, 1e-9);
  EXPECT_NEAR(three.cell_degC[2], 35.0 - 10.0 * decay, 1e-9);
  EXPECT_NEAR(three.cell_degC[8 + 2], 35.0 - 10.0 * decay, 1e-9);
  EXPECT_EQ(three.cell_degC[4 + 1], 25.0);
}

TEST(ThermalNetwork, position_factor_scales_the_way_to_the_case) {
  HeatPathParameters paths = isolated_nodes();
  paths.cell_to_case_W_per_K = 0.4;
  paths.end_to_case_W_per_K = 0.5;
  paths.case_J_per_K = 1e12;
  CellArray factor = CellArray::Ones(4);
  factor[1] = 0.8;
  factor[3] = 1.2;
  Box box(paths, 1, 4, {}, factor);
  box.cell_degC.setConstant(45.0);
  box.run(2000.0, 100.0);
  const double conductance[] = {0.9, 0.32, 0.4, 1.08};
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(box.cell_degC[i], 25.0 + 20.0 * std::exp(-conductance[i] * 2000.0 / 2080.0), 1e-7);
}

// Behind a ramp of rate r a bead ends up r tau behind, on its way by an exponential.
TEST(ThermalNetwork, beads_lag_exactly) {
  HeatPathParameters paths = isolated_nodes();
  for (const double dt_s : {0.02, 0.1, 12.0, 60.0}) {
    Box box(paths, 1, 4,
            {{BeadPlace::cell, 2, 40.0},
             {BeadPlace::link, 1, 15.0},
             {BeadPlace::ambient, 0, 100.0},
             {BeadPlace::mosfet, 0, 0.0},
             {BeadPlace::board, 0, 30.0}});
    box.power_W.cell_J[2] = 20.8;  // 0.01 K/s
    box.power_W.mosfet_J = 12.0;   // 0.1 K/s
    box.state.link_degC[1] = 60.0;
    box.state.board_degC = 40.0;
    box.ambient_degC = 5.0;
    box.run(60.0, dt_s);
    const CellArray& bead = box.state.bead_degC;
    EXPECT_NEAR(bead[0], 25.0 + 0.6 - 0.4 * (1.0 - std::exp(-1.5)), 1e-10) << dt_s;
    EXPECT_NEAR(bead[1], 60.0 - 35.0 * std::exp(-4.0), 1e-10) << dt_s;
    EXPECT_NEAR(bead[2], 5.0 + 20.0 * std::exp(-0.6), 1e-10) << dt_s;
    EXPECT_EQ(bead[3], box.state.mosfet_degC) << dt_s;
    EXPECT_NEAR(bead[4], 40.0 - 15.0 * std::exp(-2.0), 1e-10) << dt_s;
  }
}

// A link between two (or four) cells is the fastest node; the bound is twice its rate.
TEST(ThermalNetwork, bound_of_the_rates_covers_the_fastest_node) {
  EXPECT_NEAR(Box(HeatPathParameters{}, 1).network.fastest_per_s, 2.0 * 1.4 / 20.0, 1e-12);
  EXPECT_NEAR(Box(HeatPathParameters{}, 2).network.fastest_per_s, 2.0 * 2.8 / 20.0, 1e-12);
}

TEST(ThermalNetwork, a_copy_of_the_state_continues_to_the_same_bits) {
  Box box(HeatPathParameters{}, 2, 5, {{BeadPlace::cell, 2, 40.0}});
  heat_unevenly(box);
  box.run(10.0, 0.1);
  Box copy = box;
  box.run(0.7, 0.7);
  copy.state.held_dt_s = 0.0;  // what is held only saves time
  copy.run(0.7, 0.7);
  EXPECT_TRUE((box.cell_degC == copy.cell_degC).all());
  EXPECT_TRUE((box.state.bead_degC == copy.state.bead_degC).all());
  EXPECT_EQ(box.to_ambient_J, copy.to_ambient_J);
}

TEST(ThermalNetwork, serves_one_cell_and_sixteen_hundred) {
  for (const auto& [branches, positions] : {std::pair{1, 1}, std::pair{1, 2}, std::pair{4, 400}}) {
    Box box(HeatPathParameters{}, branches, positions);
    heat_unevenly(box);
    const double before_J = box.held_J();
    box.run(120.0, 1.0);
    const double in_J = box.total_W() * 120.0;
    EXPECT_NEAR(box.held_J() - before_J + box.to_ambient_J, in_J, 1e-12 * box.held_J());
    EXPECT_GT(box.cell_degC.minCoeff(), 25.0);
  }
}

}  // namespace

}  // namespace doppelpack::models
