// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Thermistors to the tenth of a kelvin: the stage alone, the report is what the test says.
#include <algorithm>

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

using Readings = std::vector<int>;
constexpr int kBroken = BMS_NTC_INVALID_DDEGC;

class NtcStage : public testing::Test {
 protected:
  bms_config_t config = make_config();  // drift 150, move 50, still 3
  core_t core{};

  void SetUp() override {
    core.config = &config;
    config.failures[BMS_FAILURE_NTC_STUCK] = {true, false, 0, 0, 0};
    core.diagnosis.enabled = BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK);
  }
  bool is_found_in(const Readings& readings) {
    bms_report_t& report = core.out.report;
    report.ntc_count = static_cast<uint8_t>(readings.size());
    int coldest = INT16_MAX, hottest = INT16_MIN;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      report.ntc_ddegC[i] = static_cast<int16_t>(readings[i]);
      if (readings[i] == kBroken) continue;
      coldest = std::min(coldest, readings[i]);
      hottest = std::max(hottest, readings[i]);
    }
    core.measured.signals[SIGNAL_SPREAD_ddegC] = hottest - coldest;
    bms_diagnose_ntcs(&core);
    return (core.diagnosis.active & BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK)) != 0;
  }
  void begin_with(const Readings& readings) {
    core.diagnosis.ntcs = {};
    is_found_in(readings);
  }
  bool is_found_after_ms(uint32_t passed_ms, const Readings& readings, int32_t current_mA = 0) {
    core.out.report.uptime_ms += passed_ms;
    core.out.report.current_mA = current_mA;
    core.measured.signals[SIGNAL_CHARGE_mA] = std::max(current_mA, 0);
    core.measured.signals[SIGNAL_DISCHARGE_mA] = std::max(-current_mA, 0);
    return is_found_in(readings);
  }
};

TEST_F(NtcStage, holds_each_against_the_lower_median) {
  const struct {
    Readings readings;
    bool is_found;
  } rows[] = {
      {{0, 150, 151, 300}, false},          // from 0: 300 would be adrift; from 151: 0 would be
      {{0, 151, 151, 151}, true},           // one below
      {{0, 0, 0, 151}, true},               // one above
      {{0, 0, 0, 150}, false},              // at the bound
      {{0, 150, 300}, false},               // of three: the one in the middle
      {{0, 150, 300, kBroken}, false},      // one that is broken takes no part
      {{0, 300, kBroken, kBroken}, false},  // two tell nothing
      {{0, 0, 151, kBroken}, true},
      {{-50, -50, 101, kBroken}, true},
      {{0, 140, 150, 160, 300}, false},
      {{0, 0, 0, 0, 0, 0, 0, 151}, true},
  };
  for (const auto& row : rows) {
    Readings readings = row.readings;
    std::sort(readings.begin(), readings.end());
    do {
      core.diagnosis = {};
      SetUp();
      EXPECT_EQ(is_found_in(readings), row.is_found) << testing::PrintToString(readings);
    } while (std::next_permutation(readings.begin(), readings.end()));
  }
}

TEST_F(NtcStage, calls_one_stuck_that_moved_no_more_than_the_bound_while_two_others_did) {
  for (std::size_t stuck = 0; stuck < 4; ++stuck) {
    for (const int sign : {1, -1}) {
      Readings readings(4, 250 + 50 * sign);
      readings[stuck] = 250 + 3 * sign;
      begin_with(Readings(4, 250));
      EXPECT_TRUE(is_found_in(readings)) << stuck;
      readings[stuck] = 250 + 4 * sign;
      begin_with(Readings(4, 250));
      EXPECT_FALSE(is_found_in(readings)) << stuck;
    }
  }
}

TEST_F(NtcStage, needs_two_that_moved_far_enough) {
  begin_with({250, 250, 250});
  EXPECT_FALSE(is_found_in({299, 300, 250})) << "one only";
  EXPECT_TRUE(is_found_in({300, 300, 250}));
  EXPECT_TRUE(is_found_in({300, 300, 300})) << "one moved: the last word stands";
  EXPECT_FALSE(is_found_in({350, 350, 350}));
}

TEST_F(NtcStage, compares_with_where_they_were_when_the_others_moved_last) {
  begin_with({250, 250, 250});
  EXPECT_FALSE(is_found_in({300, 300, 260}));
  EXPECT_TRUE(is_found_in({350, 350, 260}));
}

TEST_F(NtcStage, asks_only_the_valid_ones_whether_they_moved) {
  begin_with({250, 250, kBroken});
  EXPECT_FALSE(is_found_in({300, 250, kBroken}));
  begin_with({250, 250, 250, kBroken});
  EXPECT_TRUE(is_found_in({300, 300, 250, kBroken}));
  EXPECT_FALSE(is_found_in({350, 350, 350, kBroken})) << "a broken one does not stand still";
}

class HeatStage : public NtcStage {
 protected:
  static constexpr uint32_t kRest_ms = 5000, kHeat_ms = 3000;
  const Readings kWarm{250, 251, 252};

  void SetUp() override {
    NtcStage::SetUp();
    config.diagnosis.ntc_rest_ms = kRest_ms;
    config.diagnosis.ntc_heat_ms = kHeat_ms;
    config.diagnosis.ntc_heat_A2s = 200;
    core.out.report.uptime_ms = 100000;
    is_found_after_ms(0, kWarm, 10000);
    is_found_after_ms(0, kWarm, 10000);
  }
  void rest() {
    is_found_after_ms(kRest_ms, kWarm);
    is_found_after_ms(0, kWarm);
  }
};

// 10 A: 100 A2s a second.
TEST_F(HeatStage, finds_those_that_did_not_move_when_the_heat_is_complete) {
  for (const int32_t current_mA : {10000, -10000, 10999}) {
    rest();
    is_found_after_ms(1, kWarm, current_mA);
    EXPECT_FALSE(is_found_after_ms(1999, kWarm, current_mA));
    EXPECT_TRUE(is_found_after_ms(1, kWarm, current_mA));
    core.diagnosis.ntcs.cold = 0;
    for (int i = 0; i < 2; ++i)
      EXPECT_FALSE(is_found_after_ms(2000, kWarm, current_mA)) << "it has to rest first";
  }
}

TEST_F(HeatStage, is_over_when_the_heat_takes_too_long) {
  rest();
  is_found_after_ms(1, kWarm, 9999);  // counts as 9 A: 243 A2s in 3 s
  EXPECT_FALSE(is_found_after_ms(kHeat_ms - 1001, kWarm, 9999));
  EXPECT_FALSE(is_found_after_ms(1001, kWarm, 1000));
  for (int i = 0; i < 2; ++i)
    EXPECT_FALSE(is_found_after_ms(1000, kWarm, 20000)) << "it has to rest first";
}

TEST_F(HeatStage, needs_the_whole_rest_without_current) {
  is_found_after_ms(kRest_ms - 1, kWarm);
  is_found_after_ms(0, kWarm, 501);
  is_found_after_ms(kRest_ms - 1, kWarm, 500);
  is_found_after_ms(1, kWarm, 10000);
  EXPECT_FALSE(is_found_after_ms(2500, kWarm, 10000));
  is_found_after_ms(0, kWarm, -10000);
  is_found_after_ms(kRest_ms, kWarm, -500);
  is_found_after_ms(0, kWarm, -500);
  is_found_after_ms(1, kWarm, 10000);
  EXPECT_TRUE(is_found_after_ms(2000, kWarm, 10000));
}

TEST_F(HeatStage, compares_with_the_end_of_the_rest) {
  rest();
  is_found_after_ms(1000, {260, 261, 262});
  is_found_after_ms(1, {260, 261, 262}, 10000);
  EXPECT_TRUE(is_found_after_ms(2000, {263, 271, 272}, 10000));
  begin_with(kWarm);
  core.diagnosis.ntcs.since_ms = core.out.report.uptime_ms;
  rest();
  is_found_after_ms(1000, {260, 261, 262});
  is_found_after_ms(1, {260, 261, 262}, 10000);
  EXPECT_FALSE(is_found_after_ms(2000, {264, 271, 272}, 10000));
}

}  // namespace
}  // namespace bms_test
