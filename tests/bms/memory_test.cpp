// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "nvm_bench.hpp"

namespace bms_test {
namespace {

TEST(Memory, keeps_what_was_counted_over_a_power_cycle) {
  NvmBench bench;
  bench.dt_us = 50000;
  bench.factory = {900, 950, 7, 4711};
  bench.config.soc.capacity_mAh = 50000;
  bms_core()->format(&bench.factory, bench.nvm.data());
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_current_mA(-20000);
  bench.pass_ms(2 * kHour_ms);
  const bms_report_t before = bench.out.report;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  EXPECT_EQ(bench.out.report.serial_number, 4711u);
  EXPECT_EQ(bench.out.report.soh_permille, 950);
  EXPECT_EQ(bench.out.report.full_mAh, 47500u);
  EXPECT_NEAR(bench.out.report.remaining_mAh, before.remaining_mAh, 476);
  EXPECT_NEAR(bench.core().kept.discharged_mAh, 40000, 476);
  EXPECT_NEAR(bench.core().kept.operating_s, 7200, 100);
  EXPECT_NEAR(bench.core().kept.since_full_s, 7200, 100);
}

TEST(Memory, returns_the_very_mAh_that_were_saved) {
  for (uint32_t mAh = 0; mAh <= 47503; mAh += 101) {
    NvmBench bench;
    bench.config.soc.capacity_mAh = 50003;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.core().out.report.full_mAh = 47503;
    bench.core().out.report.remaining_mAh = mAh;
    bench.core().kept.rule_latches = 1;
    bench.pass_ms(6);
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.step();
    ASSERT_EQ(bench.out.report.remaining_mAh, mAh);
  }
}

TEST(Memory, never_written_is_a_first_start) {
  for (const uint8_t blank : {uint8_t{0x00}, uint8_t{0xFF}}) {
    NvmBench bench;
    bench.nvm.assign(BMS_NVM_BYTES, blank);
    EXPECT_TRUE(read_all(bench.nvm).empty());
    bench.start();
    EXPECT_EQ(bench.out.report.failures, 0u);
    EXPECT_EQ(bench.out.report.soc_permille, 500);
    EXPECT_EQ(bench.out.report.soh_permille, 1000);
    EXPECT_EQ(bench.out.report.serial_number, 0u);
    bench.pass_ms(11000);
    EXPECT_EQ(std::get<0>(recall(bench.nvm)), ORIGIN_RECORD);
  }
}

TEST(Memory, cut_in_the_first_save_of_all_is_a_first_start_too) {
  for (const uint8_t blank : {uint8_t{0x00}, uint8_t{0xFF}}) {
    NvmBench bench;
    bench.nvm.assign(BMS_NVM_BYTES, blank);
    bench.start();
    bench.bytes_per_step = 1;
    bench.core().kept.rule_latches = 5;
    int bytes = 0;
    bench.on_byte = [&] {
      const Recalled now = recall(bench.nvm);
      const bool is_over = static_cast<unsigned>(++bytes) == RECORD_BYTES;
      EXPECT_EQ(std::get<0>(now), is_over ? ORIGIN_RECORD : ORIGIN_BLANK) << bytes;
      EXPECT_EQ(std::get<2>(now), is_over ? 5u : 0u);
    };
    while (static_cast<unsigned>(bytes) < RECORD_BYTES) bench.pass();
  }
}

TEST(Memory, lives_with_either_copy_bad) {
  for (const std::size_t spoilt : {0u, 5u, RECORD_BYTES - 1, RECORD_SPACING, RECORD_SPACING + 20}) {
    NvmBench bench;
    bench.nvm[spoilt] ^= 0x10;
    bench.start();
    EXPECT_EQ(bench.out.report.failures, 0u) << spoilt;
    EXPECT_EQ(bench.out.report.serial_number, 1u) << spoilt;
  }
}

TEST(Memory, with_both_copies_bad_is_a_failure_with_defaults) {
  NvmBench bench;
  bench.factory = {900, 800, 3, 9};
  bms_core()->format(&bench.factory, bench.nvm.data());
  bench.nvm[30] ^= 1;
  bench.nvm[RECORD_SPACING + 30] ^= 1;
  bench.watch(BMS_FAILURE_NVM);
  bench.start();
  EXPECT_EQ(bench.out.report.failures, BMS_FAILURE_BIT(BMS_FAILURE_NVM));
  EXPECT_EQ(bench.out.report.soc_permille, 500);
  EXPECT_EQ(bench.out.report.soh_permille, 1000);
  EXPECT_EQ(bench.out.report.cycle_count, 0);
  EXPECT_EQ(bench.core().kept.failure_latches, 0u);
}

TEST(Memory, of_another_layout_is_bad) {
  NvmBench bench;
  for (const std::size_t copy : {0u, RECORD_SPACING}) {
    bench.nvm[copy] = 2;
    const uint32_t crc = [&] {
      uint32_t value = UINT32_MAX;
      for (std::size_t i = 0; i < RECORD_BYTES - 4; ++i) {
        value ^= bench.nvm[copy + i];
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
      }
      return ~value;
    }();
    for (unsigned i = 0; i < 4; ++i)
      bench.nvm[copy + RECORD_BYTES - 4 + i] = static_cast<uint8_t>(crc >> 8 * i);
  }
  EXPECT_EQ(std::get<0>(recall(bench.nvm)), ORIGIN_BAD);
}

TEST(Memory, is_left_alone_while_nothing_happens) {
  NvmBench bench;
  bench.dt_us = 50000;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.pass_ms(1000);
  const int after_start = bench.writes;
  bench.pass_ms(3598950);
  EXPECT_EQ(bench.writes, after_start);
  bench.pass();  // the hours-meter
  EXPECT_EQ(bench.writes, after_start + 1);
  bench.pass_ms(20000);
  EXPECT_EQ(bench.writes, after_start + 4);
}

// 224 records a day is what memory.c promises; the history of an ordinary day is short.
TEST(Memory, is_written_about_224_times_by_a_full_cycle_a_day) {
  NvmBench bench;
  bench.dt_us = 100000;
  bench.factory.soc_permille = 0;
  bms_core()->format(&bench.factory, bench.nvm.data());
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_current_mA(20000);
  bench.pass_ms(5 * kHour_ms);
  bench.set_current_mA(-20000);
  bench.pass_ms(5 * kHour_ms);
  bench.set_current_mA(0);
  bench.pass_ms(14 * kHour_ms);
  EXPECT_NEAR(bench.writes / 4.0, 224, 15);
}

TEST(Memory, saves_a_latch_in_five_passes) {
  NvmBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.core().kept.failure_latches = BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED);
  for (int i = 0; i < 5; ++i) bench.pass();
  EXPECT_EQ(std::get<3>(recall(bench.nvm)), BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED));
  bench.core().kept.failure_latches = 0;  // repaired
  for (int i = 0; i < 5; ++i) bench.pass();
  EXPECT_EQ(std::get<3>(recall(bench.nvm)), 0u);
}

TEST(Memory, says_when_all_is_saved_before_the_supply_goes) {
  for (const bms_state_t state : {BMS_STATE_SHUTDOWN, BMS_STATE_DEEP_SLEEP, BMS_STATE_SUPPLY_LOSS,
                                  BMS_STATE_OFF, BMS_STATE_STANDBY}) {
    NvmBench bench;
    bench.bytes_per_step = 1;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.set_current_mA(-36000);
    bench.pass_ms(5000);
    core_t& core = bench.core();
    const uint32_t remaining_mAh = core.out.report.remaining_mAh;
    int passes = 0;
    for (; passes < 400 && !core.memory.is_saved; ++passes) {
      core.out.report.state = state;
      bench.in.is_nvm_busy = bench.nvm_busy();
      bms_remember(&core, &bench.in);
      bench.carry_out(core.out.nvm);
    }
    EXPECT_EQ(core.memory.is_saved, state != BMS_STATE_STANDBY) << bms_state_name(state);
    if (state == BMS_STATE_STANDBY) continue;
    EXPECT_GT(passes, static_cast<int>(RECORD_BYTES));
    EXPECT_EQ(std::get<1>(recall(bench.nvm)), remaining_mAh * 10);
    EXPECT_EQ(read_all(bench.nvm)[0].id, state);
  }
}

TEST(Memory, is_not_all_saved_by_a_record_that_was_begun_before) {
  NvmBench bench;
  bench.bytes_per_step = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.pass_ms(100);
  core_t& core = bench.core();
  core.kept.rule_latches = 1;
  bench.pass_ms(1);
  ASSERT_LT(core.memory.begun, RECORD_BYTES);
  core.out.report.remaining_mAh = 12345;
  for (int passes = 0; passes < 600 && !core.memory.is_saved; ++passes) {
    core.out.report.state = BMS_STATE_SHUTDOWN;
    bench.in.is_nvm_busy = bench.nvm_busy();
    bms_remember(&core, &bench.in);
    bench.carry_out(core.out.nvm);
  }
  EXPECT_EQ(std::get<1>(recall(bench.nvm)), 123450u);
}

TEST(Memory, brings_back_the_latches_of_repairs_until_they_are_cleared) {
  constexpr uint32_t kRepairs =
      BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_OTD) | BMS_RULE_BIT(BMS_RULE_SCD);
  NvmBench bench;
  for (const bms_rule_t rule : {BMS_RULE_CELL_OV, BMS_RULE_OTD, BMS_RULE_SCD, BMS_RULE_CELL_UV}) {
    bench.config.rules[rule].latch = rule == BMS_RULE_CELL_UV ? BMS_LATCH_BUTTON : BMS_LATCH_REPAIR;
    bench.config.rules[rule].max_retries = 0;
  }
  bench.start();
  bench.core().kept.rule_latches = kRepairs | BMS_RULE_BIT(BMS_RULE_CELL_UV);
  bench.pass_ms(100);
  bench.start();
  EXPECT_EQ(bench.out.report.latched, kRepairs) << "a button's latch ends with the supply";
  bench.in.buttons = BMS_BUTTON_RESET;
  bench.pass_ms(10100);
  bench.in.buttons = 0;
  EXPECT_EQ(bench.out.report.latched, 0u);
  bench.pass_ms(100);
  bench.start();
  EXPECT_EQ(bench.out.report.latched, 0u);
}

TEST(Memory, does_not_write_the_latches_again_that_it_has_read) {
  NvmBench bench;
  bench.keep_failures();
  bench.config.rules[0].latch = BMS_LATCH_REPAIR;
  bench.config.rules[0].max_retries = 0;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.core().kept.rule_latches = 1;
  bench.core().kept.failure_latches = 2;
  bench.pass_ms(100);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  const Nvm before = bench.nvm;
  bench.pass_ms(100);
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + HISTORY_OFFSET, bench.nvm.begin()));
}

TEST(Memory, with_bad_copies_that_only_begin_like_blank_ones_is_a_failure) {
  for (const uint8_t blank : {uint8_t{0x00}, uint8_t{0xFF}}) {
    for (const std::size_t spoilt : {std::size_t{1}, std::size_t{RECORD_BYTES - 1}}) {
      NvmBench bench;
      bench.nvm.assign(BMS_NVM_BYTES, blank);
      bench.nvm[spoilt] ^= 1;
      EXPECT_EQ(std::get<0>(recall(bench.nvm)), ORIGIN_BLANK);
      bench.nvm[RECORD_SPACING + spoilt] ^= 1;
      EXPECT_EQ(std::get<0>(recall(bench.nvm)), ORIGIN_BAD) << spoilt;
    }
  }
}

}  // namespace
}  // namespace bms_test
