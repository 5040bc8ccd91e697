// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Sense wires to the millivolt and the millisecond: the stage alone, the readings are what the test says.
#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

class WireStage : public testing::Test {
 protected:
  static constexpr uint8_t kCells = 4;
  bms_config_t config = make_config();  // collapse 1000, low 1000, high 4500, period 10000
  core_t core{};
  bms_inputs_t in{};

  void SetUp() override {
    core.config = &config;
    config.cell_count = core.out.report.cell_count = kCells;
    core.diagnosis.enabled = BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE);
    config.failures[BMS_FAILURE_SENSE_WIRE] = {true, false, 0, 0, 0};
    read({3300, 3300, 3300, 3300});
  }
  // What the report shows, and the AFE as well unless a test says otherwise.
  void read(const std::vector<uint16_t>& cells_mV, int32_t stack_above_mV = 0) {
    bms_report_t& report = core.out.report;
    uint32_t sum_mV = 0;
    uint16_t lowest_mV = UINT16_MAX;
    for (std::size_t i = 0; i < cells_mV.size(); ++i) {
      report.cell_mV[i] = cells_mV[i];
      in.cell_adc[i] = static_cast<uint16_t>(cells_mV[i] * 10);
      sum_mV += cells_mV[i];
      lowest_mV = std::min(lowest_mV, cells_mV[i]);
    }
    report.pack_mV = sum_mV;
    report.stack_mV = sum_mV + static_cast<uint32_t>(stack_above_mV);
    core.measured.signals[SIGNAL_LOWEST_CELL_mV] = lowest_mV;
  }
  void scan() {
    core.measured.fresh = BMS_FRESH_CELLS;
    bms_diagnose_wires(&core, &in);
  }
  void scan_under_test() {
    core.measured.fresh = 0;
    bms_diagnose_wires(&core, &in);
  }
  uint32_t suspects() const { return core.diagnosis.wires.suspects; }
  bool is_found() const {
    return (core.diagnosis.found & BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE)) != 0;
  }
};

TEST_F(WireStage, symptoms_begin_beyond_both_bounds) {
  const struct {
    std::vector<uint16_t> cells_mV;
    int32_t stack_above_mV;
    uint32_t suspects;
  } rows[] = {
      {{999, 4501, 3300, 3300}, 0, 0b0011},    {{4501, 999, 3300, 3300}, 0, 0b0011},
      {{1000, 4501, 3300, 3300}, 0, 0},        {{4501, 1000, 3300, 3300}, 0, 0},
      {{999, 4500, 3300, 3300}, 0, 0},         {{4500, 999, 3300, 3300}, 0, 0},
      {{3300, 999, 4501, 3300}, 0, 0b0110},    {{3300, 3300, 4501, 999}, 0, 0b1100},
      {{3300, 3300, 3300, 999}, 1001, 0b1000}, {{3300, 3300, 3300, 1000}, 1001, 0},
      {{3300, 3300, 3300, 999}, 1000, 0},      {{999, 3300, 3300, 3300}, 1001, 0},
      {{999, 4501, 999, 4501}, 0, 0b1111},     {{3300, 3300, 3300, 3300}, 1001, 0},
  };
  for (const auto& row : rows) {
    read(row.cells_mV, row.stack_above_mV);
    scan();
    EXPECT_EQ(suspects(), row.suspects) << &row - rows;
    EXPECT_EQ(is_found(), row.suspects != 0) << &row - rows;
    EXPECT_EQ(core.diagnosis.wires.left_out, row.suspects == 0b1111 ? 0 : row.suspects);
  }
}

TEST_F(WireStage, tests_begin_with_their_period) {
  core.out.report.uptime_ms = 9999;
  scan();
  EXPECT_EQ(core.out.pull_downs, 0u);
  core.out.report.uptime_ms = 10000;
  scan();
  EXPECT_EQ(core.out.pull_downs, 0b01010u) << "lines 1 and 3, counted from 0 at B-";
  for (int i = 0; i < 3; ++i) scan_under_test();
  EXPECT_EQ(core.out.pull_downs, 0u);
  core.out.report.uptime_ms = 19999;
  scan();
  EXPECT_EQ(core.out.pull_downs, 0u);
  core.out.report.uptime_ms = 20000;
  scan();
  EXPECT_EQ(core.out.pull_downs, 0b10100u);
}

TEST_F(WireStage, tests_wait_for_the_delays_of_rules_on_cells_only) {
  core.rules.of_cells = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  for (level_t* level : {&core.rules.warning, &core.rules.limiting, &core.rules.protection}) {
    core.out.report.uptime_ms = 10000;
    level->pending = BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_OCD);
    scan();
    EXPECT_EQ(core.out.pull_downs, 0u);
    level->pending = 0;
  }
  core.rules.protection.pending = BMS_RULE_BIT(BMS_RULE_OCD);
  scan();
  EXPECT_NE(core.out.pull_downs, 0u);
}

TEST_F(WireStage, a_line_is_open_when_its_cell_falls_further_than_a_healthy_one) {
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    for (const bool is_open : {false, true}) {
      core.diagnosis.wires = {};
      core.out.report.uptime_ms = 10000;
      read({3300, 3300, 3300, 3300});
      scan();
      scan_under_test();
      in.cell_adc[cell] = is_open ? 22990 : 23000;
      scan_under_test();
      scan_under_test();
      const uint32_t both = 0b11u << cell & 0b1111u;
      EXPECT_EQ(suspects(), is_open ? both : 0) << cell;
      EXPECT_EQ(is_found(), is_open) << cell;
    }
  }
}

TEST(WireTest, is_for_packs_that_look_for_open_wires) {
  Bench bench;
  bench.watch(BMS_FAILURE_CELL_STUCK);
  bench.start();
  for (int i = 0; i < 21000; ++i) {
    bench.step();
    ASSERT_EQ(bench.out.pull_downs, 0u);
  }
}

}  // namespace
}  // namespace bms_test
