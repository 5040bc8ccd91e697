// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The windows of the front end and of the clock to the millisecond.
#include "bench.hpp"

namespace bms_test {
namespace {

class SelfEdges : public testing::Test {
 protected:
  Bench bench_;

  void SetUp() override {
    bench_.watch(BMS_FAILURE_AFE_CORRUPT);
    bench_.watch(BMS_FAILURE_CLOCK);
    bench_.config.diagnosis.afe_errors = 10;
    bench_.config.diagnosis.afe_window_ms = 1000;
    bench_.config.diagnosis.clock_window_ms = 1000;
    bench_.config.diagnosis.clock_tolerance_ms = 10;
    bench_.out = {};
    ASSERT_EQ(bench_.power_up().error, BMS_OK);
    step_until_ms(1);
  }
  // To the end of the step at that time, with a clock that agrees but for `ahead_ms`.
  void step_until_ms(uint32_t end_ms, int32_t ahead_ms = 0) {
    while (bench_.out.report.uptime_ms < end_ms) {
      bench_.in.rtc_ms = bench_.out.report.uptime_ms + 1 + static_cast<uint32_t>(ahead_ms);
      bench_.step();
    }
    ASSERT_EQ(bench_.out.report.uptime_ms, end_ms);
  }
  void count_errors(uint32_t count, uint32_t at_ms) {
    step_until_ms(at_ms - 1);
    bench_.in.afe_errors += count;
    step_until_ms(at_ms);
  }
};

TEST_F(SelfEdges, wrong_checksums_of_two_windows_do_not_add_up) {
  count_errors(9, 999);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
  count_errors(9, 1001);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
  count_errors(1, 1999);
  EXPECT_TRUE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
}

TEST_F(SelfEdges, wrong_checksums_of_a_window_add_up_and_a_good_window_ends_the_finding) {
  count_errors(5, 1100);
  count_errors(5, 1900);
  EXPECT_TRUE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
  step_until_ms(2999);
  EXPECT_TRUE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
  step_until_ms(3000);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_AFE_CORRUPT));
}

// The window began with the first step, at 1 ms.
TEST_F(SelfEdges, a_clock_is_off_beyond_its_tolerance_at_the_end_of_a_window) {
  for (const int32_t ahead_ms : {10, 11, -10, -11}) {
    SetUp();
    step_until_ms(1000);
    step_until_ms(1001, ahead_ms);
    EXPECT_EQ(bench_.has_failed(BMS_FAILURE_CLOCK), std::abs(ahead_ms) == 11) << ahead_ms;
  }
}

TEST_F(SelfEdges, a_clock_is_not_looked_at_within_a_window) {
  step_until_ms(1000, 500);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_CLOCK));
  step_until_ms(1001);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_CLOCK));
  step_until_ms(2000, 500);
  EXPECT_FALSE(bench_.has_failed(BMS_FAILURE_CLOCK));
}

}  // namespace
}  // namespace bms_test
