// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Stuck cells and ignored limits to the millisecond: the stages alone, the readings are what the test says.
#include <algorithm>

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

class Stage : public testing::Test {
 protected:
  bms_config_t config = make_config();
  core_t core{};

  void SetUp() override {
    core = {};
    core.config = &config;
    core.diagnosis.enabled = UINT64_MAX;
    for (auto& failure : config.failures) failure = {true, false, 0, 0, 0};
  }
  bool is_found(bms_failure_t failure) const {
    return (core.diagnosis.found & BMS_FAILURE_BIT(failure)) != 0;
  }
};

class CellStage : public Stage {
 protected:
  // A window in which each cell moved by so much. True when one is called stuck.
  bool moves(const std::vector<int>& by_mV) {
    bms_report_t& report = core.out.report;
    report.cell_count = static_cast<uint8_t>(by_mV.size());
    for (std::size_t i = 0; i < by_mV.size(); ++i)
      report.cell_mV[i] = static_cast<uint16_t>(core.diagnosis.cells.reference_mV[i] + by_mV[i]);
    report.uptime_ms += config.diagnosis.cell_window_ms;
    bms_diagnose_cells(&core);
    return is_found(BMS_FAILURE_CELL_STUCK);
  }
  void begin() {
    SetUp();
    moves({3300, 3300, 3300, 3300});
  }
};

TEST_F(CellStage, is_stuck_in_three_windows_in_a_row_in_which_most_others_moved) {
  const struct {
    std::vector<int> by_mV;
    bool is_stuck;
  } rows[] = {{{20, 20, 20, 2}, true},   {{-20, 20, -20, -2}, true}, {{20, 20, 20, 3}, false},
              {{20, 20, 20, -3}, false}, {{20, 20, 19, 2}, false},   {{2, 20, 20, 20}, true},
              {{20, 20, 0, 0}, false},   {{20, 20, 20, 20}, false}};
  for (const auto& row : rows) {
    begin();
    EXPECT_FALSE(moves(row.by_mV));
    EXPECT_FALSE(moves(row.by_mV));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(moves(row.by_mV), row.is_stuck) << &row - rows;
    EXPECT_FALSE(moves({20, 20, 20, 20}));
  }
}

TEST_F(CellStage, is_the_same_cell_in_each_window) {
  begin();
  for (int i = 0; i < 2; ++i) moves({20, 20, 20, 0});
  EXPECT_FALSE(moves({0, 20, 20, 20})) << "another one begins anew";
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(moves({0, 20, 20, 20}));
  EXPECT_TRUE(moves({0, 20, 20, 20}));
}

TEST_F(CellStage, is_looked_at_once_in_a_window) {
  begin();
  const uint32_t window_ms = config.diagnosis.cell_window_ms;
  const uint32_t begun_ms = core.out.report.uptime_ms;
  core.out.report.cell_mV[0] = 3400;
  for (uint32_t i = 1; i <= 2; ++i) {
    core.out.report.uptime_ms = begun_ms + i * window_ms - 1;
    bms_diagnose_cells(&core);
    EXPECT_NE(core.diagnosis.cells.reference_mV[0], core.out.report.cell_mV[0]);
    ++core.out.report.uptime_ms;
    bms_diagnose_cells(&core);
    EXPECT_EQ(core.diagnosis.cells.reference_mV[0], core.out.report.cell_mV[0]);
    core.out.report.cell_mV[0] = 3500;
  }
}

class LimitStage : public Stage {
 protected:
  void SetUp() override {
    Stage::SetUp();
    config.diagnosis.limit_reaction_ms = 1000;
    config.diagnosis.limit_tolerance_mA = 2000;
    config.diagnosis.limit_tolerance_permille = 100;
  }
  bool is_ignored(uint32_t at_ms, uint32_t ccl_mA, uint32_t dcl_mA, int32_t current_mA) {
    core.out.report.uptime_ms = at_ms;
    core.out.report.ccl_mA = ccl_mA;
    core.out.report.dcl_mA = dcl_mA;
    core.measured.signals[SIGNAL_CHARGE_mA] = std::max(current_mA, 0);
    core.measured.signals[SIGNAL_DISCHARGE_mA] = std::max(-current_mA, 0);
    bms_diagnose_limits(&core);
    return is_found(BMS_FAILURE_LIMIT_IGNORED);
  }
};

TEST_F(LimitStage, allows_the_tolerance_and_its_share_in_either_direction) {
  EXPECT_FALSE(is_ignored(5000, 10000, 20000, 13000));
  EXPECT_TRUE(is_ignored(5001, 10000, 20000, 13001));
  EXPECT_FALSE(is_ignored(5002, 10000, 20000, -24000));
  EXPECT_TRUE(is_ignored(5003, 10000, 20000, -24001));
  EXPECT_FALSE(is_ignored(5004, 10000, 20000, 0));
}

TEST_F(LimitStage, blames_nobody_for_a_reading_at_the_rail) {
  config.diagnosis.shunt_rail_counts = 300001;
  config.sensing.shunt_uA_per_count = 1500;
  for (const int32_t sign : {1, -1}) {
    core.out.report.current_mA = sign * 450001;  // of 450.0015 A, rounded towards zero
    EXPECT_FALSE(is_ignored(5000, 10000, 10000, sign * 450001));
    core.out.report.current_mA = sign * 450000;
    EXPECT_TRUE(is_ignored(5001, 10000, 10000, sign * 450000));
    is_ignored(5002, 10000, 10000, 0);
  }
}

TEST_F(LimitStage, gives_the_other_side_one_to_two_reaction_times) {
  for (const int32_t sign : {1, -1}) {
    SetUp();
    is_ignored(5000, 10000, 10000, 0);
    EXPECT_FALSE(is_ignored(5001, 0, 0, sign * 13000));
    EXPECT_FALSE(is_ignored(6000, 0, 0, sign * 13000));
    EXPECT_FALSE(is_ignored(6999, 0, 0, sign * 13000));
    EXPECT_TRUE(is_ignored(7000, 0, 0, sign * 13000));
    EXPECT_TRUE(is_ignored(7001, 0, 0, sign * 2001));
    EXPECT_FALSE(is_ignored(7002, 0, 0, sign * 2000));
  }
}

}  // namespace
}  // namespace bms_test
