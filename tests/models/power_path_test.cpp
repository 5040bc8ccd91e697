// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/power_path.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "path_support.hpp"

namespace doppelpack::models {

namespace {

using testing::is_conducting;
using testing::PathBench;

constexpr double kPathEmf_V = 52.8;
constexpr double kOff_V = 0.722;

TEST(PathAtRest, current_source_and_open_terminals) {
  PathBench bench;
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_NEAR(bench.state.terminal_V, kPathEmf_V, 1e-12);
  bench.inputs.source.current_A = 100.0;
  bench.p.cable_Ohm = 1.5e-3;
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, 100.0, 1e-9);
  EXPECT_NEAR(bench.state.terminal_V, kPathEmf_V + 100.0 * 10.5e-3, 1e-9);
  EXPECT_NEAR(bench.state.link_V, kPathEmf_V + 100.0 * 12e-3, 1e-9);
}

TEST(PathAtRest, window_of_the_stage_binds_at_the_link) {
  PathBench bench;
  bench.p.cable_Ohm = 1.5e-3;
  const double loop_Ohm = bench.loop_Ohm();
  bench.inputs.source = {200.0, 0.001, kPathEmf_V + 0.5, 0.0};
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.link_V, kPathEmf_V + 0.5);
  EXPECT_NEAR(bench.state.current_A, 0.5 / loop_Ohm, 1e-9);
  bench.inputs.source.max_V = kPathEmf_V - 1.0;  // pack already above: the active part idles
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.link_V, kPathEmf_V / (1.0 + 0.001 * loop_Ohm), 1e-9);
  bench.inputs.source = {-200.0, 0.0, 60.0, kPathEmf_V - 0.4};
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, -0.4 / loop_Ohm, 1e-9);
  bench.inputs.source.min_V = kPathEmf_V + 1.0;
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.current_A, 0.0);
  bench.inputs.source = {50.0, 0.01, 60.0, 0.0};  // only binds when reached
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, 50.0 - 0.01 * bench.state.link_V, 1e-9);
}

TEST(PathAtRest, short_knows_no_window) {
  PathBench bench;
  bench.inputs.source = {-100.0, 0.0, 60.0, 48.0};
  bench.hardware.terminal_short_S = 1.0 / 1.5e-3;
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, -kPathEmf_V / (bench.loop_Ohm() + 1.5e-3), 1e-6);
  EXPECT_NEAR(bench.state.terminal_V, -bench.state.current_A * 1.5e-3, 1e-9);
  bench.set_gates(false, false);
  bench.inputs.source = {100.0, 0.0, 60.0, 48.0};  // a stage into the short, pack off
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_NEAR(bench.state.cable_A, 100.0, 1e-9);
  EXPECT_NEAR(bench.state.terminal_V, 0.15, 1e-9);
}

TEST(Switches, truth_table) {
  const MosfetCondition conditions[] = {MosfetCondition::kHealthy, MosfetCondition::kStuckClosed,
                                        MosfetCondition::kStuckOpen};
  for (const MosfetCondition chg_condition : conditions)
    for (const MosfetCondition dsg_condition : conditions)
      for (const int gates : {0, 1, 2, 3})
        for (const double amperes : {50.0, -50.0}) {
          PathBench bench;
          bench.hardware.charge_mosfet = chg_condition;
          bench.hardware.discharge_mosfet = dsg_condition;
          bench.set_gates((gates & 1) != 0, (gates & 2) != 0);
          bench.inputs.source = {amperes, 0.0, 60.0, 0.0};
          bench.settle_for(kAtRest_s);
          const bool chg = is_conducting(chg_condition, (gates & 1) != 0);
          const bool dsg = is_conducting(dsg_condition, (gates & 2) != 0);
          const bool passes = amperes > 0.0 ? chg : dsg;
          EXPECT_NEAR(bench.state.current_A, passes ? amperes : 0.0, 1e-9);
          if (!passes) continue;
          const bool has_diode = amperes > 0.0 ? !dsg : !chg;
          const double switch_V = has_diode ? kOff_V + 50.0 * (0.00278 + 0.4e-3) : 50.0 * 0.8e-3;
          const double inside_V = kPathEmf_V + amperes * (9e-3 + 0.7e-3);
          EXPECT_NEAR(bench.state.terminal_V, inside_V + std::copysign(switch_V, amperes), 1e-9);
        }
}

TEST(Switches, blocked_terminals_show_the_source_alone) {
  PathBench bench;
  bench.set_gates(false, false);
  const auto terminal_V = [&](const TerminalSource& source) {
    bench.inputs.source = source;
    bench.settle_for(kAtRest_s);
    EXPECT_EQ(bench.state.current_A, 0.0);
    return bench.state.terminal_V;
  };
  EXPECT_EQ(terminal_V({10.0, 0.0, 56.0, 40.0}), 56.0);
  EXPECT_EQ(terminal_V({10.0, 0.5, 56.0, 40.0}), 20.0);
  EXPECT_EQ(terminal_V({0.0, 0.001, 56.0, 40.0}), 0.0);
  EXPECT_EQ(terminal_V({-10.0, 0.0, 56.0, 40.0}), 0.0);
  bench.set_gates(false, true);  // a diode lets the pack show itself outwards only
  EXPECT_NEAR(terminal_V({0.0, 0.0, 56.0, 40.0}), kPathEmf_V - kOff_V, 1e-9);
  bench.set_gates(true, false);
  EXPECT_EQ(terminal_V({0.0, 0.0, 56.0, 40.0}), 0.0);
  EXPECT_EQ(terminal_V({50.0, 0.0, kPathEmf_V + 0.7, 0.0}), kPathEmf_V + 0.7);  // below the knee
}

TEST(Switches, resistance_follows_temperature_and_living_share) {
  PathBench bench;
  bench.inputs.switch_degC = 100.0;
  bench.recompose();
  EXPECT_NEAR(bench.elements.charge.switch_Ohm, 1.6 * 0.8e-3, 1e-12);
  bench.inputs.switch_degC = 25.0;
  bench.hardware.discharge_mosfet = {0.75, 0.1};
  bench.recompose();
  EXPECT_NEAR(bench.elements.discharge.switch_Ohm, 0.4e-3 + 1.6e-3, 1e-12);
  bench.set_gates(true, false);
  bench.recompose();
  EXPECT_NEAR(bench.elements.discharge.switch_Ohm, 0.4e-3 + 4e-3, 1e-12);
  bench.state.discharge_switch.is_molten = true;
  bench.recompose();
  EXPECT_NEAR(bench.elements.discharge.switch_Ohm, 0.8e-3, 1e-12);
  EXPECT_TRUE(bench.elements.is_two_way);
}

TEST(Switches, latched_comparator_overrules_the_gate) {
  PathBench bench;
  bench.inputs.source.current_A = -50.0;
  bench.state.comparators.ocd.is_latched = true;
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.current_A, 0.0);
  bench.state.comparators = {};
  bench.state.comparators.occ.is_latched = true;
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, -50.0, 1e-9);
  EXPECT_NEAR(bench.elements.discharge.knee_V, kOff_V, 1e-12);
}

TEST(Link, holds_its_voltage_while_one_looks_and_decays_when_left) {
  PathBench bench;
  bench.state.link_V = 54.0;
  bench.settle_for(0.0);
  EXPECT_NEAR(bench.state.link_V, 54.0, 1e-9);
  EXPECT_NEAR(bench.state.current_A, 1.2 / bench.loop_Ohm(), 1e-6);
  bench.set_gates(false, false);
  bench.inputs.source = {0.0, 0.001, 60.0, 40.0};
  for (int ms = 0; ms < 1000; ++ms) bench.settle_for(1e-3);
  EXPECT_NEAR(bench.state.terminal_V, 54.0 * std::exp(-1.0 * 0.001 / 10e-3), 3e-4);
  bench.inputs.source = {-10.0, 0.0, 60.0, 40.0};
  for (int ms = 0; ms < 100; ++ms) bench.settle_for(1e-3);
  EXPECT_EQ(bench.state.link_V, 40.0);  // drained to the edge, no further
}

TEST(Link, millisecond_steps_follow_the_precharge_curve) {
  PathBench bench;
  bench.p.has_relays = true;
  bench.hardware.main_relay_2 = bench.hardware.precharge_relay = ContactCondition::welded;
  const double tau_s = 30.0 * 10e-3;
  for (int ms = 1; ms <= 600; ++ms) {
    bench.settle_for(1e-3);
    const double expected_V = kPathEmf_V * (1.0 - std::exp(-ms * 1e-3 / tau_s));
    ASSERT_NEAR(bench.state.link_V, expected_V, 2e-3 * kPathEmf_V);
  }
  // 20 W at the inverter hold the link far below the pack for ever (reference, 6.3): at 32 V here
  // as a constant current.
  bench.inputs.source = {-20.0 / 32.0, 0.0, 60.0, 10.0};
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.link_V, kPathEmf_V - 30.0 * 20.0 / 32.0, 0.01);
}

TEST(Link, reversed_drives_the_pack_through_the_inverters_diodes) {
  PathBench bench;
  bench.hardware.is_cable_reversed = true;
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, -(kPathEmf_V - 1.6) / (bench.loop_Ohm() + 3e-3), 1e-6);
  bench.state.link_V = 50.0;  // charged: adds to the pack
  bench.settle_for(0.0);
  EXPECT_NEAR(bench.state.current_A, -(kPathEmf_V + 50.0) / bench.loop_Ohm(), 1e-3);
  EXPECT_NEAR(bench.state.terminal_V, -50.0, 1e-6);
}

TEST(Link, unplugged_leaves_the_terminals_to_the_pack) {
  PathBench bench;
  bench.inputs.is_plugged = false;
  bench.inputs.source = {50.0, 0.0, 56.0, 0.0};
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_EQ(bench.state.terminal_V, kPathEmf_V);
  EXPECT_EQ(bench.state.link_V, 56.0);
  bench.set_gates(false, true);
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.terminal_V, kPathEmf_V - kOff_V, 1e-12);
  bench.set_gates(false, false);
  bench.settle_for(kAtRest_s);
  EXPECT_EQ(bench.state.terminal_V, 0.0);
}

TEST(Heat, by_place_is_what_stack_and_stage_lose) {
  for (const double amperes : {80.0, -80.0})
    for (const int gates : {1, 2, 3}) {
      PathBench bench;
      bench.p.fuse.melt_A2s = 12e3;
      bench.p.cable_Ohm = 1.5e-3;
      bench.hardware.terminal_short_S = 0.01;
      bench.set_gates((gates & 1) != 0, (gates & 2) != 0);
      bench.inputs.source = {amperes, 0.0, 60.0, 0.0};
      bench.settle_for(kAtRest_s);
      PathHeat heat;
      add_heat(bench.p, bench.elements, bench.state, 2.0, heat);
      const double stack_V = kPathEmf_V + 9e-3 * bench.state.current_A;
      const double lost_J =
          2.0 * (bench.state.link_V * bench.state.cable_A - stack_V * bench.state.current_A);
      EXPECT_NEAR(heat.total_J(), lost_J, 1e-9 * std::abs(lost_J) + 1e-9);
    }
}

TEST(Insulation, fault_sits_beside_the_design_value) {
  const PowerPathParameters p;
  Hardware hardware;
  EXPECT_NEAR(insulation_Ohm(p, hardware), 10e6, 1e-6);
  EXPECT_EQ(earth_fault_A(p, hardware, 52.0), 0.0);
  hardware.insulation_S = 1.0 / 10e3;
  EXPECT_NEAR(insulation_Ohm(p, hardware), 1.0 / (1.0 / 10e3 + 1.0 / 10e6), 1e-9);
  EXPECT_NEAR(earth_fault_A(p, hardware, 52.0), 52.0 / 10e6, 52.0 / 10e6 * 3e-3);
}

}  // namespace

}  // namespace doppelpack::models
