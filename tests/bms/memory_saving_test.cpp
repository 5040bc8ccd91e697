// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What makes the core save, and when all of it is saved.
#include <bit>

#include "nvm_bench.hpp"

namespace bms_test {
namespace {

class Saving : public testing::Test {
 protected:
  NvmBench bench;

  void SetUp() override { ASSERT_EQ(bench.power_up().error, BMS_OK); }
  core_t& core() { return bench.core(); }
  // One pass of the memory alone, in that state.
  void pass(bms_state_t state) {
    core().out.report.state = state;
    bench.in.is_nvm_busy = bench.nvm_busy();
    bms_remember(&core(), &bench.in);
    bench.carry_out(core().out.nvm);
  }
  int passes_until_saved(bms_state_t state) {
    int passes = 0;
    for (; passes < 100 && !core().memory.is_saved; ++passes) pass(state);
    return passes;
  }
};

TEST_F(Saving, begins_again_for_a_latch_that_comes_in_the_last_moment) {
  EXPECT_LT(passes_until_saved(BMS_STATE_SHUTDOWN), 100);
  core().kept.rule_latches = 4;
  pass(BMS_STATE_SHUTDOWN);
  EXPECT_FALSE(core().memory.is_saved);
  EXPECT_LT(passes_until_saved(BMS_STATE_SHUTDOWN), 100);
  EXPECT_EQ(std::get<2>(recall(bench.nvm)), 4u);
}

TEST_F(Saving, comes_with_a_learned_capacity_ten_seconds_after_the_last) {
  bench.pass_ms(100);
  const int before = bench.writes;
  core().out.report.full_mAh = 98000;
  core().out.report.remaining_mAh = 49000;
  core().memory.saved_mAh = 49000;
  bench.pass_ms(9899);
  EXPECT_EQ(bench.writes, before);
  bench.pass_ms(1);
  EXPECT_EQ(bench.writes, before + 1);
  bench.pass_ms(10);
  EXPECT_EQ(std::get<7>(recall(bench.nvm)), 98000u);
}

// More rules at once than the queue holds, while the memory is slow.
TEST(History, misses_no_rule_when_all_trip_at_once) {
  NvmBench bench;
  for (auto& rule : bench.config.rules) rule.protection.trip_delay_ms = 0;
  bench.config.rules[BMS_RULE_CELL_FAILURE_HIGH].protection = {true, 3600, 3500, 0, 0};
  bench.config.rules[BMS_RULE_CELL_FAILURE_LOW].protection = {true, 2400, 2600, 0, 0};
  bench.config.rules[BMS_RULE_CELL_ZERO].protection = {true, 500, 600, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD].protection = {true, 1000, 600, 0, 0};
  bench.config.rules[BMS_RULE_SPREAD_FAILURE].protection = {true, 1000, 600, 0, 0};
  bench.config.rules[BMS_RULE_T_SPREAD].protection = {true, 200, 100, 0, 0};
  bench.start();
  bench.pass_ms(20);
  bench.bytes_per_step = 1;
  bench.set_cell_mV(0, 100);
  bench.set_cell_mV(1, 5000);
  bench.set_ntc_degC(0, 70);
  bench.set_ntc_degC(1, -30);
  bench.set_current_mA(-250000);
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.pass_ms(1);
  const uint32_t tripped = bench.out.report.protections;
  EXPECT_GT(std::popcount(tripped), static_cast<int>(EVENT_QUEUE));
  bench.in.fresh = 0;
  bench.pass_ms(16 * 20);
  uint32_t told = 0;
  for (const auto& entry : read_all(bench.nvm))
    if (entry.kind == BMS_HISTORY_PROTECTION) told |= BMS_RULE_BIT(entry.id);
  EXPECT_EQ(told, tripped);
}

TEST(Memory, is_formatted_to_its_last_byte_and_no_further) {
  const bms_factory_t factory = {500, 1000, 0, 1};
  Nvm nvm(BMS_NVM_BYTES + 1, 0x5A);
  bms_core()->format(&factory, nvm.data());
  EXPECT_EQ(nvm[BMS_NVM_BYTES - 1], 0xFF);
  EXPECT_EQ(nvm[BMS_NVM_BYTES], 0x5A);
}

TEST(Memory, gets_writes_with_nothing_beyond_their_length) {
  NvmBench bench;
  bench.config.rules[BMS_RULE_CELL_OV].max_retries = 0;
  bench.config.rules[BMS_RULE_CELL_OV].latch = BMS_LATCH_REPAIR;
  bench.start();
  for (int i = 0; i < 3000; ++i) {
    bench.set_cell_mV(0, i % 1500 < 1100 ? 3660 : 3300);
    bench.pass_ms(1);
    const bms_nvm_write_t& write = bench.out.nvm;
    for (std::size_t at = write.length; at < BMS_NVM_WRITE_BYTES; ++at)
      ASSERT_EQ(write.bytes[at], 0) << i;
    if (write.length == 0) ASSERT_EQ(write.offset, 0);
  }
  EXPECT_GT(bench.writes, 5);
}

TEST(Memory, saves_a_trip_once) {
  NvmBench bench;
  bench.start();
  bench.pass_ms(10000);
  bench.set_cell_mV(0, 3660);
  bench.pass_ms(1100);
  bench.set_cell_mV(0, 3300);
  bench.pass_ms(12000);
  EXPECT_EQ(std::get<11>(recall(bench.nvm))[BMS_RULE_CELL_OV], 1);
  const int writes = bench.writes;
  bench.pass_ms(30000);
  EXPECT_EQ(bench.writes, writes);
}

TEST(Memory, widens_each_extreme_with_its_own_reading) {
  const std::pair<uint32_t, int> rows[] = {
      {BMS_FRESH_CURRENT, 0}, {BMS_FRESH_CELLS, 1}, {BMS_FRESH_NTCS, 2}};
  for (const auto& [fresh, kind] : rows) {
    NvmBench bench;
    bench.start();
    bench.in.fresh = fresh;
    bench.set_current_mA(50000);
    bench.set_cell_mV(0, 3500);
    bench.set_ntc_degC(0, 40);
    bench.step();
    const extremes_t& extremes = bench.core().kept.extremes;
    EXPECT_EQ(extremes.charge_mA == 50000, kind == 0) << kind;
    EXPECT_EQ(extremes.highest_cell_mV == 3500, kind == 1) << kind;
    EXPECT_EQ(extremes.hottest_ddegC > 390, kind == 2) << kind;
  }
}

// As bms/src/memory.h draws it: images outlive a firmware.
TEST(Memory, lies_where_its_map_says) {
  NvmBench bench;
  EXPECT_EQ(bench.nvm[0], 1);    // layout
  EXPECT_EQ(bench.nvm[4], 1);    // sequence
  EXPECT_EQ(bench.nvm[256], 1);  // the other copy
  EXPECT_EQ(bench.nvm[260], 2);
  bench.start();
  bench.pass_ms(20);
  const auto newest = read_all(bench.nvm)[0];
  EXPECT_EQ(bench.nvm[512 + 16 * newest.sequence], newest.sequence);
}

TEST(Failures, are_kept_only_when_a_repair_must_end_their_latch) {
  const std::pair<bool, bms_latch_t> rows[] = {{true, BMS_LATCH_REPAIR},
                                               {true, BMS_LATCH_BUTTON},
                                               {true, BMS_LATCH_POWER_CYCLE},
                                               {false, BMS_LATCH_REPAIR}};
  for (const auto& [is_latched, latch] : rows) {
    NvmBench bench;
    bench.config.failures[BMS_FAILURE_SHUNT] = {true, is_latched, static_cast<uint8_t>(latch), 0,
                                                0};
    bench.start();
    bench.in.fresh = 0;  // and so nobody in the core has a say
    bms_find(&bench.core(), BMS_FAILURE_SHUNT, true);
    bench.pass_ms(20);
    const bool is_kept = is_latched && latch == BMS_LATCH_REPAIR;
    EXPECT_EQ(std::get<3>(recall(bench.nvm)),
              is_kept ? BMS_FAILURE_BIT(BMS_FAILURE_SHUNT) : uint64_t{0})
        << is_latched << latch;
  }
}

TEST_F(Saving, waits_for_its_pause_and_its_period_to_the_microsecond) {
  for (const uint64_t time_us : {uint64_t{10000000}, uint64_t{3600000000}}) {
    bench.pass_ms(100);
    bench.dt_us = 1;
    const bool is_pause = time_us == 10000000;
    core().memory.trips += is_pause ? 1 : 0;
    core().memory.saved_us = core().now_us + 2 - time_us;
    const int before = bench.writes;
    bench.pass();
    EXPECT_EQ(bench.writes, before) << time_us;
    bench.pass();
    EXPECT_EQ(bench.writes, before + 1) << time_us;
    bench.dt_us = 1000;
  }
}

TEST_F(Saving, comes_with_more_than_one_percent_of_a_full_pack) {
  const std::pair<uint32_t, bool> rows[] = {
      {51000, false}, {51001, true}, {49000, false}, {48999, true}};
  for (const auto& [remaining_mAh, is_saved] : rows) {
    bench.pass_ms(100);
    core().memory.saved_us = core().now_us - 20000000;
    core().memory.saved_mAh = 50000;
    core().out.report.remaining_mAh = remaining_mAh;
    const int before = bench.writes;
    bench.pass();
    EXPECT_EQ(bench.writes > before, is_saved) << remaining_mAh;
  }
}

}  // namespace
}  // namespace bms_test
