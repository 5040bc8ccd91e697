// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "nvm_bench.hpp"

namespace bms_test {
namespace {

TEST(History, tells_protections_with_their_signals_newest_first) {
  NvmBench bench;
  bench.start();
  bench.set_cell_mV(0, 3660);
  bench.pass_ms(1100);
  bench.set_cells_mV(3300);
  bench.pass_ms(2100);
  const auto entries = read_all(bench.nvm);
  ASSERT_GE(entries.size(), 4u);  // protection, its state, release, its state
  EXPECT_EQ(entries[0].kind, BMS_HISTORY_RELEASE);
  EXPECT_EQ(entries[0].id, BMS_RULE_CELL_OV);
  EXPECT_EQ(entries[0].value, 3300);
  EXPECT_EQ(entries[0].operating_s, 3u);
  EXPECT_EQ(entries[1].kind, BMS_HISTORY_STATE);
  EXPECT_EQ(entries[1].id, BMS_STATE_STANDBY);
  EXPECT_EQ(entries[2].kind, BMS_HISTORY_PROTECTION);
  EXPECT_EQ(entries[2].value, 3660);
  EXPECT_EQ(entries[2].operating_s, 1u);
  EXPECT_EQ(entries[3].id, BMS_STATE_PROTECTION);
  for (std::size_t i = 0; i < entries.size(); ++i)
    EXPECT_EQ(entries[i].sequence, entries[0].sequence - i);
}

TEST(History, tells_failures_and_their_end) {
  NvmBench bench;
  bench.watch(BMS_FAILURE_SHUNT);
  bench.start();
  bench.set_current_mA(-4000);
  bench.pass_ms(10);
  bench.in.fresh = 0;  // and so nobody in the core has a say
  bms_find(&bench.core(), BMS_FAILURE_SHUNT, true);
  bench.pass_ms(10);
  auto entries = read_all(bench.nvm);
  EXPECT_EQ(entries[0].kind, BMS_HISTORY_FAILURE);
  EXPECT_EQ(entries[0].id, BMS_FAILURE_SHUNT);
  EXPECT_EQ(entries[0].value, -4000);
  bms_find(&bench.core(), BMS_FAILURE_SHUNT, false);
  bench.pass_ms(10);
  entries = read_all(bench.nvm);
  EXPECT_EQ(entries[0].kind, BMS_HISTORY_FAILURE_END);
  EXPECT_EQ(entries[0].id, BMS_FAILURE_SHUNT);
}

TEST(History, does_not_tell_of_everyday_states) {
  NvmBench bench;
  bench.start();
  bench.pass_ms(20);
  const auto before = read_all(bench.nvm).size();
  for (const int32_t current_mA : {20000, -20000, 0, 20000}) {
    bench.set_current_mA(current_mA);
    bench.pass_ms(20);
  }
  EXPECT_EQ(read_all(bench.nvm).size(), before);
}

// More at once than the queue holds, while the memory is slow.
TEST(History, misses_nothing_when_everything_happens_at_once) {
  NvmBench bench;
  bench.set_stack_mV(52800);
  for (const bms_failure_t failure : failures_to_tell()) bench.watch(failure);
  bench.start();
  bench.pass_ms(20);
  const auto before = read_all(bench.nvm).size();
  bench.bytes_per_step = 1;
  bench.in.fresh = 0;  // and so nobody in the core has a say
  for (const bms_failure_t failure : failures_to_tell()) bms_find(&bench.core(), failure, true);
  bench.pass_ms(40 * 20);
  const auto entries = read_all(bench.nvm);
  EXPECT_EQ(entries.size(), before + failures_to_tell().size());
}

TEST(History, goes_on_where_the_last_life_ended) {
  NvmBench bench;
  bench.start();
  bench.pass_ms(20);
  const auto before = read_all(bench.nvm);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.pass_ms(20);
  const auto after = read_all(bench.nvm);
  ASSERT_FALSE(before.empty());
  ASSERT_GT(after.size(), before.size());
  EXPECT_EQ(after[after.size() - before.size()].sequence, before[0].sequence);
}

TEST(History, of_nothing_is_empty) {
  NvmBench bench;
  bms_history_entry_t entry{9, 9, 9, 9, 9};
  EXPECT_FALSE(bms_read_history(bench.nvm.data(), 0, &entry));
  EXPECT_TRUE(entry == bms_history_entry_t{});
  bench.nvm.assign(BMS_NVM_BYTES, 0);
  EXPECT_FALSE(bms_read_history(bench.nvm.data(), 0, &entry));
}

TEST(History, does_not_believe_a_spoilt_entry) {
  NvmBench bench;
  bench.start();
  bench.pass_ms(20);
  const auto before = read_all(bench.nvm);
  ASSERT_FALSE(before.empty());
  const std::size_t offset = HISTORY_OFFSET + before[0].sequence % BMS_HISTORY_ENTRIES * 16;
  for (std::size_t i = 0; i < HISTORY_BYTES; ++i) {
    Nvm spoilt = bench.nvm;
    spoilt[offset + i] ^= 0x04;
    EXPECT_EQ(read_all(spoilt).size(), before.size() - 1) << i;
  }
}

TEST(Memory, counts_trips_and_widens_extremes) {
  NvmBench bench;
  bench.start();
  bench.set_cell_mV(3, 3700);
  bench.set_cell_mV(4, 3100);
  bench.set_ntc_degC(1, 40);
  bench.set_ntc_degC(2, 10);
  bench.in.ntc_adc[0] = kNtcFullScale;  // broken: no temperature
  bench.set_current_mA(12345);
  bench.pass_ms(1100);
  bench.set_current_mA(-23456);
  bench.set_cells_mV(3300);
  bench.pass_ms(2100);
  bench.set_cell_mV(3, 3660);
  bench.pass_ms(1100);
  const kept_t& kept = bench.core().kept;
  EXPECT_EQ(kept.trips[BMS_RULE_CELL_OV], 2);
  EXPECT_EQ(kept.trips[BMS_RULE_CELL_UV], 0);
  EXPECT_EQ(kept.extremes.highest_cell_mV, 3700);
  EXPECT_EQ(kept.extremes.lowest_cell_mV, 3100);
  EXPECT_NEAR(kept.extremes.hottest_ddegC, 400, 2);
  EXPECT_NEAR(kept.extremes.coldest_ddegC, 100, 2);
  EXPECT_EQ(kept.extremes.charge_mA, 12345u);
  EXPECT_EQ(kept.extremes.discharge_mA, 23456u);
}

TEST(Memory, stops_counting_trips_at_the_largest_number) {
  NvmBench bench;
  bench.start();
  bench.core().kept.trips[BMS_RULE_CELL_OV] = UINT16_MAX;
  bench.set_cell_mV(3, 3700);
  bench.pass_ms(1100);
  EXPECT_EQ(bench.core().kept.trips[BMS_RULE_CELL_OV], UINT16_MAX);
}

}  // namespace
}  // namespace bms_test
