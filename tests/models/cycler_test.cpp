// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/cycler.hpp"

#include <gtest/gtest.h>

#include "ageing_support.hpp"
#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::lfp_chemistry;

struct CyclerBench {
  PackParameters pack = testing::make_pack(lfp_chemistry());
  Hardware hardware = flawless_hardware(16, 2);
  PackState state;
  AdaptiveWorkspace workspace;
  StepTolerance tolerance;

  explicit CyclerBench(const CellArray& soc)
      : state(make_pack_state(pack, soc, 25.0)), workspace(make_adaptive_workspace(state)) {
    add_modes(pack.thermal);
  }

  CyclerSums run(const CyclerPhase& phase) {
    return run_phase(pack, hardware, phase, 25.0, tolerance, state, workspace);
  }
  double spread() const {
    return state.cells.x.col(0).maxCoeff() - state.cells.x.col(0).minCoeff();
  }
};

CyclerPhase charge_phase() {
  CyclerPhase phase;
  phase.current_A = 50.0;
  phase.terminals_V = 56.0;
  phase.cell_V = 3.65;
  phase.taper_A = 5.0;
  return phase;
}

TEST(Cycler, charge_holds_the_voltage_down_to_the_taper) {
  CyclerBench bench(CellArray::Constant(16, 0.5));
  const CyclerSums sums = bench.run(charge_phase());
  EXPECT_TRUE(sums.advance.is_stopped);
  EXPECT_NEAR(bench.state.terminal_V, 56.0, 1e-9);
  EXPECT_NEAR(bench.state.current_A, 5.0, 0.05);
  EXPECT_NEAR(sums.charge_Ah, bench.state.charge_Ah, 1e-12);
  EXPECT_GT(bench.state.cells.x(0, 0), 0.99);
}

TEST(Cycler, charge_ends_when_a_cell_is_full) {
  CellArray soc = CellArray::Constant(16, 0.5);
  soc[4] = 0.53;
  CyclerBench bench(soc);
  EXPECT_TRUE(bench.run(charge_phase()).advance.is_stopped);
  EXPECT_NEAR(bench.state.cell_V[4], 3.65, 1e-3);
  EXPECT_LT(bench.state.terminal_V, 56.0);
}

TEST(Cycler, discharge_ends_by_depth_by_cell_or_by_terminals) {
  CyclerPhase phase;
  phase.current_A = -25.0;
  phase.cell_V = 2.5;
  phase.passed_Ah = 20.0;
  CyclerBench bench(CellArray::Constant(16, 0.5));
  const CyclerSums sums = bench.run(phase);
  EXPECT_NEAR(sums.discharge_Ah, 20.0, 3e-4);
  EXPECT_NEAR(sums.advance.elapsed_s, 2880.0, 0.1);
  phase.terminals_V = 48.0;
  bench.run(phase);
  EXPECT_NEAR(bench.state.terminal_V, 50.0, 2.1);
  phase.passed_Ah = 100.0;
  bench.run(phase);
  EXPECT_NEAR(bench.state.terminal_V, 48.0, 1.1e-3);
  phase.terminals_V = 0.0;
  bench.run(phase);
  EXPECT_NEAR(bench.state.cell_V.minCoeff(), 2.5, 1.1e-3);
}

TEST(Cycler, a_phase_that_may_pass_nothing_is_over_at_once) {
  CyclerPhase phase;
  phase.current_A = -25.0;
  phase.passed_Ah = 0.0;
  CyclerBench bench(CellArray::Constant(16, 0.5));
  const CyclerSums sums = bench.run(phase);
  EXPECT_TRUE(sums.advance.is_stopped);
  EXPECT_LT(sums.advance.elapsed_s, 0.02);  // switching on took milliseconds
}

TEST(Cycler, holding_with_balancing_brings_the_cells_together) {
  CellArray soc = CellArray::Constant(16, 0.5);
  soc[4] = 0.502;
  CyclerBench bench(soc);
  bench.run(charge_phase());
  CyclerPhase hold = charge_phase();
  hold.taper_A = 0.0;
  hold.balance_above_V = 5e-3;
  hold.longest_s = 6.0 * 3600.0;
  const double before = bench.spread();
  const CyclerSums sums = bench.run(hold);
  EXPECT_NEAR(sums.advance.elapsed_s, 6.0 * 3600.0, 1e-3);
  EXPECT_NEAR(before, 0.002, 1e-4);
  EXPECT_LT(bench.spread(), 0.0006);
}

// Daily cycles of 80 % with rests, the year shortened to what a test may cost.
AdvanceResult live(int days, CyclerBench& bench) {
  std::vector<CyclerPhase> day(3);
  day[0] = charge_phase();
  day[0].current_A = 25.0;
  day[1].longest_s = 6.0 * 3600.0;
  day[2].current_A = -50.0;
  day[2].cell_V = 2.5;
  day[2].passed_Ah = 80.0;
  CyclerPhase night;
  AdvanceResult result;
  for (int i = 0; i < days; ++i) {
    CyclerSums sums = run_cycle(bench.pack, bench.hardware, day, 25.0, bench.tolerance, bench.state,
                                bench.workspace);
    night.longest_s = 86400.0 - sums.advance.elapsed_s;
    sums += bench.run(night);
    result += sums.advance;
  }
  return result;
}

TEST(Cycler, fade_is_that_of_steps_of_10_s) {
  CyclerBench coarse(CellArray::LinSpaced(16, 0.14, 0.16));
  coarse.pack.ageing = testing::naumann_ageing();
  CyclerBench fine = coarse;
  fine.tolerance = fine.tolerance.times(0.1);
  fine.tolerance.longest_s = 10.0;
  const AdvanceResult result = live(4, coarse);
  live(4, fine);
  EXPECT_NEAR(result.elapsed_s, 4.0 * 86400.0, 1.0);
  EXPECT_LT(result.steps, 4 * 250);
  for (std::size_t i = 0; i < 16; ++i) {
    const CellAgeing& a = coarse.state.ageing.cells[i];
    const CellAgeing& b = fine.state.ageing.cells[i];
    EXPECT_NEAR(a.capacity_factor, b.capacity_factor, 0.01 * (1.0 - b.capacity_factor));
    EXPECT_NEAR(a.resistance_factor_rc, b.resistance_factor_rc,
                0.01 * (b.resistance_factor_rc - 1.0));
  }
}

TEST(Cycler, a_hundred_days_of_cycles_keep_clean_books) {
  CyclerBench bench(CellArray::LinSpaced(16, 0.14, 0.16));
  bench.pack.ageing = testing::naumann_ageing();
  const AdvanceResult result = live(100, bench);
  RecordProperty("steps", static_cast<int>(result.steps));
  EXPECT_LT(result.steps, 100 * 250);
  EXPECT_FALSE(bench.state.audit.has_failed());
  EXPECT_NEAR(equivalent_full_cycles(bench.state.ageing.cells[0]), 80.0, 0.5);
  // Both laws of Naumann, 80 cycles at about 3/8 C: 0.65 % and 100 days at half-way SOC: 2.2 %.
  EXPECT_NEAR(state_of_health(bench.pack, bench.state), 0.96, 0.01);
}

}  // namespace

}  // namespace doppelpack::models
