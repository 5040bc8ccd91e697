// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Readings to the last count.
#include <iterator>

#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

int32_t signal(Bench& bench, signal_t which) {
  return static_cast<core_t*>(bench.instance())->measured.signals[which];
}

TEST(MeasureEdges, halves_are_rounded_away_from_zero) {
  Bench bench;
  bench.config.sensing.shunt_uA_per_count = 1;
  bench.config.sensing.cell_uV_per_count = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  const std::pair<int32_t, int32_t> rows[] = {{0, 0},   {1, 0},    {499, 0},
                                              {500, 1}, {1499, 1}, {1500, 2}};
  for (const auto& [counts, rounded] : rows) {
    for (const int32_t sign : {1, -1}) {
      bench.in.shunt_adc = sign * counts;
      bench.step();
      EXPECT_EQ(bench.out.report.current_mA, sign * rounded) << sign * counts;
    }
    bench.in.cell_adc[0] = static_cast<uint16_t>(counts);
    bench.step();
    EXPECT_EQ(bench.out.report.cell_mV[0], rounded) << counts;
  }
}

// Beyond 2147 A another branch divides.
TEST(MeasureEdges, the_largest_currents_are_rounded_alike) {
  Bench bench;
  bench.config.sensing.shunt_uA_per_count = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  const std::pair<int32_t, int32_t> rows[] = {
      {INT32_MAX - 1148, 2147482}, {INT32_MAX - 1147, 2147483}, {INT32_MAX - 499, 2147483},
      {INT32_MAX - 148, 2147483},  {INT32_MAX - 147, 2147484},  {INT32_MAX, 2147484}};
  for (const auto& [counts, rounded] : rows) {
    for (const int32_t sign : {1, -1}) {
      bench.in.shunt_adc = sign * counts;
      bench.step();
      EXPECT_EQ(bench.out.report.current_mA, sign * rounded) << sign * counts;
    }
  }
  bench.config.sensing.shunt_uA_per_count = 1000000;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (const int32_t counts : {INT32_MAX, -INT32_MAX, INT32_MIN}) {
    bench.in.shunt_adc = counts;
    bench.step();
    EXPECT_EQ(bench.out.report.current_mA, counts > 0 ? INT32_MAX : -INT32_MAX);
  }
}

// The maker's table, and its last three points by the fit in measure.c.
const struct {
  int ddegC;
  double Ohm;
} kPoints[] = {{-400, 188500}, {-300, 111300}, {-200, 67770}, {-100, 42470}, {0, 27280},
               {100, 17960},   {200, 12090},   {250, 10000},  {300, 8313},   {400, 5827},
               {500, 4160},    {600, 3020},    {700, 2228},   {800, 1668},   {850, 1451},
               {900, 1266},    {1000, 973},    {1100, 755},   {1200, 594},   {1250, 528}};

TEST(MeasureEdges, an_ntc_is_read_on_straight_lines_over_the_counts) {
  Bench bench;
  bench.config.ntc_count = 1;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (std::size_t i = 1; i < std::size(kPoints); ++i) {
    const auto& [colder, hotter] = std::pair(kPoints[i - 1], kPoints[i]);
    const double first = kNtcFullScale * colder.Ohm / (colder.Ohm + kNtcPullup_Ohm);
    const double last = kNtcFullScale * hotter.Ohm / (hotter.Ohm + kNtcPullup_Ohm);
    for (double at = std::floor(first); at >= last; --at) {
      bench.in.ntc_adc[0] = static_cast<uint16_t>(at);
      bench.step();
      const double along = (first - at) / (first - last);
      const double ddegC = colder.ddegC + along * (hotter.ddegC - colder.ddegC);
      ASSERT_NEAR(bench.out.report.ntc_ddegC[0], ddegC, 0.51) << at;
      ASSERT_EQ(signal(bench, SIGNAL_HOTTEST_ddegC), bench.out.report.ntc_ddegC[0]);
    }
  }
}

// Halfway between the end of the table and the rail: with two of the pull-ups that is a whole count.
TEST(MeasureEdges, an_ntc_is_broken_from_half_way_to_the_rail) {
  const struct {
    uint32_t pullup_Ohm;
    uint16_t last_cold, last_hot;
  } rows[] = {{10000, 15970, 411}, {2000, 16296, 1711}, {16500, 15723, 255}};
  for (const auto& row : rows) {
    Bench bench;
    bench.config.sensing.has_mosfet_ntc = true;
    bench.config.sensing.ntc_pullup_Ohm = row.pullup_Ohm;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    const auto expect = [&](int counts, int16_t ddegC) {
      bench.in.ntc_adc[0] = bench.in.mosfet_ntc_adc = static_cast<uint16_t>(counts);
      bench.step();
      EXPECT_EQ(bench.out.report.ntc_ddegC[0], ddegC) << counts;
      EXPECT_EQ(bench.out.report.mosfet_ddegC, ddegC) << counts;
    };
    expect(row.last_cold, -400);
    expect(row.last_cold + 1, BMS_NTC_INVALID_DDEGC);
    expect(row.last_hot, 1250);
    expect(row.last_hot - 1, BMS_NTC_INVALID_DDEGC);
  }
}

TEST(MeasureEdges, without_any_ntc_the_pack_is_as_cold_and_as_hot_as_the_table_goes) {
  Bench bench;
  bench.watch(BMS_FAILURE_NTC_BROKEN);
  bench.in.ntc_adc[0] = bench.in.ntc_adc[1] = 0;
  bench.in.ntc_adc[2] = bench.in.ntc_adc[3] = kNtcFullScale;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  EXPECT_EQ(signal(bench, SIGNAL_COLDEST_ddegC), -400);
  EXPECT_EQ(signal(bench, SIGNAL_HOTTEST_ddegC), 1250);
  EXPECT_EQ(signal(bench, SIGNAL_SPREAD_ddegC), 1650);
  EXPECT_EQ(signal(bench, SIGNAL_MOSFET_ddegC), -400) << "it has none there";
}

TEST(MeasureEdges, a_millisecond_is_over_after_a_thousand_microseconds) {
  for (const uint32_t dt_us : {300u, 999u, 1000u, 1001u, 99999u}) {
    Bench bench;
    bench.dt_us = dt_us;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    for (uint32_t i = 1; i <= 1100; ++i) {
      bench.step();
      ASSERT_EQ(bench.out.report.uptime_ms, uint64_t{i} * dt_us / 1000) << dt_us;
    }
  }
}

}  // namespace
}  // namespace bms_test
