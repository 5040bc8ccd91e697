// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cells in parallel within one pack. Cell index = branch * series + position.
#include <gtest/gtest.h>

#include <cmath>

#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::capacitor_chemistry;
using testing::plain_chemistry;

struct ParallelBench {
  PackParameters pack;
  Hardware hardware;
  PackInputs inputs;
  PackState state;

  ParallelBench(const Chemistry& chemistry, int series, int parallel) {
    pack = testing::make_pack(chemistry, series * parallel);
    pack.series = series;
    pack.parallel = parallel;
    testing::set_heat_paths({}, pack);
    hardware = flawless_hardware(pack.cell_count(), 2, series);
    inputs.charge_gate = inputs.discharge_gate = true;
    inputs.source.max_V = 1000.0;
  }
  void start(const CellArray& soc) { state = make_pack_state(pack, soc, 25.0); }
  void start(double soc) { start(CellArray::Constant(pack.cell_count(), soc)); }
  void run(double seconds, double dt_s) {
    ++hardware.revision;
    const auto steps = static_cast<long>(seconds / dt_s + 0.5);
    for (long i = 0; i < steps; ++i) step(pack, hardware, inputs, dt_s, state);
  }
  void solve_now() {
    ++hardware.revision;
    solve(pack, hardware, inputs, state);
  }
};

class Arrangement : public ::testing::TestWithParam<std::pair<int, int>> {};

// n cells in parallel are one with n times the current to give.
TEST_P(Arrangement, equal_cells_share_and_voltages_add) {
  const auto [series, parallel] = GetParam();
  ParallelBench bench(plain_chemistry(), series, parallel);
  bench.start(0.5);
  bench.inputs.source.current_A = 40.0 * parallel;
  bench.solve_now();
  for (int cell = 0; cell < series * parallel; ++cell)
    EXPECT_NEAR(bench.state.cell_current_A[cell], 40.0, 1e-9);
  const double position_V = 3.3 + 40.0 * (0.5e-3 + 60e-6 * parallel);
  EXPECT_EQ(bench.state.cell_V.size(), series);
  EXPECT_NEAR(bench.state.stack_V, series * position_V, 1e-9);
  bench.run(360.0, 1.0);
  EXPECT_NEAR(bench.state.cells.x(series * parallel - 1, 0), 0.5 + 0.04, 1e-4);
  EXPECT_FALSE(bench.state.audit.has_failed());
}

INSTANTIATE_TEST_SUITE_P(Pack, Arrangement,
                         ::testing::Values(std::pair{15, 1}, std::pair{16, 1}, std::pair{30, 1},
                                           std::pair{16, 2}, std::pair{15, 3}, std::pair{30, 2},
                                           std::pair{1, 2}));

TEST(ParallelCells, share_by_inverse_resistance) {
  ParallelBench bench(plain_chemistry(), 16, 2);
  bench.pack.cells.r0_Ohm[16 + 5] *= 3.0;  // the second cell of position 5
  bench.start(0.5);
  bench.inputs.source.current_A = -80.0;
  bench.solve_now();
  EXPECT_NEAR(bench.state.cell_current_A[5], -60.0, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[16 + 5], -20.0, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[4], -40.0, 1e-9);
  EXPECT_NEAR(bench.state.cell_V[5], 3.3 - 60.0 * 0.5e-3 - 80.0 * 60e-6, 1e-9);
}

// tau = (R1 + R2) C1 C2 / (C1 + C2), C = 3600 Q per 1 V: 120 s.
TEST(ParallelCells, unequal_cells_equalise_as_two_capacitors) {
  ParallelBench bench(capacitor_chemistry(), 16, 2);
  bench.pack.cells.capacity_Ah[16 + 3] = 50.0;
  CellArray soc = CellArray::Constant(32, 0.5);
  soc[3] = 0.52;
  bench.start(soc);
  const double tau_s = 1e-3 * 3600.0 * (100.0 * 50.0) / 150.0;
  bench.solve_now();
  EXPECT_NEAR(bench.state.cell_current_A[3], -20.0, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[16 + 3], 20.0, 1e-9);
  EXPECT_EQ(bench.state.current_A, 0.0);
  bench.run(120.0, 0.01);
  EXPECT_NEAR(bench.state.cell_current_A[3], -20.0 * std::exp(-120.0 / tau_s), 2e-3);
  bench.run(2400.0, 1.0);
  const double mean = (52.0 + 25.0) / 150.0;
  EXPECT_NEAR(bench.state.cells.x(3, 0), mean, 1e-6);
  EXPECT_NEAR(bench.state.cells.x(16 + 3, 0), mean, 1e-6);
  EXPECT_NEAR(bench.state.cell_V[3], 2.8 + mean, 1e-6);
  EXPECT_NEAR(bench.state.cells.x(4, 0), 0.5, 1e-9);  // nobody else took part
}

// Half the capacity in one cell of a pair: the pair has three quarters of the others'.
TEST(ParallelCells, a_weak_cell_weakens_its_pair_but_is_spared_in_it) {
  ParallelBench bench(capacitor_chemistry(), 16, 2);
  bench.pack.cells.capacity_Ah[7] = 50.0;
  bench.start(0.9);
  bench.inputs.source.current_A = -60.0;
  bench.run(3600.0, 1.0);
  EXPECT_NEAR(bench.state.cell_current_A[7], -20.0, 1e-3);
  EXPECT_NEAR(bench.state.cell_current_A[16 + 7], -40.0, 1e-3);
  // The pair's own time constant leaves 1e-3 Ohm / 2 times 20 A of difference: 10 mV.
  EXPECT_NEAR(bench.state.cells.x(7, 0), 0.9 - 60.0 / 150.0, 0.01);
  EXPECT_NEAR(bench.state.cells.x(6, 0), 0.9 - 60.0 / 200.0, 1e-6);
  int lowest = 0;
  for (int i = 1; i < 16; ++i)
    if (bench.state.cell_V[i] < bench.state.cell_V[lowest]) lowest = i;
  EXPECT_EQ(lowest, 7);
}

TEST(ParallelCells, a_short_in_one_cell_drains_its_partner_too) {
  ParallelBench bench(plain_chemistry(), 16, 2);
  bench.start(0.5);
  bench.hardware.cell_short_S[16 + 9] = 2.0;
  bench.solve_now();
  const double inner_V = 3.3 / (1.0 + 2.0 * 0.25e-3);
  EXPECT_NEAR(bench.state.cell_V[9], inner_V, 1e-9);
  EXPECT_NEAR(bench.state.cell_current_A[9], -inner_V, 1e-8);
  EXPECT_NEAR(bench.state.cell_current_A[16 + 9], -inner_V, 1e-8);
}

}  // namespace

}  // namespace doppelpack::models
