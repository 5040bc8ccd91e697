// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/runaway.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "thermal_box.hpp"

namespace doppelpack::models {

namespace {

constexpr double kCell_J_per_K = 2080.0;

/// One 100 Ah cell with its heat for itself, but for a loss to what is around it.
struct LoneCell {
  RunawayParameters parameters;
  RunawayState state = make_runaway_state(1);
  CellArray capacity_Ah = CellArray::Constant(1, 100.0);
  CellArray soc = CellArray::Constant(1, 1.0);
  CellArray T_degC;
  CellArray heat_J = CellArray::Zero(1);
  double around_degC = 25.0;
  double loss_W_per_K = 0.0;
  RunawayHeat total;

  explicit LoneCell(double start_degC) : T_degC(CellArray::Constant(1, start_degC)) {}

  /// The temperature stays.
  RunawayHeat react(double dt_s) {
    const RunawayHeat heat =
        advance_runaway(parameters, capacity_Ah, soc, T_degC, dt_s, state, heat_J);
    total.into_cells_J += heat.into_cells_J;
    total.carried_out_J += heat.carried_out_J;
    return heat;
  }
  /// It follows; returns the rate of self-heating, K/s.
  double warm(double dt_s) {
    const double heat_K = react(dt_s).into_cells_J / kCell_J_per_K;
    T_degC[0] += heat_K - loss_W_per_K * (T_degC[0] - around_degC) * dt_s / kCell_J_per_K;
    return heat_K / dt_s;
  }
  double longest_step_s() const {
    return std::min(60.0,
                    longest_runaway_step_s(parameters, capacity_Ah, kCell_J_per_K, T_degC, state));
  }
  double peak_degC(double step_share) {
    for (int i = 0; i < 1000000 && state.main_reacted[0] < 0.9999; ++i)
      warm(step_share * longest_step_s());
    return T_degC[0];
  }
};

double rate_at(const RunawayReaction& reaction, double T_degC) {
  return reaction.rate_per_s *
         std::exp(reaction.activation_J_per_mol / 8.314462618 *
                  (1.0 / (reaction.reference_degC + 273.15) - 1.0 / (T_degC + 273.15)));
}

TEST(Runaway, sound_cells_in_the_warm_do_nothing) {
  LoneCell cell(69.9);
  const RunawayHeat heat = cell.react(365.0 * 86400.0);
  EXPECT_EQ(heat.into_cells_J, 0.0);
  EXPECT_EQ(cell.heat_J[0], 0.0);
  EXPECT_EQ(cell.state.early_reacted[0], 0.0);
  EXPECT_EQ(cell.longest_step_s(), 60.0);
  EXPECT_EQ(runaway_short_S(cell.parameters, 100.0, cell.state, 0), 0.0);
  EXPECT_EQ(runaway_emf_factor(cell.parameters, cell.state, 0), 1.0);
  EXPECT_EQ(runaway_r_factor(cell.parameters, cell.state, 0), 1.0);
}

TEST(Runaway, reactions_are_exact_at_constant_temperature) {
  LoneCell at_once(140.0);
  LoneCell in_steps(140.0);
  at_once.react(3600.0);
  for (int i = 0; i < 36000; ++i) in_steps.react(0.1);
  const RunawayParameters& p = at_once.parameters;
  const double early = 1.0 - std::exp(-3600.0 * rate_at(p.early, 140.0));
  const double free_per_s = rate_at(p.main, 140.0);
  const double main_per_s = 1.0 / (1.0 / free_per_s + 1.0 / p.fastest_main_per_s);
  EXPECT_GT(early, 0.4);
  EXPECT_NEAR(at_once.state.early_reacted[0], early, 1e-12);
  EXPECT_NEAR(at_once.state.main_reacted[0], 1.0 - std::exp(-3600.0 * main_per_s), 1e-12);
  EXPECT_NEAR(in_steps.state.early_reacted[0], early, 1e-11);
  EXPECT_NEAR(in_steps.heat_J[0], at_once.heat_J[0], 1e-9 * at_once.heat_J[0]);
}

TEST(Runaway, heat_is_the_reacted_share_times_the_heat_of_reaction) {
  for (const double soc : {0.0, 0.5, 1.0, 1.3}) {
    LoneCell cell(190.0);
    cell.soc[0] = soc;
    for (int i = 0; i < 100; ++i) cell.react(10.0);
    const RunawayParameters& p = cell.parameters;
    const double full_Ah = 100.0 * (0.2 + 0.8 * std::min(soc, 1.0));
    const double main_J = full_Ah * p.main.heat_J_per_Ah * cell.state.main_reacted[0];
    const double early_J = full_Ah * p.early.heat_J_per_Ah * cell.state.early_reacted[0];
    EXPECT_GT(cell.state.main_reacted[0], 0.05);
    EXPECT_NEAR(cell.total.carried_out_J, 0.4 * main_J, 1e-9 * main_J);
    EXPECT_NEAR(cell.total.into_cells_J, early_J + 0.6 * main_J, 1e-9 * main_J);
    EXPECT_EQ(cell.heat_J[0], cell.total.into_cells_J);
  }
}

// As an accelerating-rate calorimeter sees it: 0.02 K/min counts as self-heating.
TEST(Runaway, adiabatic_cell_heats_itself_from_onset_to_peak) {
  LoneCell cell(85.0);
  double onset_degC = 0.0;
  double steepest_K_per_s = 0.0;
  double above_200_s = 0.0;
  for (int i = 0; i < 1000000 && cell.state.main_reacted[0] < 0.9; ++i) {
    const double dt_s = cell.longest_step_s();
    const double rate = cell.warm(dt_s);
    if (onset_degC == 0.0 && rate > 0.02 / 60.0) onset_degC = cell.T_degC[0];
    steepest_K_per_s = std::max(steepest_K_per_s, rate);
    if (cell.T_degC[0] > 200.0) above_200_s += dt_s;
  }
  EXPECT_GT(onset_degC, 90.0);
  EXPECT_LT(onset_degC, 130.0);
  EXPECT_GT(above_200_s, 60.0);  // minutes, not seconds
  EXPECT_LT(above_200_s, 1800.0);
  EXPECT_LT(steepest_K_per_s, 5.0);
  const double peak_degC = cell.peak_degC(1.0);
  EXPECT_GT(peak_degC, 300.0);
  EXPECT_LT(peak_degC, 450.0);
  EXPECT_GT(cell.total.into_cells_J + cell.total.carried_out_J, 0.99 * 100.0 * 10e3);
}

TEST(Runaway, longest_step_is_worth_a_kelvin) {
  for (const double degC : {150.0, 180.0, 250.0, 400.0}) {
    LoneCell cell(degC);
    cell.state.early_reacted[0] = 0.5;
    cell.state.main_reacted[0] = 0.3;
    const RunawayHeat heat = cell.react(longest_runaway_step_s(
        cell.parameters, cell.capacity_Ah, kCell_J_per_K, cell.T_degC, cell.state));
    EXPECT_NEAR((heat.into_cells_J + heat.carried_out_J) / kCell_J_per_K, 1.0, 0.03) << degC;
  }
}

TEST(Runaway, cell_in_80_degC_stays_there_for_ten_days) {
  LoneCell cell(80.0);
  cell.around_degC = 80.0;
  cell.loss_W_per_K = 0.4;
  for (int minute = 0; minute < 14400; ++minute) cell.warm(60.0);
  EXPECT_GT(cell.T_degC[0], 80.0);
  EXPECT_LT(cell.T_degC[0], 80.2);
  EXPECT_LT(cell.state.early_reacted[0], 0.2);
  EXPECT_LT(cell.state.main_reacted[0], 1e-3);
  EXPECT_EQ(cell.state.molten[0], 0.0);
}

TEST(Runaway, empty_cell_hardly_runs_away) {
  LoneCell full(150.0);
  LoneCell empty(150.0);
  empty.soc[0] = 0.0;
  EXPECT_GT(full.peak_degC(1.0), 400.0);
  EXPECT_LT(empty.peak_degC(1.0), 250.0);
}

TEST(Runaway, halving_the_step_moves_the_peak_by_less_than_a_tenth_of_a_kelvin) {
  LoneCell usual(110.0);
  LoneCell halved(110.0);
  EXPECT_NEAR(usual.peak_degC(1.0), halved.peak_degC(0.5), 0.1);
}

TEST(Runaway, separator_melts_vent_opens_and_nothing_heals) {
  LoneCell cell(129.0);
  const auto short_S = [&] { return runaway_short_S(cell.parameters, 100.0, cell.state, 0); };
  cell.react(0.1);
  EXPECT_EQ(short_S(), 0.0);
  cell.T_degC[0] = 147.5;
  cell.react(0.1);
  EXPECT_NEAR(short_S(), 5.0, 1e-12);
  EXPECT_EQ(cell.state.is_vented[0], 0);
  EXPECT_EQ(cell.state.gas_mol[0], 0.0);
  cell.T_degC[0] = 75.0;
  cell.react(0.1);
  EXPECT_NEAR(short_S(), 5.0, 1e-12);
  cell.T_degC[0] = 200.0;
  cell.react(10.0);
  EXPECT_NEAR(short_S(), 10.0, 1e-12);
  EXPECT_EQ(cell.state.is_vented[0], 1);
  EXPECT_NEAR(cell.state.gas_mol[0], 2.4 * cell.state.main_reacted[0], 1e-15);
  cell.T_degC[0] = 300.0;
  cell.react(3600.0);
  EXPECT_NEAR(cell.state.gas_mol[0], 2.4, 1e-9);
  EXPECT_EQ(runaway_emf_factor(cell.parameters, cell.state, 0), 0.0);
  EXPECT_NEAR(runaway_r_factor(cell.parameters, cell.state, 0), 20.0, 1e-9);
}

/// Five cells in a row in the air of a room; the first is heated by 1 kW until it runs away.
struct Row {
  testing::Box box;
  RunawayParameters parameters;
  RunawayState runaway = make_runaway_state(5);
  CellArray capacity_Ah = CellArray::Constant(5, 100.0);
  CellArray soc = CellArray::Constant(5, 1.0);
  CellArray peak_degC = CellArray::Zero(5);
  double reaction_J = 0.0;
  double heater_J = 0.0;

  explicit Row(const HeatPathParameters& paths) : box(paths, 1, 5) {}
  void run(double seconds, double dt_s) {
    for (double t = 0.0; t < seconds; t += dt_s) {
      clear(box.heat);
      reaction_J += advance_runaway(parameters, capacity_Ah, soc, box.cell_degC, dt_s, runaway,
                                    box.heat.cell_J)
                        .into_cells_J;
      if (runaway.main_reacted[0] < 0.05) {
        box.heat.cell_J[0] += 1000.0 * dt_s;
        heater_J += 1000.0 * dt_s;
      }
      box.to_ambient_J += advance_heat(box.network, box.heat, 25.0, dt_s, box.cell_degC, box.state);
      peak_degC = peak_degC.max(box.cell_degC);
    }
  }
};

TEST(Runaway, goes_from_cell_to_cell_through_good_contact) {
  HeatPathParameters paths;
  paths.face_W_per_K = 5.0;
  Row row(paths);
  const double before_J = row.box.held_J();
  row.run(3600.0, 0.1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_GT(row.peak_degC[i], 300.0) << i;
    EXPECT_LT(row.peak_degC[i], 450.0) << i;
    EXPECT_GT(row.runaway.main_reacted[i], 0.9) << i;
  }
  const double in_J = row.reaction_J + row.heater_J;
  EXPECT_NEAR(row.box.held_J() - before_J + row.box.to_ambient_J, in_J, 1e-11 * in_J);
}

TEST(Runaway, stays_where_it_is_behind_insulation_and_in_an_ordinary_pack) {
  HeatPathParameters insulated;
  insulated.face_W_per_K = 0.05;
  insulated.link_to_cell_W_per_K = 0.1;
  for (const HeatPathParameters& paths : {insulated, HeatPathParameters{}}) {
    Row row(paths);
    row.run(2.0 * 3600.0, 0.5);
    EXPECT_GT(row.peak_degC[0], 300.0);
    EXPECT_LT(row.peak_degC[1], 130.0);
    EXPECT_LT(row.peak_degC[2], 100.0);
    EXPECT_LT(row.runaway.main_reacted[1], 1e-3);
    EXPECT_EQ(row.runaway.is_vented[1], 0);
  }
}

}  // namespace

}  // namespace doppelpack::models
