// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The rule measured on a real pack (cell_models.md 5.1): start at 30 mV above the lowest and 3.36 V, stop at 12 mV.
#include "bench.hpp"

namespace bms_test {
namespace {

uint32_t bleeders_with(Bench& bench, uint32_t lowest_mV, uint32_t cell_mV) {
  bench.set_cells_mV(lowest_mV);
  bench.set_cell_mV(6, cell_mV);
  bench.step();
  return bench.out.bleeders;
}

constexpr uint32_t kCell6 = 1u << 6;

TEST(Balancing, starts_far_above_the_lowest_cell) {
  Bench bench;
  bench.start();
  EXPECT_EQ(bleeders_with(bench, 3400, 3429), 0u);
  EXPECT_EQ(bleeders_with(bench, 3400, 3430), kCell6);
}

TEST(Balancing, does_not_start_on_the_plateau) {
  Bench bench;
  bench.start();
  EXPECT_EQ(bleeders_with(bench, 3300, 3359), 0u);
  EXPECT_EQ(bleeders_with(bench, 3300, 3360), kCell6);
}

TEST(Balancing, goes_on_until_the_cell_has_come_close) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3400, 3430);
  EXPECT_EQ(bleeders_with(bench, 3400, 3413), kCell6);
  EXPECT_EQ(bleeders_with(bench, 3400, 3412), 0u);
  EXPECT_EQ(bleeders_with(bench, 3400, 3429), 0u);
}

TEST(Balancing, stops_when_the_cell_falls_to_the_plateau) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3320, 3360);
  EXPECT_EQ(bleeders_with(bench, 3320, 3359), 0u);
}

TEST(Balancing, bleeds_all_but_the_lowest_where_that_is_the_picture) {
  Bench bench;
  bench.start();
  EXPECT_EQ(bleeders_with(bench, 3450, 3400), 0xffffu & ~kCell6);
}

TEST(Balancing, works_in_charge_and_idle_but_not_in_discharge) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3400, 3450);
  bench.set_current_mA(20000);
  bench.step();
  EXPECT_EQ(bench.out.bleeders, kCell6);
  bench.set_current_mA(-501);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.step();
  EXPECT_EQ(bench.out.bleeders, 0u);
}

TEST(Balancing, goes_on_while_over_voltage_holds_the_charge_gate_open) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3400, 3700);
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_CELL_OV));
  EXPECT_EQ(bench.out.bleeders, kCell6);
}

TEST(Balancing, stops_in_a_pack_that_is_too_hot) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3400, 3450);
  bench.set_ntc_degC(0, 51);
  bench.run_ms(1001);
  EXPECT_TRUE(bench.is_protecting(BMS_RULE_OTC));
  EXPECT_EQ(bench.out.bleeders, 0u);
}

TEST(Balancing, waits_for_charge_where_told_to) {
  Bench bench;
  bench.config.balancing.only_in_charge = true;
  bench.start();
  bench.set_current_mA(500);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), 0u);
  bench.set_current_mA(501);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), kCell6);
}

TEST(Balancing, has_a_limit_of_its_own_for_cells_and_mosfets) {
  Bench bench;
  bench.config.sensing.has_mosfet_ntc = true;
  bench.config.balancing.hottest_ddegC = 400;
  bench.in.mosfet_ntc_adc = ntc_counts(ntc_Ohm(39));
  bench.start();
  bench.set_temperature_degC(39);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), kCell6);
  bench.set_ntc_degC(2, 41);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), 0u);
  bench.set_ntc_degC(2, 39);
  bench.in.mosfet_ntc_adc = ntc_counts(ntc_Ohm(41));
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), 0u);
}

TEST(Balancing, goes_on_at_the_limit_of_its_own) {
  Bench bench;
  bench.config.sensing.has_mosfet_ntc = true;
  bench.in.mosfet_ntc_adc = ntc_counts(ntc_Ohm(40));
  bench.set_temperature_degC(40);
  bench.start();
  const int16_t reading_ddegC = bench.out.report.mosfet_ddegC;
  ASSERT_EQ(bench.out.report.ntc_ddegC[0], reading_ddegC);
  for (const int below_ddegC : {0, 1}) {
    bench.config.balancing.hottest_ddegC = static_cast<int16_t>(reading_ddegC - below_ddegC);
    EXPECT_EQ(bleeders_with(bench, 3400, 3450), below_ddegC ? 0u : kCell6);
  }
}

TEST(Balancing, gives_the_highest_cells_the_few_places) {
  Bench bench;
  bench.config.balancing.max_bleeders = 2;
  bench.start();
  bench.set_cells_mV(3400);
  bench.set_cell_mV(1, 3440);
  bench.set_cell_mV(5, 3460);
  bench.set_cell_mV(9, 3450);
  bench.step();
  EXPECT_EQ(bench.out.bleeders, 1u << 5 | 1u << 9);
  bench.set_cell_mV(5, 3412);
  bench.set_cell_mV(1, 3425);  // below the start, but it has wanted to since
  bench.step();
  EXPECT_EQ(bench.out.bleeders, 1u << 1 | 1u << 9);
}

TEST(Balancing, alternates_between_neighbours_where_told_to) {
  Bench bench;
  bench.config.balancing.is_alternating = true;
  bench.start();
  bench.set_cells_mV(3450);
  bench.set_cell_mV(0, 3400);
  uint32_t all = 0;
  for (int i = 0; i < 4; ++i) {
    bench.step();
    EXPECT_EQ(bench.out.bleeders & bench.out.bleeders << 1, 0u);
    EXPECT_NE(bench.out.bleeders, 0u);
    all |= bench.out.bleeders;
  }
  EXPECT_EQ(all, 0xfffeu);
  const uint32_t last = bench.out.bleeders;
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.step();
  EXPECT_EQ(bench.out.bleeders, last) << "with every scan, not with every step";
}

TEST(Balancing, leaves_the_cells_alone_whose_readings_are_suspect) {
  Bench bench;
  bench.config.failures[BMS_FAILURE_SUM] = {true, false, 0, 0, 0};
  bench.config.diagnosis.sum_tolerance_mV = 1000;
  bench.start();
  bench.set_stack_mV(16 * 3400 + 50);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), kCell6);
  bench.set_stack_mV(40000);
  bleeders_with(bench, 3400, 3450);
  EXPECT_EQ(bleeders_with(bench, 3400, 3450), 0u);
}

TEST(Balancing, keeps_its_choice_between_two_readings) {
  Bench bench;
  bench.start();
  bleeders_with(bench, 3400, 3450);
  bench.in.fresh = BMS_FRESH_CURRENT;
  EXPECT_EQ(bleeders_with(bench, 3400, 3400), kCell6);
}

}  // namespace
}  // namespace bms_test
