// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// When each rule trips and releases.
#include "rules_bench.hpp"

namespace bms_test {
namespace {

class EachRule : public RuleTest {};

TEST_P(EachRule, does_not_trip_just_short_of_its_threshold) {
  apply(protection().trip - GetParam().outwards);
  bench_.run_ms(5000);
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EachRule, trips_at_its_threshold_after_exactly_its_delay) {
  apply(protection().trip + margin());
  bench_.run_ms(
      protection().trip_delay_ms);  // first seen 1 ms after power-up's step, then delay - 1 ms
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, BMS_RULE_BIT(GetParam().rule));
}

TEST_P(EachRule, starts_its_delay_anew_when_one_reading_is_good) {
  apply(protection().trip + margin());
  bench_.run_ms(protection().trip_delay_ms);
  apply(protection().trip - GetParam().outwards);
  bench_.step();
  apply(protection().trip + margin());
  bench_.run_ms(protection().trip_delay_ms);
  EXPECT_EQ(bench_.out.report.protections, 0u);
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, BMS_RULE_BIT(GetParam().rule));
}

TEST_P(EachRule, needs_no_other_readings_than_its_own) {
  bench_.in.fresh = GetParam().group;
  trip();
  apply(protection().release - margin());
  bench_.in.fresh = kAllFresh & ~static_cast<uint32_t>(GetParam().group);
  bench_.run_ms(10000);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
  bench_.in.fresh = GetParam().group;
  bench_.run_ms(protection().release_delay_ms + 1);
  EXPECT_EQ(bench_.out.report.protections, 0u);
}

TEST_P(EachRule, stays_between_trip_and_release) {
  trip();
  apply(protection().release + GetParam().outwards);
  bench_.run_ms(10000);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
}

TEST_P(EachRule, releases_at_its_release_value_after_exactly_its_delay) {
  trip();
  apply(protection().release - margin());
  bench_.run_ms(protection().release_delay_ms);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EachRule, keeps_its_delay_when_steps_are_no_whole_milliseconds) {
  bench_.dt_us = 300;
  apply(protection().trip + margin());
  bench_.step();
  for (int i = 1; i < 3334; ++i) bench_.step();  // 3333 steps later: 999.9 ms
  EXPECT_FALSE(bench_.is_protecting(GetParam().rule));
  bench_.step();  // 1000.2 ms
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
}

INSTANTIATE_TEST_SUITE_P(Rules, EachRule, testing::ValuesIn(kAnalogue), name_of);

}  // namespace
}  // namespace bms_test
