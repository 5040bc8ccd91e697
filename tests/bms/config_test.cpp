// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include <set>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Config, the_bench_s_own_is_valid) {
  Bench bench;
  const bms_status_t status = bench.power_up();
  EXPECT_EQ(status.error, BMS_OK);
  EXPECT_EQ(status.index, 0);
}

TEST(Config, largest_pack_is_valid_and_works) {
  Bench bench;
  bench.config.cell_count = BMS_MAX_CELLS;
  bench.config.ntc_count = BMS_MAX_NTCS;
  bench.config.rules[BMS_RULE_PACK_OV].protection.is_enabled = false;
  bench.start();
  bench.set_cells_mV(3400);
  bench.set_cell_mV(31, 3450);
  bench.step();
  EXPECT_EQ(bench.out.report.pack_mV, 32u * 3400 + 50);
  EXPECT_EQ(bench.out.bleeders, 1u << 31);
}

TEST(Config, largest_pack_bleeds_its_highest_cells) {
  Bench bench;
  bench.config.cell_count = BMS_MAX_CELLS;
  bench.config.rules[BMS_RULE_PACK_OV].protection.is_enabled = false;
  bench.config.balancing.max_bleeders = 2;
  bench.start();
  bench.set_cells_mV(3400);
  for (const std::size_t cell : {0u, 7u, 31u})
    bench.set_cell_mV(cell, 3450u + static_cast<uint32_t>(cell));
  bench.step();
  EXPECT_EQ(bench.out.bleeders, 1u << 31 | 1u << 7);
}

TEST(Config, what_is_disabled_is_not_checked) {
  Bench bench;
  bench.config.rules[BMS_RULE_OCC] = {};
  bench.config.rules[BMS_RULE_CELL_OV].warning = {false, 9999, 9999, 0, 0};
  EXPECT_EQ(bench.power_up().error, BMS_OK);
}

TEST(Config, a_warning_at_its_protection_is_valid) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].warning.trip = 3650;
  EXPECT_EQ(bench.power_up().error, BMS_OK);
}

TEST(Config, thresholds_of_a_comparator_are_the_afes_business) {
  Bench bench;
  bench.config.rules[BMS_RULE_SCD].protection.release =
      bench.config.rules[BMS_RULE_SCD].protection.trip;
  EXPECT_EQ(bench.power_up().error, BMS_OK);
}

// A failure that is enabled needs what it is judged by; one that is not may go without.
struct MissingCase {
  bms_failure_t failure;
  void (*spoil)(bms_diagnosis_config_t&);
};
using D = bms_diagnosis_config_t;

TEST(Config, a_failure_without_its_thresholds_is_named) {
  const MissingCase rows[] = {
      {BMS_FAILURE_SENSE_WIRE, [](D& d) { d.wire_collapse_mV = 0; }},
      {BMS_FAILURE_SENSE_WIRE, [](D& d) { d.wire_low_mV = d.wire_high_mV; }},
      {BMS_FAILURE_SUM, [](D& d) { d.sum_tolerance_mV = 0; }},
      {BMS_FAILURE_CELL_STUCK, [](D& d) { d.cell_still_mV = d.cell_move_mV; }},
      {BMS_FAILURE_AFE_CORRUPT, [](D& d) { d.afe_errors = 0; }},
      {BMS_FAILURE_CHARGE_MOSFET_CLOSED, [](D& d) { d.mosfet_mA = 0; }},
      {BMS_FAILURE_DISCHARGE_MOSFET_CLOSED, [](D& d) { d.mosfet_mA = 0; }},
      {BMS_FAILURE_CHARGE_MOSFET_OPEN, [](D& d) { d.mosfet_mA = 0; }},
      {BMS_FAILURE_CHARGE_MOSFET_OPEN, [](D& d) { d.mosfet_diode_mV = 0; }},
      {BMS_FAILURE_DISCHARGE_MOSFET_OPEN, [](D& d) { d.mosfet_diode_mV = d.mosfet_block_mV + 1; }},
      {BMS_FAILURE_CLOCK, [](D& d) { d.clock_tolerance_ms = d.clock_window_ms; }},
      {BMS_FAILURE_TASK, [](D& d) { d.task_us = 0; }},
  };
  for (const MissingCase& row : rows) {
    Bench bench;
    row.spoil(bench.config.diagnosis);
    EXPECT_EQ(bench.power_up().error, BMS_OK) << bms_failure_name(row.failure);
    bench.config.failures[row.failure].is_enabled = true;
    const bms_status_t status = bench.power_up();
    EXPECT_EQ(status.error, BMS_ERROR_FAILURE) << bms_failure_name(row.failure);
    EXPECT_EQ(status.index, row.failure);
  }
}

TEST(Config, every_failure_is_valid_with_the_defaults) {
  Bench bench;
  for (auto& row : bench.config.failures) row = {true, true, BMS_LATCH_REPAIR, 0xF, 1000};
  EXPECT_EQ(bench.power_up().error, BMS_OK);
}

TEST(Config, first_error_wins) {
  Bench bench;
  bench.config.soc.capacity_mAh = 0;
  bench.config.rules[BMS_RULE_OTD].protection.release = 700;
  bench.config.rules[BMS_RULE_UTD].protection.release = -700;
  const bms_status_t status = bench.power_up();
  EXPECT_EQ(status.error, BMS_ERROR_RULE);
  EXPECT_EQ(status.index, BMS_RULE_OTD);
}

TEST(Config, each_error_has_its_sentence) {
  std::set<std::string> sentences;
  for (int error = BMS_OK; error <= BMS_ERROR_BANK; ++error) {
    const std::string text = bms_error_text(static_cast<bms_error_t>(error));
    EXPECT_EQ(text.back(), '.');
    EXPECT_NE(text, "Unknown error.");
    sentences.insert(text);
  }
  EXPECT_EQ(sentences.size(), BMS_ERROR_BANK + 1u);
  EXPECT_STREQ(bms_error_text(static_cast<bms_error_t>(BMS_ERROR_BANK + 1)), "Unknown error.");
}

TEST(Config, that_was_changed_after_its_seal_is_refused) {
  bms_config_t config = make_config();
  std::vector<std::max_align_t> memory(bms_core()->instance_bytes / sizeof(std::max_align_t) + 1);
  const std::vector<uint8_t> nvm(BMS_NVM_BYTES, 0xFF);
  bms_core()->seal(&config);
  EXPECT_EQ(bms_core()->init(memory.data(), &config, nvm.data()).error, BMS_OK);
  config.limits.ccl_mA ^= 0x100;
  EXPECT_EQ(bms_core()->init(memory.data(), &config, nvm.data()).error, BMS_ERROR_SEAL);
}

}  // namespace
}  // namespace bms_test
