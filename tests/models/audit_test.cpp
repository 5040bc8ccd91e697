// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack's audit: silent in every kind of operation, loud about any tampering.
#include "models/audit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support.hpp"

namespace doppelpack::models {

namespace {

using testing::Bench;
using testing::lfp_chemistry;

// The next look of the audit after something has been tampered with.
Violation found_after(Bench& bench) {
  EXPECT_FALSE(bench.state.audit.has_failed());
  bench.run(0.3, 1e-3);
  return bench.state.audit.first;
}

Bench running() {
  Bench bench(lfp_chemistry());
  bench.pack.supply_A = 0.012;
  bench.pack.self_discharge_A.setConstant(0.001);
  bench.inputs.bleeders = 0x11U;
  bench.set_current(-60.0);
  bench.run(2.05, 1e-3);
  return bench;
}

TEST(Audit, keeps_silent_through_everything_a_pack_does) {
  Bench bench = running();
  bench.hardware.cell_short_S[3] = 0.5;
  bench.hardware.link_extra_Ohm[7] = 1e-3;
  bench.run(20.0, 1e-3);
  bench.inputs.source = {120.0, 0.001, 56.0, 40.0};
  bench.run(3600.0, 1.0);
  bench.hardware.terminal_short_S = 200.0;
  bench.run(0.01, 1e-3);
  bench.hardware.terminal_short_S = 0.0;
  bench.inputs.charge_gate = false;
  bench.run(60.0, 10.0);
  const AuditState& audit = bench.state.audit;
  EXPECT_FALSE(audit.has_failed()) << name_of(audit.first.invariant) << " " << audit.first.size;
  EXPECT_GT(audit.windows, 3000);
  EXPECT_LT(audit.share[static_cast<int>(Invariant::charge)], 0.1);
  EXPECT_LT(audit.share[static_cast<int>(Invariant::energy)], 0.9);
}

TEST(Audit, finds_charge_that_came_from_nowhere) {
  Bench bench = running();
  bench.state.cells.x(5, 0) += 1e-6;
  const Violation violation = found_after(bench);
  EXPECT_EQ(violation.invariant, Invariant::charge);
  EXPECT_EQ(violation.node, 5);
  EXPECT_NEAR(violation.size, 0.36, 1e-3);
}

TEST(Audit, finds_heat_that_came_from_nowhere) {
  Bench bench = running();
  bench.state.cells.T_degC[2] += 1e-6;
  EXPECT_EQ(found_after(bench).invariant, Invariant::heat);
}

TEST(Audit, finds_energy_that_was_lost) {
  Bench bench = running();
  bench.state.cells.heat_J[2] += 10.0;
  EXPECT_EQ(found_after(bench).invariant, Invariant::energy);
}

TEST(Audit, finds_a_number_that_is_none) {
  Bench bench = running();
  bench.state.cells.x(9, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(found_after(bench).invariant, Invariant::count);
}

TEST(Audit, keeps_the_first_violation) {
  Bench bench = running();
  bench.state.cells.x(5, 0) += 1e-6;
  const Violation first = found_after(bench);
  bench.state.cells.x(6, 0) += 1e-3;
  bench.run(0.3, 1e-3);
  EXPECT_EQ(bench.state.audit.first.node, first.node);
}

}  // namespace

}  // namespace doppelpack::models
