// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Long steps of cells in parallel.
#include "adaptive_support.hpp"

namespace doppelpack::models {

namespace {

using testing::expect_clean_books;
using testing::lfp_chemistry;
using testing::LongBench;
using testing::worst_soc;
using testing::worst_V;

LongBench parallel_bench() {
  LongBench adaptive(lfp_chemistry(), 4);
  adaptive.pack = testing::make_pack(lfp_chemistry(), 8);
  adaptive.pack.series = 4;
  adaptive.pack.parallel = 2;
  adaptive.pack.cells.capacity_Ah.head(4).setConstant(80.0);
  testing::set_heat_paths({}, adaptive.pack);
  adaptive.hardware = flawless_hardware(8, 2, 4);
  adaptive.state = make_pack_state(adaptive.pack, CellArray::LinSpaced(8, 0.90, 0.93), 5.0);
  adaptive.workspace = make_adaptive_workspace(adaptive.state);
  return adaptive;
}

// Unlike cells in parallel exchange charge through milliohms for hours: explicit long steps would
// swing.
TEST(AdaptiveParallel, unlike_cells_in_parallel_share_as_in_short_steps) {
  LongBench adaptive = parallel_bench();
  LongBench fixed = adaptive;
  for (const double current_A : {40.0, 0.0, -60.0}) {
    adaptive.inputs.source = {current_A, 0.0, 14.0, 0.0};
    fixed.inputs.source = adaptive.inputs.source;
    const AdvanceResult result = adaptive.advance_by(2400.0);
    fixed.run(2400.0, 0.1);
    EXPECT_LT(result.steps + result.rejected, 100) << current_A;
    EXPECT_LT(worst_V(adaptive.state, fixed.state), 1e-3) << current_A;
    EXPECT_LT(worst_soc(adaptive.state, fixed.state), 2e-3) << current_A;
  }
  expect_clean_books(adaptive.state);
}

// The instant part of the hysteresis must not make them turn each other at every step.
TEST(AdaptiveParallel, cells_in_parallel_come_to_rest) {
  LongBench bench = parallel_bench();
  bench.pack.supply_A = 0.012;
  bench.set_current(-30.0);
  bench.run(60.0, 0.1);
  bench.set_current(0.0);
  bench.run(600.0, 0.1);
  const double before_A = bench.state.cell_current_A[0];
  bench.run(0.01, 1e-3);
  EXPECT_NEAR(bench.state.cell_current_A[0], before_A, 0.01);
  expect_clean_books(bench.state);
}

}  // namespace

}  // namespace doppelpack::models
