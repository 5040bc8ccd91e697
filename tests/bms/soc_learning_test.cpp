// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The capacity that is learned between full and empty.
#include "nvm_bench.hpp"

namespace bms_test {
namespace {

class Learning : public testing::Test {
 protected:
  NvmBench bench;

  void SetUp() override {
    bench.config.soc.learn_weight_permille = 500;
    bench.config.soc.learn_coldest_ddegC = 100;
    bench.config.soc.capacity_mAh = 10000;
    bench.dt_us = 10000;
    bench.start();
  }
  void go_full() {
    bench.set_current_mA(0);
    bench.set_cells_mV(3460);
    bench.run_ms(10020);
    bench.set_cells_mV(3300);
    bench.step();
  }
  void go_empty() {
    bench.set_current_mA(0);
    bench.set_cells_mV(2690);
    bench.run_ms(5020);
    bench.set_cells_mV(3300);
    bench.step();
  }
  // 36 A are 10 mAh a second.
  void move_mAh(int mAh) {
    bench.set_current_mA(mAh > 0 ? 36000 : -36000);
    bench.run_ms(static_cast<uint64_t>(std::abs(mAh)) * 100);
    bench.set_current_mA(0);
  }
};

TEST_F(Learning, moves_by_its_weight_on_the_way_down_and_up) {
  go_full();
  move_mAh(-8000);
  go_empty();
  EXPECT_NEAR(bench.out.report.full_mAh, 9000, 1);
  EXPECT_EQ(bench.out.report.soh_permille, 900);
  EXPECT_EQ(bench.out.report.soc_permille, 0);
  move_mAh(8000);
  go_full();
  EXPECT_NEAR(bench.out.report.full_mAh, 8500, 1);
  EXPECT_EQ(bench.out.report.soh_permille, 850);
  EXPECT_EQ(bench.out.report.soc_permille, 1000);
}

TEST_F(Learning, needs_both_ends) {
  move_mAh(-4000);
  go_empty();
  move_mAh(4000);
  move_mAh(-4000);
  go_empty();
  EXPECT_EQ(bench.out.report.full_mAh, 10000u);
  go_full();  // 0 mAh from empty to full: a miscount
  EXPECT_EQ(bench.out.report.full_mAh, 10000u);
}

TEST_F(Learning, counts_only_since_the_last_anchor) {
  go_full();
  move_mAh(-1000);
  move_mAh(1000);
  go_full();
  move_mAh(-9000);
  go_empty();
  EXPECT_NEAR(bench.out.report.full_mAh, 9500, 1);
}

TEST_F(Learning, does_not_believe_what_no_pack_holds) {
  const std::pair<int, uint32_t> rows[] = {
      {2490, 10000}, {2510, 6255}, {12490, 10000}, {12520, 10000}};
  for (const auto& [moved_mAh, full_mAh] : rows) {
    SetUp();
    bench.nvm.assign(BMS_NVM_BYTES, 0xFF);
    bench.start();
    go_full();
    move_mAh(-moved_mAh);
    go_empty();
    EXPECT_NEAR(bench.out.report.full_mAh, full_mAh, 1) << moved_mAh;
  }
}

TEST_F(Learning, never_exceeds_the_nameplate) {
  go_full();
  move_mAh(-8000);
  go_empty();
  move_mAh(12400);
  go_full();
  EXPECT_EQ(bench.out.report.full_mAh, 10000u);
  EXPECT_EQ(bench.out.report.soh_permille, 1000);
}

TEST_F(Learning, does_not_learn_in_the_cold) {
  go_full();
  move_mAh(-7000);
  bench.set_temperature_degC(9.5);
  go_empty();
  EXPECT_EQ(bench.out.report.full_mAh, 10000u);
  bench.set_temperature_degC(25);
  move_mAh(7000);
  go_full();
  EXPECT_EQ(bench.out.report.full_mAh, 10000u) << "began at a cold empty end";
}

TEST_F(Learning, learns_at_a_full_end_however_cold) {
  go_empty();
  move_mAh(8000);
  bench.set_temperature_degC(0);
  go_full();
  EXPECT_NEAR(bench.out.report.full_mAh, 9000, 1);
}

TEST_F(Learning, survives_a_power_cycle) {
  go_full();
  move_mAh(-8000);
  go_empty();
  bench.pass_ms(11000);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  EXPECT_NEAR(bench.out.report.full_mAh, 9000, 1);
  EXPECT_EQ(bench.out.report.soh_permille, 900);
}

TEST_F(Learning, is_off_with_a_weight_of_0) {
  bench.config.soc.learn_weight_permille = 0;
  bench.start();
  go_full();
  move_mAh(-8000);
  go_empty();
  EXPECT_EQ(bench.out.report.full_mAh, 10000u);
}

TEST_F(Learning, counts_a_mAh_that_was_begun_on_the_way_down_and_whole_ones_on_the_way_up) {
  bench.config.soc.learn_weight_permille = 1000;
  go_full();
  bench.set_current_mA(-36000);
  bench.run_ms(800050);  // 8000.5 mAh
  go_empty();
  EXPECT_EQ(bench.out.report.full_mAh, 8001u);
  bench.set_current_mA(36000);
  bench.run_ms(800050);
  go_full();
  EXPECT_EQ(bench.out.report.full_mAh, 8000u);
}

TEST_F(Learning, believes_a_quarter_and_five_quarters_of_the_nameplate_to_the_mAh) {
  const struct {
    int32_t moved_mAh;
    uint32_t known_mAh, full_mAh;
  } rows[] = {
      {-2499, 10000, 10000}, {-2500, 10000, 6250}, {-12500, 7000, 9750}, {-12501, 7000, 7000}};
  for (const auto& row : rows) {
    bench.core().soc.since = SINCE_FULL;
    bench.core().soc.moved_mAh = row.moved_mAh;
    bench.core().soc.moved_uAus = 0;
    bench.core().out.report.full_mAh = row.known_mAh;
    go_empty();
    EXPECT_EQ(bench.out.report.full_mAh, row.full_mAh) << row.moved_mAh;
    EXPECT_EQ(bench.out.report.remaining_mAh, 0u);
    go_full();
  }
}

TEST_F(Learning, rounds_the_health_to_the_nearest_permille) {
  const std::pair<int32_t, uint16_t> rows[] = {{-8004, 800}, {-8005, 801}};
  bench.config.soc.learn_weight_permille = 1000;
  for (const auto& [moved_mAh, soh_permille] : rows) {
    bench.core().soc.since = SINCE_FULL;
    bench.core().soc.moved_mAh = moved_mAh;
    go_empty();
    EXPECT_EQ(bench.out.report.soh_permille, soh_permille);
  }
}

TEST_F(Learning, is_warm_enough_at_its_coldest) {
  const int16_t reading_ddegC = bench.out.report.ntc_ddegC[0];
  for (const int above_ddegC : {1, 0}) {
    bench.config.soc.learn_coldest_ddegC = static_cast<int16_t>(reading_ddegC + above_ddegC);
    bench.core().soc.since = SINCE_FULL;
    bench.core().soc.moved_mAh = -8000;
    go_empty();
    EXPECT_EQ(bench.out.report.full_mAh, above_ddegC > 0 ? 10000u : 9000u);
  }
}

}  // namespace
}  // namespace bms_test
