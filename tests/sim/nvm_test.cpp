// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Non-volatile memory: what is there after a write, and after half of one.
#include "sim/nvm.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_core.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::ScriptedBench;

bms_nvm_write_t write_of(std::uint16_t offset, std::uint8_t length) {
  bms_nvm_write_t write{};
  write.offset = offset;
  write.length = length;
  for (int i = 0; i < length; ++i) write.bytes[i] = static_cast<std::uint8_t>(0xA0 + i);
  return write;
}

class Nvm : public ::testing::Test {
 protected:
  Nvm() { nvm.image.assign(BMS_NVM_BYTES, 0xFF); }
  /// How many bytes of a write at `offset` have arrived.
  int arrived(std::size_t offset) const {
    int count = 0;
    while (nvm.image[offset + static_cast<std::size_t>(count)] == 0xA0 + count) ++count;
    return count;
  }

  NvmState nvm;
};

TEST_F(Nvm, WritesInItsTimeAndIsBusyMeanwhile) {
  start_write(write_of(100, 32), 7 * kMillisecond, nvm);
  advance(7 * kMillisecond + kNvmWriteTime - 1, nvm);
  EXPECT_TRUE(nvm.is_busy());
  EXPECT_EQ(arrived(100), 0);
  advance(7 * kMillisecond + kNvmWriteTime, nvm);
  EXPECT_FALSE(nvm.is_busy());
  EXPECT_EQ(arrived(100), 32);
  EXPECT_EQ(nvm.image[99], 0xFF);
  EXPECT_EQ(nvm.image[132], 0xFF);
}

TEST_F(Nvm, IgnoresAWriteWhileBusy) {
  start_write(write_of(0, 4), 0, nvm);
  start_write(write_of(50, 4), kMillisecond, nvm);
  advance(kNvmWriteTime, nvm);
  EXPECT_EQ(arrived(0), 4);
  EXPECT_EQ(arrived(50), 0);
}

TEST_F(Nvm, KeepsTheBytesThatHadArrivedWhenTheSupplyWent) {
  for (int bytes = 0; bytes <= 32; ++bytes) {
    nvm.image.assign(BMS_NVM_BYTES, 0xFF);
    start_write(write_of(10, 32), 0, nvm);
    cut_supply((kNvmWriteTime * bytes + 31) / 32, nvm);
    EXPECT_EQ(arrived(10), bytes);
    EXPECT_FALSE(nvm.is_busy());
    advance(kSecond, nvm);
    EXPECT_EQ(arrived(10), bytes) << "nothing goes on afterwards";
  }
}

TEST_F(Nvm, SpreadsAShortWriteOverTheSameTime) {
  start_write(write_of(0, 2), 0, nvm);
  cut_supply(kNvmWriteTime / 2, nvm);
  EXPECT_EQ(arrived(0), 1);
  cut_supply(kSecond, nvm);
  EXPECT_EQ(arrived(0), 1) << "an idle chip has nothing to lose";
}

TEST_F(Nvm, DropsWhatWouldLieBeyondItsEnd) {
  start_write(write_of(BMS_NVM_BYTES - 2, 8), 0, nvm);
  advance(kNvmWriteTime, nvm);
  EXPECT_EQ(nvm.image.size(), std::size_t{BMS_NVM_BYTES});
  EXPECT_EQ(nvm.image[BMS_NVM_BYTES - 1], 0xA1);
  EXPECT_EQ(nvm.image[0], 0xFF);
}

// ---- in the bench ----

TEST(Memory, IsFormattedOnceFromTheScenario) {
  Scenario scenario = free_run(0.5);
  scenario.initial.bms_soc = 0.71;
  ScriptedBench bench(std::move(scenario));
  EXPECT_EQ(bench.core.power_ups, 1);
  EXPECT_EQ(bench.core.recalled[0], 71);
}

TEST(Memory, CarriesOutAWriteAndSaysBusyUntilThen) {
  ScriptedBench bench(free_run());
  bench.run(10 * kMillisecond);
  EXPECT_FALSE(bench.core.in.is_nvm_busy);
  bench.core.decide = [](bms_outputs_t& out) { out.nvm = write_of(40, 32); };
  bench.run(kMillisecond);
  bench.core.decide = [](bms_outputs_t& out) { out.nvm = {}; };
  int busy = 0;
  for (int ms = 0; ms < 10; ++ms) {
    bench.run(kMillisecond);
    busy += bench.core.in.is_nvm_busy ? 1 : 0;
  }
  EXPECT_EQ(busy, 4) << "5 ms from the step that began it";
  EXPECT_EQ(bench.bench.state().units[0].nvm.image[71], 0xA0 + 31);
}

// Nearly empty cells at rest are at 50 V.
TEST(Memory, SurvivesTheLossOfTheSupplyAndSoDoesHalfAWrite) {
  Scenario scenario = free_run(0.03, "disobedient-charger");
  scenario.product.supply = {51.0, 51.3, 0.01};
  ScriptedBench bench(std::move(scenario));
  int step = 0;
  bench.core.decide = [&step](bms_outputs_t& out) {
    // The rail lasts 10 ms: the first write is complete, the second begins 2 ms before the end.
    ++step;
    out.nvm = step == 1 ? write_of(64, 32) : step == 9 ? write_of(128, 32) : bms_nvm_write_t{};
  };
  bench.run(kSecond);
  ASSERT_FALSE(bench.bench.state().units[0].supply.is_alive);
  const std::vector<std::uint8_t>& image = bench.bench.state().units[0].nvm.image;
  EXPECT_EQ(image[95], 0xA0 + 31);
  EXPECT_EQ(image[128], 0xA0);
  EXPECT_EQ(image[159], 0xFF);
  bench.core.decide = nullptr;
  bench.core.out = {};
  bench.bench.set("inverter1/demand_W", 2000.0);
  ASSERT_TRUE(test::run_until(bench.bench, "pack1/is_supply_alive == yes", 10 * kSecond));
  EXPECT_EQ(bench.core.power_ups, 2);
  EXPECT_EQ(bench.core.recalled, image) << "nothing but the core's own writes";
  EXPECT_EQ(bench.core.recalled[0], 3);
}

TEST(Memory, ThatDoesNotAnswerReadsAsErasedAtTheNextStartAndTakesNothing) {
  ScriptedBench bench(free_run());
  bench.run(10 * kMillisecond);
  const std::vector<std::uint8_t> image = bench.bench.state().units[0].nvm.image;
  bench.bench.inject("nvm-silent", 0, {}, "chip");
  bench.core.decide = [](bms_outputs_t& out) { out.nvm = write_of(64, 32); };
  bench.run(20 * kMillisecond);
  bench.core.decide = nullptr;
  bench.core.out = {};
  const auto restart = [&bench] {
    bench.bench.inject("supply-brown-out", 0, 200.0, "dip");
    bench.run(100 * kMillisecond);
    bench.bench.clear("dip");
    bench.run(100 * kMillisecond);
  };
  restart();
  EXPECT_EQ(bench.core.power_ups, 2);
  EXPECT_EQ(bench.core.recalled, std::vector<std::uint8_t>(BMS_NVM_BYTES, 0xFF));
  bench.bench.clear("chip");
  restart();
  EXPECT_EQ(bench.core.power_ups, 3);
  EXPECT_EQ(bench.core.recalled, image) << "what was written meanwhile is lost";
}

}  // namespace
}  // namespace doppelpack::sim
