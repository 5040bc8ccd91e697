// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Front end, limits, clock, task, configuration.
#include <cstring>

#include "pack.hpp"

namespace bms_test {
namespace {

class Self : public testing::Test {
 protected:
  void power_with(bms_failure_t failure, uint32_t delay_ms = 0) {
    failure_ = failure;
    pack_.enable(failure, delay_ms);
    pack_.config.failures[failure].opens = 0;
    pack_.power();
  }
  bool is_found() { return pack_.has_failed(failure_); }
  Pack pack_;
  bms_failure_t failure_ = BMS_FAILURE_COUNT;
};

TEST_F(Self, an_afe_that_stops_converting_is_found_after_the_time_out_of_the_group) {
  power_with(BMS_FAILURE_AFE_SILENT);
  const struct {
    bms_fresh_t group;
    uint32_t timeout_ms;
  } rows[] = {{BMS_FRESH_CURRENT, 20}, {BMS_FRESH_CELLS, 400}, {BMS_FRESH_NTCS, 2000}};
  for (const auto& row : rows) {
    while ((pack_.in.fresh & kAllFresh) != kAllFresh) pack_.run(1);
    pack_.silent = row.group;
    pack_.run(row.timeout_ms - 1);
    EXPECT_FALSE(is_found()) << row.group;
    pack_.run(1);
    EXPECT_TRUE(is_found()) << row.group;
    pack_.silent = 0;
    pack_.run(100);
    EXPECT_FALSE(is_found()) << row.group;
  }
}

TEST_F(Self, a_group_without_a_time_out_may_be_silent) {
  pack_.config.diagnosis.afe_current_ms = 0;
  pack_.config.diagnosis.afe_cells_ms = 0;
  pack_.config.diagnosis.afe_ntcs_ms = 0;
  power_with(BMS_FAILURE_AFE_SILENT);
  pack_.silent = kAllFresh;
  pack_.run(10000);
  EXPECT_FALSE(is_found());
}

TEST_F(Self, a_group_without_a_time_out_does_not_speak_for_the_others) {
  for (const uint32_t group : {BMS_FRESH_CURRENT, BMS_FRESH_CELLS, BMS_FRESH_NTCS}) {
    bms_diagnosis_config_t& config = pack_.config.diagnosis;
    config.afe_current_ms = group == BMS_FRESH_CURRENT ? 20 : 0;
    config.afe_cells_ms = group == BMS_FRESH_CELLS ? 400 : 0;
    config.afe_ntcs_ms = group == BMS_FRESH_NTCS ? 2000 : 0;
    pack_.silent = 0;
    power_with(BMS_FAILURE_AFE_SILENT);
    pack_.silent = kAllFresh & ~group;
    pack_.run(5000);
    EXPECT_FALSE(is_found()) << group;
    pack_.silent = group;
    pack_.run(3000);
    EXPECT_TRUE(is_found()) << group;
  }
}

TEST_F(Self, an_afe_under_test_is_not_silent) {
  pack_.enable(BMS_FAILURE_SENSE_WIRE);
  pack_.config.diagnosis.afe_cells_ms = 30;
  pack_.config.diagnosis.wire_period_ms = 200;
  power_with(BMS_FAILURE_AFE_SILENT);
  for (int i = 0; i < 2000; ++i) {
    pack_.run(1);
    ASSERT_FALSE(is_found());
  }
}

TEST_F(Self, wrong_checksums_are_found_when_there_are_many_in_a_window) {
  pack_.in.afe_errors = UINT32_MAX - 3;  // wraps
  power_with(BMS_FAILURE_AFE_CORRUPT);
  pack_.run(2000);
  for (int i = 0; i < 50; ++i) {
    pack_.in.afe_errors += 9;
    pack_.run(1000);
    EXPECT_FALSE(is_found());
  }
  pack_.in.afe_errors += 10;
  pack_.run(1);
  EXPECT_TRUE(is_found());
  pack_.run(2000);
  EXPECT_FALSE(is_found());
}

TEST_F(Self, a_limit_that_is_ignored_is_found_in_both_directions) {
  power_with(BMS_FAILURE_LIMIT_IGNORED, 2000);
  for (const int sign : {1, -1}) {
    // 80 A of charge, 100 A of discharge, 10 % and 3 A beside; resistance takes no limit down here.
    pack_.resistance_mOhm = 0.1;
    pack_.current_A = sign > 0 ? 90.9 : -112.9;
    pack_.run(20000);
    EXPECT_FALSE(is_found()) << sign;
    pack_.current_A = sign > 0 ? 91.1 : -113.1;
    pack_.run(1900);
    EXPECT_FALSE(is_found()) << sign;
    pack_.run(200);
    EXPECT_TRUE(is_found()) << sign;
    pack_.current_A = 0;
    pack_.run(3000);
    EXPECT_FALSE(is_found()) << sign;
  }
}

// Cold takes both limits down: from 80 A to 8 A, from 100 A to 25 A.
TEST_F(Self, a_limit_that_falls_may_be_followed_late) {
  for (const double current_A : {70.0, -90.0}) {
    power_with(BMS_FAILURE_LIMIT_IGNORED, 2000);
    pack_.resistance_mOhm = 0.1;
    pack_.ntc_degC.fill(25);
    pack_.current_A = current_A;
    pack_.run(35000);
    pack_.ntc_degC.fill(current_A > 0 ? 5 : -15);
    pack_.run(11000);
    EXPECT_FALSE(is_found()) << current_A;
    pack_.run(11200);
    EXPECT_TRUE(is_found()) << current_A;
  }
}

TEST_F(Self, a_clock_that_runs_at_another_pace_is_found_within_a_window) {
  power_with(BMS_FAILURE_CLOCK);
  pack_.run(130000);
  EXPECT_FALSE(is_found());
  for (int i = 0; i < 130000; ++i) {
    pack_.in.rtc_ms -= i % 90 == 0;  // 1.1 % slow
    pack_.run(1);
  }
  EXPECT_TRUE(is_found());
  pack_.run(130000);
  EXPECT_FALSE(is_found());
  for (int i = 0; i < 130000; ++i) {
    pack_.in.rtc_ms += i % 110 == 0;  // 0.9 % fast
    pack_.run(1);
  }
  EXPECT_FALSE(is_found());
}

TEST_F(Self, a_real_time_clock_may_show_anything_and_wrap) {
  pack_.in.rtc_ms = UINT32_MAX - 30000;
  power_with(BMS_FAILURE_CLOCK);
  pack_.run(200000);
  EXPECT_FALSE(is_found());
}

TEST_F(Self, a_step_that_comes_late_is_found) {
  power_with(BMS_FAILURE_TASK);
  pack_.dt_us = 10000;
  pack_.run(1);
  EXPECT_FALSE(is_found());
  pack_.dt_us = 10001;
  pack_.run(1);
  EXPECT_TRUE(is_found());
}

TEST_F(Self, a_configuration_that_changes_is_found_while_it_is_used) {
  power_with(BMS_FAILURE_CONFIG);
  pack_.run(3 * sizeof(bms_config_t));
  EXPECT_FALSE(is_found());
  pack_.config.panel.com_ms ^= 4;
  pack_.run(2 * sizeof(bms_config_t));
  EXPECT_TRUE(is_found());
  pack_.config.panel.com_ms ^= 4;
  pack_.run(2 * sizeof(bms_config_t));
  EXPECT_FALSE(is_found());
}

TEST(Seal, is_the_crc_of_ethernet) {
  Bench bench;
  bms_core()->seal(&bench.config);
  std::vector<uint8_t> bytes(offsetof(bms_config_t, crc32));
  std::memcpy(bytes.data(), &bench.config, bytes.size());
  uint32_t crc = UINT32_MAX;
  for (const uint8_t byte : bytes)
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc ^ byte >> bit) & 1 ? 0xEDB88320u : 0u);
  EXPECT_EQ(bench.config.crc32, ~crc);
}

}  // namespace
}  // namespace bms_test
