// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Who carries what on a busbar, at one instant.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "bank_support.hpp"

namespace doppelpack::models {

namespace {

using testing::BankBench;
using testing::Bench;
using testing::kCable_Ohm;
using testing::kPack_Ohm;
using testing::kPlainEmf_V;
using testing::lfp_chemistry;
using testing::make_pack;
using testing::plain_chemistry;

// 3.3 V at half charge, 0.5 V per unit of SOC.
Chemistry sloped_chemistry() {
  Chemistry c = plain_chemistry();
  c.ocv_V = {{0.0, 1.0}, {3.05, 3.55}};
  return c;
}

TEST(Bank, equal_packs_share_equally) {
  BankBench bench(1, 4, make_pack(plain_chemistry()));
  bench.start({0.5, 0.5, 0.5, 0.5});
  bench.inputs.source.current_A = 200.0;
  bench.solve_now();
  for (int b = 0; b < 4; ++b) EXPECT_NEAR(bench.branch_A(b), 50.0, 1e-9);
  EXPECT_EQ(bench.branch_A(0), bench.branch_A(3));
  EXPECT_NEAR(bench.state.bus_V, kPlainEmf_V + 50.0 * (kPack_Ohm + kCable_Ohm), 1e-9);
  EXPECT_NEAR(bench.module(2).terminal_V, kPlainEmf_V + 50.0 * kPack_Ohm, 1e-9);
}

TEST(Bank, packs_share_by_inverse_resistance) {
  BankBench bench(1, 3, make_pack(plain_chemistry()));
  const double cables_Ohm[] = {1e-3, 5e-3, 20e-3};
  double total_S = 0.0;
  for (int b = 0; b < 3; ++b) {
    bench.bank.modules[static_cast<std::size_t>(b)].path.cable_Ohm = cables_Ohm[b];
    total_S += 1.0 / (kPack_Ohm + cables_Ohm[b]);
  }
  bench.start({0.5, 0.5, 0.5});
  bench.inputs.source.current_A = -150.0;
  bench.solve_now();
  for (int b = 0; b < 3; ++b)
    EXPECT_NEAR(bench.branch_A(b), -150.0 / (kPack_Ohm + cables_Ohm[b]) / total_S, 1e-9);
}

// 0.5 V per unit of SOC and cell: 2.4 V between 80 % and 50 %.
TEST(Bank, unequal_packs_drive_their_difference_through_both_and_the_cables) {
  BankBench bench(1, 2, make_pack(sloped_chemistry()));
  bench.start({0.8, 0.5});
  bench.solve_now();
  const double expected_A = 2.4 / (2.0 * (kPack_Ohm + kCable_Ohm));
  EXPECT_NEAR(bench.branch_A(0), -expected_A, 1e-9);
  EXPECT_NEAR(bench.branch_A(1), expected_A, 1e-9);
  EXPECT_NEAR(bench.state.source_A, 0.0, 1e-9);
  EXPECT_NEAR(bench.state.bus_V, kPlainEmf_V + 1.2, 1e-9);
}

TEST(Bank, the_stage_gives_way_at_the_edge_of_its_window) {
  BankBench bench(1, 2, make_pack(plain_chemistry()));
  bench.start({0.5, 0.5});
  const double branch_Ohm = kPack_Ohm + kCable_Ohm;
  bench.inputs.source = {500.0, 0.01, kPlainEmf_V + 0.5, 0.0};
  bench.solve_now();
  EXPECT_EQ(bench.state.bus_V, kPlainEmf_V + 0.5);
  EXPECT_NEAR(bench.branch_A(0), 0.5 / branch_Ohm, 1e-9);
  bench.inputs.source.max_V = kPlainEmf_V - 1.0;  // already above: only the standby load is left
  bench.solve_now();
  EXPECT_NEAR(bench.state.bus_V, kPlainEmf_V / (1.0 + 0.005 * branch_Ohm), 1e-9);
  bench.inputs.source = {-500.0, 0.0, 60.0, kPlainEmf_V - 0.4};
  bench.solve_now();
  EXPECT_EQ(bench.state.bus_V, kPlainEmf_V - 0.4);
  bench.expect_currents_cancel();
}

// "Only charge": from the busbar through the body diode of the discharge switch, never back.
TEST(Bank, a_pack_that_may_only_charge_takes_but_does_not_give) {
  BankBench bench(1, 2, make_pack(sloped_chemistry()));
  bench.start({0.5, 0.8});
  bench.set_gates(0, true, false);
  bench.solve_now();  // the neighbour is 2.4 V higher
  const double expected_A = (2.4 - 0.722) / (2.0 * (kPack_Ohm + kCable_Ohm) + 0.00278 - 0.4e-3);
  EXPECT_NEAR(bench.branch_A(0), expected_A, 1e-9);
  bench.expect_voltages_agree();
  bench.inputs.source.current_A = -300.0;  // pulls the bus below both
  bench.solve_now();
  EXPECT_EQ(bench.branch_A(0), 0.0);
  EXPECT_NEAR(bench.branch_A(1), -300.0, 1e-9);
  EXPECT_NEAR(bench.module(0).terminal_V, bench.state.bus_V, 1e-12);
}

TEST(Bank, a_pack_that_may_only_discharge_gives_but_does_not_take) {
  BankBench bench(1, 2, make_pack(sloped_chemistry()));
  bench.start({0.5, 0.8});
  bench.set_gates(0, false, true);
  bench.inputs.source.current_A = 100.0;
  bench.solve_now();
  EXPECT_EQ(bench.branch_A(0), 0.0);
  EXPECT_NEAR(bench.branch_A(1), 100.0, 1e-9);
  bench.inputs.source.current_A = -500.0;
  bench.solve_now();
  EXPECT_LT(bench.branch_A(0), -50.0);
  bench.expect_currents_cancel();
  bench.expect_voltages_agree();
}

TEST(Bank, an_open_or_unplugged_pack_is_not_there) {
  BankBench bench(1, 3, make_pack(sloped_chemistry()));
  bench.start({0.9, 0.5, 0.2});
  bench.set_gates(0, false, false);
  bench.inputs.modules[2].is_plugged = false;
  bench.inputs.source.current_A = 60.0;
  bench.solve_now();
  EXPECT_EQ(bench.branch_A(0), 0.0);
  EXPECT_EQ(bench.branch_A(2), 0.0);
  EXPECT_NEAR(bench.branch_A(1), 60.0, 1e-9);
  EXPECT_NEAR(bench.module(0).terminal_V, bench.state.bus_V, 1e-12);
  EXPECT_NEAR(bench.module(2).terminal_V, 16 * 3.15, 1e-9);
}

// Both discharge into each other: nearly a short circuit, as long as nothing trips.
TEST(Bank, a_reversed_pack_adds_its_voltage_to_the_other) {
  BankBench bench(1, 2, make_pack(plain_chemistry()));
  bench.start({0.5, 0.5});
  bench.hardware[1].is_cable_reversed = true;
  bench.solve_now();
  EXPECT_NEAR(bench.branch_A(0), -kPlainEmf_V / (kPack_Ohm + kCable_Ohm), 1e-6);
  EXPECT_NEAR(bench.state.bus_V, 0.0, 1e-9);
  EXPECT_LT(bench.module(1).current_A, -4000.0);  // both discharge
}

// One module: nothing else than the pack by itself.
TEST(Bank, of_one_pack_is_that_pack) {
  for (const double amperes : {-700.0, -90.0, 0.0, 3.0, 700.0})
    for (const double conductance_S : {0.0, 0.001, 0.5})
      for (const int gates : {0, 1, 2, 3})
        for (const double short_S : {0.0, 600.0}) {
          Bench pack(lfp_chemistry());
          pack.pack.path.cable_Ohm = kCable_Ohm;
          BankBench bank(1, 1, pack.pack);
          bank.start({0.5});
          const TerminalSource source{amperes, conductance_S, 54.0, 46.0};
          pack.inputs.source = bank.inputs.source = source;
          pack.inputs.charge_gate = (gates & 1) != 0;
          pack.inputs.discharge_gate = (gates & 2) != 0;
          bank.set_gates(0, (gates & 1) != 0, (gates & 2) != 0);
          pack.hardware.terminal_short_S = bank.hardware[0].terminal_short_S = short_S;
          pack.solve_now();
          bank.solve_now();
          const double scale = 1.0 + 1e-3 * std::abs(pack.state.current_A);
          EXPECT_NEAR(bank.module(0).current_A, pack.state.current_A, 1e-9 * scale);
          EXPECT_NEAR(bank.module(0).terminal_V, pack.state.terminal_V, 1e-9);
          EXPECT_NEAR(bank.state.bus_V, pack.state.path.link_V, 1e-9);
        }
}

// Whatever gates, voltages, resistances, faults and source: the laws hold.
TEST(Bank, currents_cancel_and_voltages_agree_on_any_busbar) {
  std::uint32_t seed = 1;
  const auto draw = [&seed] {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<double>(seed >> 8U) / 16777216.0;
  };
  for (int trial = 0; trial < 1000; ++trial) {
    const int count = 1 + static_cast<int>(draw() * 16.0);
    BankBench bench(1, count, make_pack(sloped_chemistry(), 4));
    std::vector<double> soc;
    for (int b = 0; b < count; ++b) {
      const auto m = static_cast<std::size_t>(b);
      soc.push_back(draw());
      bench.bank.modules[m].path.cable_Ohm = 0.02 * draw();
      bench.set_gates(b, draw() > 0.4, draw() > 0.4);
      bench.inputs.modules[m].is_plugged = draw() > 0.1;
      bench.hardware[m].is_cable_reversed = draw() > 0.97;
      if (draw() > 0.9) bench.hardware[m].terminal_short_S = 50.0 * draw();
    }
    bench.start(soc);
    const double middle_V = 4 * (3.05 + 0.5 * draw());
    bench.inputs.source = {400.0 * (draw() - 0.5), draw() > 0.5 ? 0.01 : 0.0, middle_V + draw(),
                           middle_V - draw()};
    bench.solve_now();
    SCOPED_TRACE(trial);
    bench.expect_currents_cancel();
    bench.expect_voltages_agree();
    if (HasFailure()) return;
  }
}

}  // namespace

}  // namespace doppelpack::models
