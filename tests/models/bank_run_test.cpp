// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Banks over time: equalising, tripping, books.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "allocation_count.hpp"
#include "bank_support.hpp"

namespace doppelpack::models {

namespace {

using testing::BankBench;
using testing::capacitor_chemistry;
using testing::kCable_Ohm;
using testing::kPack_Ohm;
using testing::lfp_chemistry;
using testing::make_pack;
using testing::plain_chemistry;

// Cells whose heat does not reach the MOSFETs' resistance.
PackParameters cool_pack(const Chemistry& chemistry, int cell_count) {
  PackParameters p = make_pack(chemistry, cell_count);
  p.path.charge_switch.on_per_K = p.path.discharge_switch.on_per_K = 0.0;
  return p;
}

void set_capacity(double capacity_Ah, PackParameters& p) {
  p.cells.capacity_Ah = capacity_Ah;
}

// I(t) = dV / R exp(-t / tau), tau = R C1 C2 / (C1 + C2), C = 3600 Q / (series * 1 V).
TEST(BankRun, circulating_current_decays_as_between_two_capacitors) {
  BankBench bench(1, 2, cool_pack(capacitor_chemistry(), 16));
  set_capacity(50.0, bench.bank.modules[1]);
  bench.start({0.6, 0.5});
  const double loop_Ohm = 2.0 * (kPack_Ohm + kCable_Ohm);
  const double tau_s = loop_Ohm * 3600.0 / 16.0 * (100.0 * 50.0) / 150.0;
  const double first_A = 1.6 / loop_Ohm;
  bench.run(0.01, 0.01);
  EXPECT_NEAR(bench.branch_A(1), first_A, 1e-9);
  for (const double minutes : {1.0, 2.0, 3.0}) {
    bench.run(60.0, 0.01);
    EXPECT_NEAR(bench.branch_A(1), first_A * std::exp(-60.0 * minutes / tau_s), 1e-4 * first_A);
    EXPECT_NEAR(bench.branch_A(0) + bench.branch_A(1), 0.0, 1e-9);
  }
  bench.run(7200.0, 1.0);
  EXPECT_NEAR(bench.module(0).cells.x(0, 0), (60.0 + 25.0) / 150.0, 1e-9);
  EXPECT_NEAR(bench.module(1).cells.x(3, 0), (60.0 + 25.0) / 150.0, 1e-9);
}

TEST(BankRun, a_small_pack_carries_its_share_in_the_long_run) {
  BankBench bench(1, 2, cool_pack(capacitor_chemistry(), 16));
  set_capacity(50.0, bench.bank.modules[1]);
  bench.start({0.5, 0.5});
  bench.inputs.source.current_A = 30.0;
  bench.run(1.0, 1.0);
  EXPECT_NEAR(bench.branch_A(1), 15.0, 1e-9);
  bench.run(1800.0, 1.0);
  EXPECT_NEAR(bench.branch_A(0), 20.0, 1e-3);
  EXPECT_NEAR(bench.branch_A(1), 10.0, 1e-3);
}

TEST(BankRun, when_one_trips_the_others_carry_the_load) {
  BankBench bench(1, 3, cool_pack(plain_chemistry(), 16));
  bench.bank.modules[0].comparators.ocd = {90.0, 0.5};
  bench.start({0.5, 0.5, 0.5});
  bench.inputs.source.current_A = -300.0;
  bench.run(10.0, 1.0);
  EXPECT_TRUE(bench.module(0).path.comparators.ocd.is_latched);
  EXPECT_EQ(bench.branch_A(0), 0.0);
  EXPECT_NEAR(bench.branch_A(1), -150.0, 1e-9);
  EXPECT_NEAR(bench.branch_A(2), -150.0, 1e-9);
  EXPECT_NEAR(bench.module(0).discharge_Ah * 3600.0, 100.0 * 0.5, 1e-4);  // up to its delay
  EXPECT_NEAR(bench.module(1).discharge_Ah * 3600.0, 100.0 * 0.5 + 150.0 * 9.5, 1e-4);
}

TEST(BankRun, connecting_a_full_pack_to_an_empty_one_trips_in_time) {
  BankBench bench(1, 2, cool_pack(capacitor_chemistry(), 16));
  bench.start({0.9, 0.1});
  bench.set_gates(1, false, false);
  bench.run(1.0, 0.1);
  EXPECT_EQ(bench.branch_A(0), 0.0);
  bench.bank.modules[0].comparators.scd = {300.0, 200e-6};
  bench.set_gates(1, true, true);
  bench.run(0.1, 0.1);
  const double peak_A = 16 * 0.8 / (2.0 * (kPack_Ohm + kCable_Ohm));
  EXPECT_NEAR(bench.module(0).path.peak_A, peak_A, 1e-6);
  EXPECT_NEAR(bench.module(1).charge_Ah * 3600.0, peak_A * 200e-6, 1e-6);
  EXPECT_EQ(bench.branch_A(1), 0.0);
}

// (400^2 - 150^2) t = 12 kA2s: after 87 ms, noticed at the next tenth of a second.
TEST(BankRun, a_fuse_opens_its_branch_only) {
  BankBench bench(1, 2, cool_pack(plain_chemistry(), 16));
  bench.bank.modules[0].path.fuse = {150.0, 12e3, 0.0};
  bench.start({0.5, 0.5});
  bench.inputs.source.current_A = 800.0;
  bench.run(0.3, 0.01);
  EXPECT_TRUE(bench.module(0).path.fuse.is_open);
  EXPECT_EQ(bench.branch_A(0), 0.0);
  EXPECT_NEAR(bench.branch_A(1), 800.0, 1e-9);
  EXPECT_NEAR(bench.module(0).charge_Ah * 3600.0, 400.0 * 0.1, 1e-6);
}

// The stiffest loop: cold cells, steep ends of the OCV curve, the longest steps.
TEST(BankRun, minute_steps_equalise_without_oscillation) {
  for (const double T_degC : {25.0, -20.0}) {
    BankBench bench(1, 2, cool_pack(lfp_chemistry(), 16));
    bench.start({1.0, 0.02}, T_degC);
    for (int minute = 0; minute < 120; ++minute) {
      bench.run(60.0, 60.0);
      EXPECT_GE(bench.branch_A(1), 0.0) << minute;
    }
    EXPECT_LT(bench.branch_A(1), 10.0);
  }
}

// What the source gives is in the cells, in the boxes as heat, or in the cables.
TEST(BankRun, energy_balances_over_an_hour) {
  BankBench bench(2, 3, make_pack(plain_chemistry(), 8));
  bench.start({0.5, 0.4, 0.6, 0.5, 0.3, 0.7});
  set_capacity(60.0, bench.bank.modules[2]);
  double source_J = 0.0;
  double cable_J = 0.0;
  for (int second = 0; second < 3600; ++second) {
    bench.inputs.source.current_A = 150.0 * std::sin(second * 0.01);
    for (int part = 0; part < 10; ++part) {
      bench.step_by(0.1);
      source_J += bench.state.bus_V * bench.state.source_A * 0.1;
      for (int b = 0; b < 3; ++b)
        cable_J += kCable_Ohm * bench.branch_A(b) * bench.branch_A(b) * 0.1;
    }
  }
  double heat_J = cable_J;
  double chemical_J = 0.0;
  const double start[] = {0.5, 0.4, 0.6, 0.5, 0.3, 0.7};
  for (int m = 0; m < 6; ++m) {
    heat_J += bench.module(m).heat_J;
    const double capacity_As = 3600.0 * (m == 2 ? 60.0 : 100.0);
    chemical_J += 8 * 3.3 * capacity_As * (bench.module(m).cells.x(0, 0) - start[m]);
    EXPECT_FALSE(bench.module(m).audit.has_failed()) << m;
  }
  EXPECT_GT(heat_J, 1e5);
  // Counted with the voltage at the start of each step: 1e-4 at 0.1 s, 1e-5 at 0.01 s.
  EXPECT_NEAR(source_J, chemical_J + heat_J, 2e-4 * heat_J);
}

bool same_bits(const BankBench::State& a, const BankBench::State& b) {
  for (std::size_t m = 0; m < a.modules.size(); ++m) {
    const CellTable& x = a.modules[m].cells.x;
    const CellTable& y = b.modules[m].cells.x;
    if (std::memcmp(x.data(), y.data(), static_cast<std::size_t>(x.size()) * sizeof(double)) != 0)
      return false;
  }
  return a.bus_V == b.bus_V && a.source_A == b.source_A;
}

TEST(BankRun, a_copy_goes_on_to_the_same_bits) {
  BankBench bench(1, 4, make_pack(lfp_chemistry()));
  bench.bank.link_F = 10e-3;
  bench.start({0.9, 0.5, 0.4, 0.1});
  bench.inputs.source = {120.0, 0.001, 54.5, 46.0};
  bench.run(20.0, 0.1);
  BankBench copy = bench;
  bench.run(50.0, 0.1);
  copy.run(50.0, 0.1);
  EXPECT_TRUE(same_bits(bench.state, copy.state));
  copy.inputs.source.current_A += 1e-3;
  copy.run(1.0, 0.1);
  bench.run(1.0, 0.1);
  EXPECT_FALSE(same_bits(bench.state, copy.state));
}

TEST(BankRun, the_link_follows_through_its_capacitor) {
  BankBench bench(1, 2, make_pack(plain_chemistry()));
  bench.bank.link_F = 10e-3;
  bench.start({0.5, 0.5});
  const double tau_s = 10e-3 * (kPack_Ohm + kCable_Ohm) / 2.0;
  bench.run(tau_s, tau_s / 1000.0);
  EXPECT_NEAR(bench.state.bus_V, 52.8 * (1.0 - std::exp(-1.0)), 0.02);
  bench.run(1.0, 0.1);
  EXPECT_NEAR(bench.state.bus_V, 52.8, 1e-3);  // the RC pairs remember
}

#if DOPPELPACK_COUNTS_ALLOCATIONS
TEST(BankRun, stepping_never_allocates) {
  BankBench bench(2, 3, make_pack(lfp_chemistry(), 8));
  bench.start({0.5, 0.4, 0.6, 0.5, 0.3, 0.7});
  bench.inputs.source.current_A = 30.0;
  const long before = testing::allocations;
  bench.run(2.0, 0.01);
  bench.solve_now();
  bench.step_by(60.0);
  EXPECT_EQ(testing::allocations, before);
}
#endif

}  // namespace

}  // namespace doppelpack::models
