// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The record to its last bit: every number comes back, whichever copy it is in.
#include <algorithm>

#include "nvm_bench.hpp"

extern "C" {
#include "../../bms/src/crc.h"
}

namespace bms_test {
namespace {

class Record : public testing::Test {
 protected:
  NvmBench bench;

  void SetUp() override {
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.pass_ms(20);
    bench.in.fresh = 0;  // nothing but the test changes what is remembered
  }
  core_t& core() { return bench.core(); }
  void save() {
    core().kept.rule_latches = core().memory.saved_rule_latches + 1;
    bench.pass_ms(6);
  }
  uint32_t number_at(std::size_t at) const {
    uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number |= static_cast<uint32_t>(bench.nvm[at + i]) << 8 * i;
    return number;
  }
};

TEST_F(Record, brings_every_number_back_however_large) {
  bms_report_t& report = core().out.report;
  kept_t& kept = core().kept;
  kept.factory.serial_number = 0xA1B2C3D4;
  report.soh_permille = 0xA5B6;
  report.cycle_count = 0xC7D8;
  report.full_mAh = 0xFEDCBA98;
  report.remaining_mAh = 0xFEDCBA97;
  core().soc.discharged_mAh = 0x89ABCDEF;
  kept.operating_s = 0x91929394;
  core().soc.anchored_us = core().now_us - 0x81828384 * uint64_t{1000000};
  kept.rule_latches = 0xF1F2F3F4;
  kept.failure_latches = 0xE1E2E3E4E5E6E7E8;
  for (int i = 0; i < BMS_RULE_COUNT; ++i) kept.trips[i] = static_cast<uint16_t>(0xD100 + i);
  kept.extremes = {0xB1B2, 0xB3B4, -0x1234, -0x2345, 0xA7A8A9AA, 0xABACADAE};
  bench.pass_ms(6);
  std::vector<uint16_t> trips;
  for (int i = 0; i < BMS_RULE_COUNT; ++i) trips.push_back(static_cast<uint16_t>(0xD100 + i));
  const Recalled expected = {
      ORIGIN_RECORD, 1000000,    0xF1F2F3F4, 0xE1E2E3E4E5E6E7E8, 0xA1B2C3D4, 0xA5B6, 0xC7D8,
      0xFEDCBA98,    0x89ABCDEF, 0x91929394, 0x81828384,         trips,      0xB1B2, 0xB3B4,
      -0x1234,       -0x2345,    0xA7A8A9AA, 0xABACADAE};
  EXPECT_EQ(recall(bench.nvm), expected);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_EQ(core().soc.discharged_mAh, 0x89ABCDEFu);
  EXPECT_EQ(core().out.report.cycle_count, 0xC7D8);
}

TEST(History, does_not_look_behind_the_memory) {
  NvmBench bench;
  bench.start();
  bench.set_cell_mV(0, 3660);
  bench.pass_ms(1100);
  const auto before = read_all(bench.nvm);
  ASSERT_GT(before.size(), 1u);
  const auto slot = static_cast<std::ptrdiff_t>(
      HISTORY_OFFSET + before[0].sequence % BMS_HISTORY_ENTRIES * HISTORY_BYTES);
  Nvm longer = bench.nvm;
  longer.insert(longer.end(), longer.begin() + slot, longer.begin() + slot + HISTORY_BYTES);
  std::fill_n(longer.begin() + slot, HISTORY_BYTES, uint8_t{0xFF});
  EXPECT_EQ(read_all(longer).size(), before.size() - 1);
}

TEST_F(Record, goes_into_either_copy_in_turn) {
  uint32_t newest = std::max(number_at(4), number_at(RECORD_SPACING + 4));
  bool is_b = number_at(4) == newest;
  for (int i = 0; i < 6; ++i) {
    save();
    ++newest;
    EXPECT_EQ(number_at(is_b ? RECORD_SPACING + 4 : 4), newest);
    EXPECT_EQ(number_at(is_b ? 4 : RECORD_SPACING + 4), newest - 1);
    is_b = !is_b;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    EXPECT_EQ(core().memory.sequence, newest);
  }
}

TEST_F(Record, has_a_number_of_32_bits) {
  core().memory.sequence = 0xFEDCBA97;
  save();
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  EXPECT_EQ(core().memory.sequence, 0xFEDCBA98u);
}

// The check value that catalogues of checksums print.
TEST(Checksum, is_the_common_crc_32) {
  const std::vector<uint8_t> digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(bms_crc32(digits.data(), digits.size()), 0xCBF43926u);
}

TEST_F(Record, goes_first_into_the_first_copy_of_a_blank_memory) {
  bench.nvm.assign(BMS_NVM_BYTES, 0xFF);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  save();
  EXPECT_EQ(number_at(4), 1u);
  EXPECT_EQ(number_at(RECORD_SPACING + 4), UINT32_MAX);
}

}  // namespace
}  // namespace bms_test
