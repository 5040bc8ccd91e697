// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Power goes at every byte of every write.
#include <bit>
#include <random>

#include "nvm_bench.hpp"

namespace bms_test {
namespace {

// A pack of 2 Ah on a bad day: protections, latches that come and go, currents that move SOC by percents in seconds.
class BadDay {
 public:
  explicit BadDay(NvmBench& bench) : bench_(bench) {}

  void change() {
    bms_inputs_t& in = bench_.in;
    if (below(100) == 0) bench_.set_current_mA(static_cast<int32_t>(below(20001)) - 10000);
    // One draw in a statement: compilers differ in which argument they evaluate first.
    const uint32_t cell = below(16), cell_mV = 2400 + below(1400);
    if (below(50) == 0) bench_.set_cell_mV(cell, cell_mV);
    if (below(60) == 0) bench_.set_cells_mV(3300);
    const uint32_t ntc = below(4), degC = below(80);
    if (below(200) == 0) bench_.set_ntc_degC(ntc, degC);
    in.comparator_flags = below(300) == 0 ? BMS_COMPARATOR_SCD : 0;
    in.buttons = below(300) == 0 ? BMS_BUTTON_RESET : 0;
    kept_t& kept = bench_.core().kept;
    if (below(150) == 0) kept.rule_latches ^= BMS_RULE_BIT(below(BMS_RULE_COUNT));
    if (below(150) == 0) kept.failure_latches ^= BMS_FAILURE_BIT(below(BMS_FAILURE_COUNT));
    bench_.bytes_per_step = 1 + below(32);
  }
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

 private:
  NvmBench& bench_;
  std::mt19937 random_{20260101};
};

class MemoryCut : public testing::Test {
 protected:
  NvmBench bench;
  BadDay day{bench};

  void SetUp() override {
    bench.config.soc.capacity_mAh = 2000;
    bench.keep_failures();
    bench.dt_us = 100000;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
  }
  void run(int passes) {
    for (int i = 0; i < passes && !HasFatalFailure(); ++i) {
      day.change();
      bench.pass();
    }
  }
};

TEST_F(MemoryCut, leaves_the_old_record_or_the_new_one) {
  std::vector<Recalled> seen = {recall(bench.nvm)};
  int cuts = 0;
  bench.on_byte = [&] {
    ++cuts;
    const Recalled now = recall(bench.nvm);
    ASSERT_EQ(std::get<0>(now), ORIGIN_RECORD);
    if (now == seen.back()) return;
    // The last byte of a record made it valid: exactly now, and all of it.
    ASSERT_EQ(bench.core().memory.begun, RECORD_BYTES);
    ASSERT_EQ(std::get<2>(now), bench.core().memory.saved_rule_latches);
    ASSERT_EQ(std::get<3>(now), bench.core().memory.saved_failure_latches);
    seen.push_back(now);
  };
  run(15000);
  EXPECT_GT(seen.size(), 190u);
  EXPECT_GT(cuts, 26000);
}

TEST_F(MemoryCut, costs_no_event_but_the_oldest) {
  auto before = read_all(bench.nvm);
  std::size_t longest = 0;
  bench.on_byte = [&] {
    if (bench.writing().offset < HISTORY_OFFSET) return;
    const auto now = read_all(bench.nvm);
    longest = std::max(longest, now.size());
    const bool is_new = !now.empty() && (before.empty() || now[0].sequence > before[0].sequence);
    if (is_new && !before.empty()) {
      ASSERT_EQ(now[0].sequence, before[0].sequence + 1);
    }
    for (std::size_t i = is_new; i < now.size(); ++i) ASSERT_TRUE(now[i] == before[i - is_new]);
    ASSERT_GE(now.size() + 1, std::min<std::size_t>(before.size(), BMS_HISTORY_ENTRIES));
    before = now;
  };
  run(8000);
  EXPECT_EQ(longest, static_cast<std::size_t>(BMS_HISTORY_ENTRIES));
  EXPECT_GT(before[0].sequence, BMS_HISTORY_ENTRIES + 8u);
}

// 1 % of 2 Ah, what 10 A move in the shortest pause between two records, and the time a record takes to be written.
TEST_F(MemoryCut, costs_no_more_of_soc_than_one_step) {
  bench.config.soc.full_cell_mV = UINT16_MAX;
  bench.config.soc.empty_cell_mV = 0;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  run(100);
  for (int i = 0; i < 20000; ++i) {
    run(1);
    const double kept_mAh = std::get<1>(recall(bench.nvm)) * 2000e-6;
    const double step_mAh = 20 + 10000 * (10 + 0.1 * RECORD_BYTES) / 3600;
    ASSERT_NEAR(kept_mAh, bench.out.report.remaining_mAh, step_mAh) << i;
  }
}

// Cut after cut: what the next life starts from, it tells.
TEST_F(MemoryCut, again_and_again_loses_no_latch_that_was_saved) {
  const auto failures = failures_to_tell();
  bench.in.fresh = 0;
  for (bms_failure_config_t& failure : bench.config.failures) failure.is_enabled = false;
  for (const bms_failure_t failure : failures) bench.config.failures[failure].is_enabled = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  uint64_t latches = 0;
  for (std::size_t life = 0; life < 300; ++life) {
    bench.bytes_per_step = 3;
    bms_find(&bench.core(), failures[life % failures.size()], true);
    const uint64_t wanted = bench.core().kept.failure_latches;
    const auto passes = day.below(80);
    for (uint32_t i = 0; i < passes; ++i) bench.pass();
    bench.lose_power();
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    const uint64_t kept = bench.core().kept.failure_latches;
    ASSERT_EQ(kept & latches, latches) << life;
    ASSERT_TRUE(kept == wanted || kept == latches) << life;
    latches = kept;
  }
  EXPECT_EQ(std::popcount(latches), std::ssize(failures));
}

}  // namespace
}  // namespace bms_test
