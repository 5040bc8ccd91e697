// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Single cells set by hand, from the scenario to the running bench.

#include <gtest/gtest.h>

#include <cmath>

#include "bench_fixture.hpp"
#include "models/ageing.hpp"

namespace doppelpack::sim {
namespace {

models::PackParameters first_pack(const Scenario& scenario) {
  return make_pack_parameters(pack_specs(scenario).front());
}

using test::read;

constexpr int kCell = 6;  // "cell 7" in files

Scenario with_cell(const CellSetting& setting, std::string_view product = "generic-16s") {
  Scenario scenario = test::free_run(0.5, "hybrid-5k", product);
  scenario.initial.soc_spread = 0.01;
  scenario.initial.cells = {setting};
  return scenario;
}

// Every value but that of the cell is the one of the seed.
void expect_only_cell(int cell, const models::CellArray& set, const models::CellArray& drawn) {
  ASSERT_EQ(set.size(), drawn.size());
  for (Eigen::Index i = 0; i < set.size(); ++i) EXPECT_EQ(set[i] == drawn[i], i != cell) << i;
}

TEST(CellSetting, replaces_what_the_seed_drew_for_that_cell_alone) {
  CellSetting setting{.cell = kCell};
  const models::PackParameters drawn = first_pack(with_cell(setting));
  setting.capacity_Ah = 92.0;
  setting.resistance = 1.5;
  setting.self_discharge_A = 0.005;
  const models::PackParameters set = first_pack(with_cell(setting));
  expect_only_cell(kCell, set.cells.capacity_Ah, drawn.cells.capacity_Ah);
  expect_only_cell(kCell, set.cells.r0_Ohm, drawn.cells.r0_Ohm);
  expect_only_cell(kCell, set.cells.r2_Ohm, drawn.cells.r2_Ohm);
  expect_only_cell(kCell, set.self_discharge_A, drawn.self_discharge_A);
  EXPECT_EQ(set.cells.capacity_Ah[kCell], 92.0);
  EXPECT_EQ(set.self_discharge_A[kCell], 0.005);
  const models::Chemistry& cell = with_cell(setting).product.pack.chemistry;
  EXPECT_DOUBLE_EQ(set.cells.r0_Ohm[kCell], cell.r0_Ohm * (cell.capacity_Ah / 92.0) * 1.5);
}

TEST(CellSetting, without_values_leaves_the_specimen_of_the_seed) {
  const Scenario scenario = with_cell({.cell = kCell});
  const models::PackParameters drawn = make_pack_parameters(scenario.product.pack, scenario.seed);
  const models::PackParameters set = first_pack(scenario);
  EXPECT_TRUE((set.cells.capacity_Ah == drawn.cells.capacity_Ah).all());
  EXPECT_TRUE((set.cells.r0_Ohm == drawn.cells.r0_Ohm).all());
  EXPECT_TRUE((set.self_discharge_A == drawn.self_discharge_A).all());
}

TEST(CellSetting, gives_the_bench_one_cell_of_another_charge) {
  const Bench drawn(with_cell({.cell = kCell}));
  const Bench set(with_cell({.cell = kCell, .soc = 0.2}));
  EXPECT_EQ(read(set, "pack1/cell07/soc"), 0.2);
  EXPECT_EQ(read(set, "pack1/cell06/soc"), read(drawn, "pack1/cell06/soc"));
  EXPECT_EQ(read(set, "pack1/cell08/soc"), read(drawn, "pack1/cell08/soc"));
  EXPECT_LT(read(set, "pack1/cell07/voltage_V"), read(drawn, "pack1/cell07/voltage_V") - 0.01);
}

TEST(CellSetting, reaches_one_of_two_cells_in_parallel) {
  const Bench bench(with_cell({.cell = 16 + kCell, .soc = 0.2}, "residential-6k5"));
  EXPECT_EQ(read(bench, "pack1/cell23/soc"), 0.2);
  EXPECT_GT(read(bench, "pack1/cell07/soc"), 0.4);
}

// With half the capacity, and half of that lost by ageing, every ampere-hour counts four times.
TEST(CellSetting, lets_the_charge_move_as_far_as_the_capacity_says) {
  Scenario scenario = with_cell({.cell = kCell, .capacity_Ah = 50.0, .soh = 0.5});
  scenario.product.pack.spread = {};
  scenario.initial.soc_spread = 0.0;
  Bench bench(scenario);
  EXPECT_EQ(read(bench, "pack1/cell07/soh"), 0.5);
  bench.set("inverter1/demand_W", 2000.0);
  bench.run_until(300 * kSecond);
  const double usual = read(bench, "pack1/cell08/soc") - 0.5;
  const double fast = read(bench, "pack1/cell07/soc") - 0.5;
  ASSERT_GT(usual, 0.02);
  EXPECT_NEAR(fast / usual, 4.0, 0.01);
  // From the first window on, the pack's own books reckon with that capacity.
  EXPECT_LE(bench.state().units[0].pack.audit.share[static_cast<int>(models::Invariant::charge)],
            1.0);
}

TEST(CellSetting, counts_from_the_very_first_step) {
  Scenario scenario = with_cell({.cell = kCell, .soh = 0.5});
  scenario.product.pack.spread = {};
  scenario.initial.soc_spread = 0.0;
  const models::PackParameters pack = first_pack(scenario);
  models::CellState cells = make_initial_pack(pack_specs(scenario).front(), pack).cells;
  models::CellArray emf_V(16);
  pack.cell_model->thevenin(pack.cells, cells, emf_V);
  pack.cell_model->advance(pack.cells, models::CellArray::Constant(16, 50.0), 1.0, cells);
  EXPECT_NEAR((cells.x(kCell, 0) - 0.5) / (cells.x(7, 0) - 0.5), 2.0, 1e-9);
}

TEST(CellSetting, drains_the_cell_as_told) {
  Scenario scenario = with_cell({.cell = kCell, .self_discharge_A = 1.0});
  scenario.product.pack.spread = {};
  scenario.initial.soc_spread = 0.0;
  scenario.initial.is_inverter_connected = false;
  Bench bench(scenario);
  bench.run_until(36 * kSecond);
  const double drained = read(bench, "pack1/cell08/soc") - read(bench, "pack1/cell07/soc");
  EXPECT_NEAR(drained, 1.0 * 36.0 / 3600.0 / 100.0, 2e-6);
}

TEST(CellSetting, keeps_its_soh_and_goes_on_ageing_from_there) {
  const Scenario scenario = with_cell({.cell = kCell, .soh = 0.8});
  const models::PackParameters pack = first_pack(scenario);
  models::PackState state = make_initial_pack(pack_specs(scenario).front(), pack);
  const models::CellArray warm = models::CellArray::Constant(16, 25.0);
  const models::CellArray none = models::CellArray::Zero(16);
  const auto let_pass = [&](double dt_s) {
    models::age(pack.ageing, state.cells.x.col(0), warm, none, none, pack.cells.capacity_Ah, dt_s,
                state.ageing);
  };
  const auto loss_of = [&](std::size_t cell) {
    return 1.0 - state.ageing.cells[cell].capacity_factor;
  };
  let_pass(60.0);
  EXPECT_NEAR(loss_of(kCell), 0.2, 1e-6);
  EXPECT_LT(loss_of(7), 1e-3);
  let_pass(365.0 * 86400.0);
  EXPECT_GT(loss_of(kCell), 0.2001);
  EXPECT_LT(loss_of(kCell) - 0.2, loss_of(7));
}

}  // namespace
}  // namespace doppelpack::sim
