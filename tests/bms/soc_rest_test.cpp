// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Anchors by the OCV of a rested pack, and the full flag.
#include "nvm_bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kRest_ms = 60000;

// The ends of an LFP curve, coarse: 100 mV from 0 to 10 %, a plateau, 60 mV from 95 to 100 %.
bms_ocv_t make_ocv() {
  bms_ocv_t ocv{};
  const std::pair<uint16_t, uint16_t> points[] = {
      {3000, 0}, {3100, 50}, {3200, 100}, {3340, 950}, {3400, 1000}};
  for (const auto& [cell_mV, soc_permille] : points)
    ocv.point[ocv.count++] = {cell_mV, soc_permille};
  return ocv;
}

class SocAtRest : public testing::Test {
 protected:
  NvmBench bench;

  void SetUp() override {
    bench.config.soc.ocv = make_ocv();
    bench.config.soc.ocv_rest_ms = kRest_ms;
    bench.config.soc.ocv_low_permille = 100;
    bench.config.soc.ocv_high_permille = 950;
  }
  uint16_t soc_after_rest(uint32_t cell_mV) {
    bench.dt_us = 10000;
    bench.start();
    bench.set_cells_mV(cell_mV);
    bench.run_ms(kRest_ms + 20);
    return bench.out.report.soc_permille;
  }
};

TEST_F(SocAtRest, is_that_of_the_table_at_the_steep_ends_only) {
  const std::pair<uint32_t, uint16_t> rows[] = {
      {2900, 0},   {3000, 0},   {3050, 25},  {3100, 50},  {3199, 99},   {3200, 100}, {3201, 500},
      {3339, 500}, {3340, 950}, {3352, 960}, {3399, 999}, {3400, 1000}, {3440, 1000}};
  for (const auto& [cell_mV, soc_permille] : rows)
    EXPECT_EQ(soc_after_rest(cell_mV), soc_permille) << cell_mV;
}

TEST_F(SocAtRest, waits_for_the_rest) {
  bench.set_cells_mV(3100);
  bench.start();
  bench.run_ms(kRest_ms - 1);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  bench.step();
  EXPECT_EQ(bench.out.report.soc_permille, 50);
}

TEST_F(SocAtRest, is_not_believed_under_current) {
  for (const int32_t current_mA : {501, -501}) {
    bench.start();
    bench.set_cells_mV(3100);
    bench.run_ms(kRest_ms - 10);
    bench.set_current_mA(current_mA);
    bench.step();
    bench.set_current_mA(0);
    bench.run_ms(kRest_ms);
    EXPECT_NEAR(bench.out.report.soc_permille, 500, 1) << current_mA;
    bench.step();
    EXPECT_EQ(bench.out.report.soc_permille, 50);
    bench.in.shunt_adc = 0;
  }
}

TEST_F(SocAtRest, takes_the_lowest_cell_when_low_and_the_highest_when_high) {
  bench.start();
  bench.set_cells_mV(3190);
  bench.set_cell_mV(5, 3100);
  bench.run_ms(kRest_ms + 2);
  EXPECT_EQ(bench.out.report.soc_permille, 50);
  bench.set_cells_mV(3345);
  bench.set_cell_mV(5, 3352);
  bench.run_ms(kRest_ms + 2);
  EXPECT_EQ(bench.out.report.soc_permille, 960);
}

TEST_F(SocAtRest, leaves_a_pack_with_one_cell_at_each_end_alone) {
  bench.start();
  bench.set_cell_mV(1, 3100);
  bench.set_cell_mV(2, 3400);
  bench.run_ms(2 * kRest_ms);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
}

TEST_F(SocAtRest, does_not_look_at_suspect_cells) {
  bench.start();
  bench.core().diagnosis.suspect_cells = 2;
  bench.set_cells_mV(3100);
  bench.run_ms(2 * kRest_ms);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
}

// The sensor says 1 A although nothing flows, and idle is below that: nothing corrects it, nothing hides it.
TEST_F(SocAtRest, drifts_with_the_sensor_between_the_anchors) {
  bench.dt_us = 100000;
  bench.start();
  bench.set_current_mA(400);
  bench.run_ms(10 * 3600000);
  EXPECT_NEAR(bench.out.report.remaining_mAh, 54000, 1);
}

TEST_F(SocAtRest, counts_between_two_anchors_of_a_long_rest) {
  bench.set_cells_mV(3100);
  bench.set_current_mA(480);  // 8 mAh a minute
  bench.start();
  bench.run_ms(kRest_ms);
  EXPECT_EQ(bench.out.report.remaining_mAh, 5000u);
  bench.run_ms(kRest_ms - 10);
  EXPECT_EQ(bench.out.report.remaining_mAh, 5007u);
  bench.run_ms(20);
  EXPECT_EQ(bench.out.report.remaining_mAh, 5000u);
}

TEST_F(SocAtRest, is_taken_at_once_when_memory_knew_nothing) {
  bench.nvm.assign(BMS_NVM_BYTES, 0xFF);
  bench.set_cells_mV(3270);
  bench.set_current_mA(501);
  bench.start();
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  bench.set_current_mA(500);
  bench.step();
  EXPECT_EQ(bench.out.report.soc_permille, 525);  // on the plateau, better than nothing
  bench.set_cells_mV(3300);
  bench.run_ms(1000);
  EXPECT_NEAR(bench.out.report.soc_permille, 525, 1);
}

TEST(SocAtEnds, are_not_believed_with_a_suspect_cell) {
  NvmBench bench;
  bench.start();
  bench.core().diagnosis.suspect_cells = 1;
  bench.set_cells_mV(3460);
  bench.run_ms(20000);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  bench.set_cells_mV(2600);
  bench.run_ms(20000);
  EXPECT_EQ(bench.out.report.soc_permille, 500);
}

TEST(SocFull, is_flagged_until_one_percent_is_gone) {
  NvmBench bench;
  bench.start();
  EXPECT_FALSE(bench.out.report.is_full);
  bench.set_cells_mV(3450);
  bench.run_ms(10002);
  EXPECT_TRUE(bench.out.report.is_full);
  bench.set_cells_mV(3340);
  bench.set_current_mA(-36000);  // 10 mAh a second
  bench.run_ms(104000);
  EXPECT_EQ(bench.out.report.soc_permille, 990);
  EXPECT_TRUE(bench.out.report.is_full);
  bench.run_ms(2000);
  EXPECT_FALSE(bench.out.report.is_full);
}

// Under current, so that the OCV has not been asked before.
TEST_F(SocAtRest, is_not_asked_for_after_an_end_when_memory_knew_nothing) {
  bench.nvm.assign(BMS_NVM_BYTES, 0xFF);
  for (const bool is_full : {true, false}) {
    bench.set_current_mA(is_full ? 3000 : -3000);
    bench.set_cells_mV(is_full ? 3460 : 2690);
    bench.start();
    bench.run_ms(10100);
    ASSERT_EQ(bench.out.report.soc_permille, is_full ? 1000 : 0);
    bench.set_current_mA(0);
    bench.set_cells_mV(3270);
    bench.run_ms(10);
    EXPECT_EQ(bench.out.report.soc_permille, is_full ? 1000 : 0);
  }
}

TEST(SocFull, is_remembered_to_the_second_for_weeks) {
  constexpr uint32_t kWeeks_s = 25 * 24 * 3600;
  NvmBench bench;
  bench.start();
  bench.pass_ms(10);
  bench.core().soc.anchored_us = bench.core().now_us - uint64_t{kWeeks_s} * 1000000;
  bench.core().kept.rule_latches = 1;
  bench.pass_ms(10);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_EQ(bench.core().kept.since_full_s, kWeeks_s);
  EXPECT_EQ(bench.core().now_us - bench.core().soc.anchored_us, uint64_t{kWeeks_s} * 1000000);
}

}  // namespace
}  // namespace bms_test
