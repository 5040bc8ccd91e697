// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Soc, starts_from_memory) {
  Bench bench;
  bench.factory = {370, 900, 123, 1};
  bench.start();
  EXPECT_EQ(bench.out.report.soc_permille, 370);
  EXPECT_EQ(bench.out.report.soh_permille, 900);
  EXPECT_EQ(bench.out.report.full_mAh, 90000u);
  EXPECT_EQ(bench.out.report.remaining_mAh, 33300u);
  EXPECT_EQ(bench.out.report.cycle_count, 123);
}

TEST(Soc, loses_half_of_100_Ah_in_an_hour_at_50_A) {
  Bench bench;
  bench.factory.soc_permille = 750;
  bench.start();
  bench.dt_us = 20000;
  bench.set_current_mA(-50000);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(kHour_ms);
  EXPECT_EQ(bench.out.report.remaining_mAh, 25000u);
  EXPECT_EQ(bench.out.report.soc_permille, 250);
}

TEST(Soc, gains_the_same_for_steps_of_any_length) {
  for (const uint32_t dt_us : {250u, 1000u, 7000u, 100000u}) {
    Bench bench;
    bench.start();
    bench.dt_us = dt_us;
    bench.set_current_mA(36000);
    bench.in.fresh = BMS_FRESH_CURRENT;
    bench.run_ms(70000);  // 0.7 Ah
    EXPECT_EQ(bench.out.report.remaining_mAh, 50700u) << dt_us;
  }
}

// One count of 28.133 mA for 1e6 ms is 7.8147 mAh. The next whole mAh comes when 8 are full: after 1023709 ms.
TEST(Soc, does_not_drift_over_a_million_steps_of_one_count) {
  Bench bench;
  bench.config.sensing.shunt_uA_per_count = 28133;
  bench.start();
  bench.in.shunt_adc = 1;
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(1000000);
  EXPECT_EQ(bench.out.report.remaining_mAh, 50007u);
  bench.run_ms(23708);
  EXPECT_EQ(bench.out.report.remaining_mAh, 50007u);
  bench.step();
  EXPECT_EQ(bench.out.report.remaining_mAh, 50008u);
  bench.in.shunt_adc = -1;
  bench.run_ms(9);
  bench.dt_us = 10000;
  bench.run_ms(1023700);
  EXPECT_EQ(bench.out.report.remaining_mAh, 50000u);
}

TEST(Soc, does_not_wander_when_equal_charges_alternate) {
  Bench bench;
  bench.start();
  bench.in.fresh = BMS_FRESH_CURRENT;
  for (int i = 0; i < 100000; ++i) {
    bench.set_current_mA(i % 2 ? 99999 : -99999);
    bench.step();
  }
  EXPECT_EQ(bench.out.report.remaining_mAh, 50000u);
}

TEST(Soc, counts_with_the_last_current_between_two_readings) {
  Bench bench;
  bench.start();
  bench.set_current_mA(36000);
  bench.step();
  bench.in.fresh = 0;
  bench.run_ms(99999);
  EXPECT_EQ(bench.out.report.remaining_mAh, 51000u);
}

TEST(Soc, stays_between_empty_and_full) {
  Bench bench;
  bench.factory.soc_permille = 990;
  bench.start();
  bench.dt_us = 20000;
  bench.set_current_mA(80000);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.run_ms(kHour_ms / 10);
  EXPECT_EQ(bench.out.report.remaining_mAh, 100000u);
  EXPECT_EQ(bench.out.report.soc_permille, 1000);
  bench.set_current_mA(-100000);
  bench.run_ms(36000);  // what went in beyond full does not come out
  EXPECT_EQ(bench.out.report.remaining_mAh, 99000u);
  bench.run_ms(kHour_ms * 11 / 10);
  EXPECT_EQ(bench.out.report.remaining_mAh, 0u);
  EXPECT_EQ(bench.out.report.soc_permille, 0);
  bench.set_current_mA(36000);
  bench.run_ms(100000);
  EXPECT_EQ(bench.out.report.remaining_mAh, 1000u);
}

// 3.6 A for 1 s is 1 mAh.
TEST(Soc, remembers_no_part_of_a_mAh_beyond_its_ends) {
  Bench bench;
  bench.factory.soc_permille = 1000;
  bench.start();
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.set_current_mA(3600);
  bench.run_ms(700);
  bench.set_current_mA(-3600);
  bench.run_ms(1);
  EXPECT_EQ(bench.out.report.remaining_mAh, 99999u);
  bench.factory.soc_permille = 0;
  bench.in.fresh = kAllFresh;
  bench.start();
  bench.run_ms(700);
  bench.set_current_mA(3600);
  bench.run_ms(999);
  EXPECT_EQ(bench.out.report.remaining_mAh, 0u);
  bench.run_ms(1);
  EXPECT_EQ(bench.out.report.remaining_mAh, 1u);
}

TEST(Soc, becomes_full_when_cells_are_high_and_the_current_has_tapered) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3450);
  bench.set_current_mA(4999);
  bench.run_ms(10000);
  EXPECT_LT(bench.out.report.soc_permille, 1000);
  bench.step();
  EXPECT_EQ(bench.out.report.soc_permille, 1000);
  EXPECT_EQ(bench.out.report.remaining_mAh, 100000u);
}

TEST(Soc, does_not_become_full_without_each_of_its_conditions) {
  const struct {
    uint32_t cell_mV;
    int32_t current_mA;
  } rows[] = {{3449, 4999}, {3450, 5000}, {3450, -501}};
  for (const auto& row : rows) {
    Bench bench;
    bench.start();
    bench.set_cell_mV(0, row.cell_mV);
    bench.set_current_mA(row.current_mA);
    bench.run_ms(60000);
    EXPECT_LT(bench.out.report.soc_permille, 510) << row.cell_mV << " " << row.current_mA;
  }
}

TEST(Soc, becomes_empty_when_the_lowest_cell_stays_low) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(9, 2700);
  bench.run_ms(5000);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  bench.step();
  EXPECT_EQ(bench.out.report.soc_permille, 0);
  EXPECT_EQ(bench.out.report.remaining_mAh, 0u);
}

TEST(Soc, is_not_corrected_just_above_empty) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(9, 2701);
  bench.run_ms(60000);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
}

TEST(Soc, survives_a_memory_that_says_there_is_no_health_left) {
  Bench bench;
  bench.factory = {1000, 0, 0, 1};
  bench.start();
  bench.set_current_mA(-1000);
  bench.run_ms(10000);
  EXPECT_LE(bench.out.report.soc_permille, 1000);
}

TEST(Cycles, count_one_for_each_capacity_discharged_in_any_pieces) {
  Bench bench;
  bench.dt_us = 50000;
  bench.factory.cycle_count = 41;
  bench.start();
  bench.in.fresh = BMS_FRESH_CURRENT;
  for (int i = 0; i < 3; ++i) {
    bench.set_current_mA(-80000);
    bench.run_ms(kHour_ms / 2);
    EXPECT_EQ(bench.out.report.cycle_count, i < 2 ? 41 : 42) << i;
    bench.set_current_mA(80000);
    bench.run_ms(kHour_ms / 2);
  }
}

TEST(Cycles, stop_at_the_largest_number) {
  Bench bench;
  bench.config.soc.capacity_mAh = 10;
  bench.factory.cycle_count = UINT16_MAX - 1;
  bench.start();
  bench.set_current_mA(-100000);
  bench.run_ms(5000);
  EXPECT_EQ(bench.out.report.cycle_count, UINT16_MAX);
}

TEST(Soc, is_rounded_to_the_nearest_permille) {
  Bench bench;
  bench.start();
  bench.set_current_mA(36000);  // 10 mAh a second
  bench.run_ms(4999);
  EXPECT_EQ(bench.out.report.remaining_mAh, 50049u);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  bench.step();
  EXPECT_EQ(bench.out.report.remaining_mAh, 50050u);
  EXPECT_EQ(bench.out.report.soc_permille, 501);
}

// 36 A for 100 ms is 1 mAh.
TEST(Soc, moves_by_a_mAh_in_the_step_in_which_it_is_whole) {
  Bench bench;
  bench.start();
  bench.dt_us = 100000;
  for (const int32_t current_mA : {-36000, -36000, 36000, 36000, 36000}) {
    const uint32_t before_mAh = bench.out.report.remaining_mAh;
    bench.set_current_mA(current_mA);
    bench.step();
    EXPECT_EQ(bench.out.report.remaining_mAh, current_mA > 0 ? before_mAh + 1 : before_mAh - 1);
  }
}

}  // namespace
}  // namespace bms_test
