// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A high-voltage stack: modules in series behind one switch.
#include <gtest/gtest.h>

#include "bank_support.hpp"

namespace doppelpack::models {

namespace {

using testing::BankBench;
using testing::lfp_chemistry;
using testing::make_pack;
using testing::plain_chemistry;

// Five modules of 30 in series: the switch in the first, the others bare.
BankBench high_voltage_stack(const Chemistry& chemistry) {
  BankBench bench(5, 1, make_pack(chemistry, 30));
  for (std::size_t m = 1; m < 5; ++m) {
    PowerPathParameters& path = bench.bank.modules[m].path;
    path.shunt_Ohm = 0.0;
    path.charge_switch.on_Ohm = path.discharge_switch.on_Ohm = 1e-9;
  }
  bench.bank.modules[0].path.charge_switch.avalanche_V = 900.0;
  bench.bank.modules[0].path.discharge_switch.avalanche_V = 900.0;
  return bench;
}

TEST(BankStack, a_stack_adds_voltages_and_has_one_current) {
  BankBench bench = high_voltage_stack(plain_chemistry());
  bench.start({0.5, 0.5, 0.5, 0.5, 0.5});
  bench.inputs.source.current_A = -80.0;
  bench.solve_now();
  const double cells_Ohm = 150 * (0.5e-3 + 60e-6);
  const double path_Ohm = 0.25e-3 + 5 * 0.5e-3 + 2 * 0.4e-3 + 8 * 1e-9;
  EXPECT_NEAR(bench.state.bus_V, 150 * 3.3 - 80.0 * (cells_Ohm + path_Ohm + 1.5e-3), 1e-8);
  for (int m = 0; m < 5; ++m) EXPECT_NEAR(bench.module(m).current_A, -80.0, 1e-9);
  bench.expect_voltages_agree();
  bench.set_gates(0, false, false);
  bench.solve_now();
  for (int m = 0; m < 5; ++m) EXPECT_EQ(bench.module(m).current_A, 0.0);
}

TEST(BankStack, the_weakest_module_limits_a_stack) {
  BankBench bench = high_voltage_stack(lfp_chemistry());
  bench.bank.modules[3].cells.capacity_Ah = 80.0;
  bench.start({0.9, 0.9, 0.9, 0.9, 0.9});
  bench.inputs.source.current_A = -100.0;
  double seconds = 0.0;
  while (bench.module(3).cell_V[7] > 2.8 && seconds < 7200.0) {
    bench.run(10.0, 1.0);
    seconds += 10.0;
  }
  // 72 Ah of 80, less what its resistance hides at the end.
  EXPECT_NEAR(seconds, 0.9 * 80.0 * 36.0, 60.0);
  for (const int m : {0, 1, 2, 4}) {
    EXPECT_GT(bench.module(m).cell_V[7], 3.1);
    EXPECT_NEAR(bench.module(m).cells.x(0, 0), 0.9 - seconds / 3600.0, 1e-6);
  }
  for (int m = 0; m < 5; ++m) EXPECT_FALSE(bench.module(m).audit.has_failed()) << m;
}

}  // namespace

}  // namespace doppelpack::models
