// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/transient.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "path_support.hpp"

namespace doppelpack::models {

namespace {

using testing::PathBench;

// 26 mOhm and 2 uH at 52.5 V, the default case of the reference (6.2): nothing on the terminals.
PathBench short_circuit() {
  PathBench bench;
  bench.stack = {52.5, 26e-3 - 1.5e-3 - 1.5e-3};
  bench.hardware.terminal_short_S = 1.0 / 1.5e-3;
  bench.inputs.is_plugged = false;
  return bench;
}
constexpr double kTau_s = 2e-6 / 26e-3;
constexpr double kProspective_A = 52.5 / 26e-3;

TEST(ShortCircuit, rises_as_rl_to_two_kiloampere) {
  PathBench bench = short_circuit();
  for (int us = 0; us < 1000; us += 10) {
    bench.run(10);
    const double expected_A = -kProspective_A * (1.0 - std::exp(-(us + 10) * 1e-6 / kTau_s));
    ASSERT_NEAR(bench.state.current_A, expected_A, -1e-9 * expected_A) << us;
    ASSERT_NEAR(bench.state.terminal_V, -1.5e-3 * expected_A, 1e-9);
  }
  EXPECT_NEAR(bench.sums.peak_A, 2000.0, 50.0);
  // The integrals of the closed form: I (t - tau), and I^2 (t - 3/2 tau) this late.
  EXPECT_NEAR(bench.sums.charge_As, -kProspective_A * (1e-3 - kTau_s), 1e-5);
  EXPECT_NEAR(bench.sums.square_A2s, kProspective_A * kProspective_A * (1e-3 - 1.5 * kTau_s), 0.05);
  EXPECT_NEAR(bench.sums.terminal_Vs, -1.5e-3 * bench.sums.charge_As, 1e-12);
  bench.expect_books_balance();
}

TEST(ShortCircuit, comparator_trips_after_rise_and_delay) {
  for (const double delay_s : {70e-6, 200e-6, 450e-6}) {
    PathBench bench = short_circuit();
    bench.bank.scd = {300.0, delay_s};
    const double rise_s = -kTau_s * std::log(1.0 - 300.0 / kProspective_A);
    const int steps = bench.run(2000);
    EXPECT_TRUE(bench.sums.is_tripped);
    EXPECT_NEAR(steps * 1e-6, rise_s + delay_s, 1e-6);
    EXPECT_TRUE(bench.state.comparators.scd.is_latched);
    EXPECT_GT(bench.elements.discharge.discharge_avalanche_V, 0.0);  // off without the firmware
  }
}

TEST(ShortCircuit, comparator_sees_what_the_shunt_shows) {
  PathBench bench = short_circuit();
  bench.bank.scd = {300.0, 100e-6};
  bench.hardware.shunt_gain = 0.5;
  bench.hardware.shunt_offset_A = -50.0;
  const double rise_s = -kTau_s * std::log(1.0 - 500.0 / kProspective_A);
  EXPECT_NEAR(bench.run(2000) * 1e-6, rise_s + 100e-6, 1e-6);
}

// Without resistance the turn-off is a straight ramp, and its energy the textbook's.
TEST(Avalanche, ramps_down_and_takes_its_energy) {
  PathBench bench;
  bench.inputs.is_plugged = false;
  bench.p.shunt_Ohm = bench.p.terminal_Ohm = 0.0;
  bench.p.charge_switch.on_Ohm = 1e-12;
  bench.stack = {53.0, 1e-12};
  bench.hardware.terminal_short_S = 1e12;
  bench.state.current_A = -1850.0;
  bench.inputs.discharge_gate = false;
  bench.run(20);
  EXPECT_NEAR(bench.state.current_A, -1850.0 + (115.0 - 53.0) / 2e-6 * 20e-6, 1e-3);
  EXPECT_FALSE(
      is_settled(bench.p, bench.hardware, bench.inputs, bench.stack, bench.elements, bench.state));
  bench.run(100);
  EXPECT_EQ(bench.state.current_A, 0.0);
  const double expected_J = 0.5 * 2e-6 * 1850.0 * 1850.0 * 115.0 / (115.0 - 53.0);
  EXPECT_NEAR(bench.sums.heat.discharge_avalanche_J, expected_J, 1e-6 * expected_J);
  EXPECT_NEAR(expected_J, 6.3, 0.1);                         // as in the reference, 6.2
  EXPECT_EQ(bench.state.discharge_switch.avalanche_J, 0.0);  // the pulse is over
  EXPECT_FALSE(bench.state.discharge_switch.is_molten);
  bench.expect_books_balance();
}

TEST(Avalanche, beyond_its_limit_melts_the_group_shut) {
  PathBench bench = short_circuit();
  bench.p.discharge_switch.avalanche_limit_J = 3.0;
  bench.run(500);
  bench.inputs.discharge_gate = false;
  bench.run(5000);
  EXPECT_TRUE(bench.state.discharge_switch.is_molten);
  EXPECT_FALSE(bench.state.charge_switch.is_molten);
  EXPECT_NEAR(bench.state.current_A, -kProspective_A, 0.1);  // nothing stops it any more
  EXPECT_NEAR(bench.sums.heat.discharge_avalanche_J, 3.0, 0.3);
  bench.expect_books_balance();
}

TEST(Precharge, charges_the_link_through_the_resistor) {
  PathBench bench;
  bench.p.has_relays = true;
  bench.inputs.main_2 = bench.inputs.precharge = true;
  bench.state.main_2.is_closed = bench.state.precharge.is_closed = true;
  const double tau_s = (30.0 + 10.5e-3 + 2 * 0.2e-3) * 10e-3;
  for (int k = 1; k <= 4; ++k) {
    bench.run(100'000);
    const double expected_V = 52.8 * (1.0 - std::exp(-0.1 * k / tau_s));
    EXPECT_NEAR(bench.state.link_V, expected_V, 1e-5 * expected_V);
    EXPECT_NEAR(bench.state.terminal_V, bench.state.link_V, 1e-4);
  }
  EXPECT_NEAR(bench.sums.peak_A, 52.8 / 30.0, 0.01);
  bench.expect_books_balance();
}

TEST(Link, rings_with_the_loop) {
  PathBench bench;
  bench.inputs.source.conductance_S = 0.0;
  bench.state.link_V = 53.8;
  const double L = 3e-6, C = 10e-3, R = bench.loop_Ohm();
  const double alpha = R / (2 * L), omega = std::sqrt(1.0 / (L * C) - alpha * alpha);
  for (int k = 1; k <= 40; ++k) {
    bench.run(25);
    const double t = 25e-6 * k, decay = std::exp(-alpha * t);
    const double expected_A = 1.0 / (omega * L) * decay * std::sin(omega * t);
    const double expected_V =
        52.8 + decay * (std::cos(omega * t) + alpha / omega * std::sin(omega * t));
    ASSERT_NEAR(bench.state.current_A, expected_A, 1e-8);
    ASSERT_NEAR(bench.state.link_V, expected_V, 1e-10);
    // The terminals divide the inductive voltage: stack, box and their share of it.
    const double slope_A_per_s =
        decay / (omega * L) * (omega * std::cos(omega * t) - alpha * std::sin(omega * t));
    ASSERT_NEAR(bench.state.terminal_V, 52.8 + R * expected_A + 2e-6 * slope_A_per_s, 1e-9);
  }
  const double flux_Vs = 2e-6 * bench.state.current_A;
  EXPECT_NEAR(bench.sums.terminal_Vs, 52.8 * 1e-3 + R * bench.sums.charge_As + flux_Vs, 1e-12);
  bench.expect_books_balance();
}

// 12 mOhm, 2 uH, 10 mF: reference, 6.3.
TEST(Link, inrush_without_precharge_trips_the_comparator) {
  for (const bool is_fitted : {false, true}) {
    PathBench bench;
    bench.stack = {52.0, 10.5e-3};
    bench.p.loop_H = bench.p.cable_H = 1e-6;
    if (is_fitted) bench.bank.scd = {300.0, 200e-6};
    bench.run(1000);
    EXPECT_GT(bench.sums.peak_A, 2000.0);
    EXPECT_LT(bench.sums.peak_A, 2600.0);
    EXPECT_EQ(bench.sums.is_tripped, is_fitted);
    bench.expect_books_balance();
  }
}

TEST(Link, reversed_it_is_nearly_a_short) {
  PathBench bench;
  bench.hardware.is_cable_reversed = true;
  bench.state.link_V = 50.0;  // charged, and adds to the pack
  bench.run(100'000);
  EXPECT_NEAR(bench.state.current_A, -(52.8 - 1.6) / (bench.loop_Ohm() + 3e-3), 1e-3);
  EXPECT_NEAR(bench.state.link_V, -1.6 + 3e-3 * bench.state.current_A, 1e-6);
  EXPECT_NEAR(bench.state.terminal_V, -bench.state.link_V, 1e-9);
  EXPECT_GT(bench.sums.peak_A, 3700.0);
  bench.expect_books_balance();
}

// Charge ends at the window's edge through a link that hits it while ringing.
TEST(Link, stage_holds_the_edge_of_its_window) {
  PathBench bench;
  bench.state.link_V = bench.state.terminal_V = 52.8;
  bench.inputs.source = {300.0, 0.01, 53.5, 0.0};
  bench.run(20'000);
  EXPECT_EQ(bench.state.link_V, 53.5);
  EXPECT_NEAR(bench.state.current_A, 0.7 / bench.loop_Ohm(), 1e-6);
  bench.inputs.source = {-300.0, 0.01, 60.0, 52.0};
  bench.run(20'000);
  EXPECT_EQ(bench.state.link_V, 52.0);
  EXPECT_NEAR(bench.state.current_A, -0.8 / bench.loop_Ohm(), 1e-6);
  bench.inputs.source = {-300.0, 0.01, 60.0, 53.0};  // already beyond: idle
  bench.run(20'000);
  EXPECT_NEAR(bench.state.current_A, -0.01 * bench.state.link_V, 1e-6);
  bench.expect_books_balance();
}

TEST(Diode, passes_one_direction_only) {
  PathBench bench;
  bench.set_gates(false, true);  // the charge group's diode
  bench.state.link_V = 60.0;
  bench.run(5000);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_EQ(bench.state.link_V, 60.0);
  bench.state.link_V = 40.0;
  for (int k = 0; k < 20; ++k) {
    bench.run(1000);
    EXPECT_LE(bench.state.current_A, 0.0);
  }
  // The ringing overshoots the pack and stays there: nothing discharges it.
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_GT(bench.state.link_V, 52.8 - 0.722);
  EXPECT_TRUE(
      is_settled(bench.p, bench.hardware, bench.inputs, bench.stack, bench.elements, bench.state));
  bench.expect_books_balance();
}

TEST(Energy, balances_through_a_short_with_a_live_link_and_its_end) {
  PathBench bench;
  bench.p.cable_Ohm = 1.5e-3;
  bench.p.discharge_switch.avalanche_limit_J = 100.0;
  bench.bank.scd = {300.0, 200e-6};
  bench.inputs.source = {-60.0, 0.001, 60.0, 40.0};
  bench.state.link_V = 52.0;
  bench.run(20'000);
  bench.hardware.terminal_short_S = 1000.0;
  bench.run(5000);
  EXPECT_TRUE(bench.sums.is_tripped);
  bench.run(3000);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_GT(bench.sums.heat.discharge_avalanche_J, 1.0);
  EXPECT_LT(bench.state.link_V, 0.0);  // rings into the inverter's diodes
  bench.hardware.terminal_short_S = 0.0;
  bench.run(1000);
  EXPECT_EQ(bench.state.cable_A, 0.0);
  bench.expect_books_balance();
}

TEST(Steps, halving_them_changes_nothing_but_rounding) {
  PathBench coarse;
  coarse.state.link_V = 40.0;
  coarse.inputs.source = {-20.0, 0.002, 60.0, 10.0};
  PathBench fine = coarse;
  fine.p.step_s = 0.5e-6;
  coarse.run(800);
  fine.run(1600);
  EXPECT_NEAR(coarse.state.current_A, fine.state.current_A, 1e-9);
  EXPECT_NEAR(coarse.state.link_V, fine.state.link_V, 1e-11);
  EXPECT_NEAR(coarse.sums.square_A2s, fine.sums.square_A2s, 1e-9);
  EXPECT_NEAR(coarse.sums.charge_As, fine.sums.charge_As, 1e-11);
}

}  // namespace

}  // namespace doppelpack::models
