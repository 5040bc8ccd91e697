// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Values exactly at an edge, one side of it and the other: what a small slip in the code would move.
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "bench.hpp"

namespace bms_test {
namespace {

// 103AT by its maker, in 0.1 degC and Ohm; the last three points as in bms/src/measure.c.
const std::vector<std::pair<double, double>> kNtc{
    {-400, 188500}, {-300, 111300}, {-200, 67770}, {-100, 42470}, {0, 27280},
    {100, 17960},   {200, 12090},   {250, 10000},  {300, 8313},   {400, 5827},
    {500, 4160},    {600, 3020},    {700, 2228},   {800, 1668},   {850, 1451},
    {900, 1266},    {1000, 973},    {1100, 755},   {1200, 594},   {1250, 528}};

double exact_counts(double Ohm) {
  return kNtcFullScale * Ohm / (Ohm + kNtcPullup_Ohm);
}

// A straight line over counts between two points of the table.
double expected_ddegC(double counts) {
  for (std::size_t i = 1; i < kNtc.size(); ++i) {
    const double colder = exact_counts(kNtc[i - 1].second), hotter = exact_counts(kNtc[i].second);
    if (counts < hotter) continue;
    return kNtc[i - 1].first +
           (kNtc[i].first - kNtc[i - 1].first) * (colder - counts) / (colder - hotter);
  }
  return kNtc.back().first;
}

TEST(Edges, every_count_of_the_thermistor_is_rounded_to_the_nearest) {
  Bench bench;
  bench.config.sensing.has_mosfet_ntc = true;
  bench.start();
  const auto first = static_cast<uint16_t>(std::ceil(exact_counts(kNtc.back().second)));
  const auto last = static_cast<uint16_t>(std::floor(exact_counts(kNtc.front().second)));
  for (uint16_t counts = first; counts <= last; ++counts) {
    bench.in.ntc_adc[1] = bench.in.mosfet_ntc_adc = counts;
    bench.step();
    ASSERT_NEAR(bench.out.report.mosfet_ddegC, expected_ddegC(counts), 0.52) << counts;
    ASSERT_NEAR(bench.out.report.ntc_ddegC[1], expected_ddegC(counts), 0.52) << counts;
  }
}

TEST(Edges, lamps_flash_for_half_a_second_to_the_millisecond) {
  Bench bench;
  bench.start();
  const auto count_lit = [&](uint32_t lamp, uint32_t period_ms) {
    uint32_t lit_ms = 0;
    for (uint32_t i = 0; i < period_ms; ++i) {
      bench.step();
      lit_ms += (bench.out.leds & lamp) != 0 ? 1 : 0;
    }
    return lit_ms;
  };
  EXPECT_EQ(count_lit(BMS_LED_RUN, 3500), 500u);
  bench.set_current_mA(-10000);
  EXPECT_EQ(count_lit(BMS_LED_RUN, 1500), 500u);
  bench.set_current_mA(10000);
  EXPECT_EQ(count_lit(BMS_LED_SOC2, 1500), 500u);  // half full: the second lamp is the highest
}

TEST(Edges, a_current_at_idle_is_rest) {
  Bench bench;
  bench.config.rules[BMS_RULE_CELL_OV].warning.is_enabled = false;
  bench.start();
  const auto idle_mA = static_cast<int32_t>(bench.config.idle_current_mA);
  bench.set_cells_mV(3400);
  bench.set_cell_mV(3, 3460);
  bench.set_current_mA(-idle_mA);
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  EXPECT_EQ(bench.out.bleeders, 1u << 3);
  bench.run_ms(bench.config.soc.full_delay_ms + 1);
  EXPECT_EQ(bench.out.report.soc_permille, 1000u) << "high at rest is full";
  bench.set_current_mA(-idle_mA - 1);
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_DISCHARGE);
  EXPECT_EQ(bench.out.bleeders, 0u);
  bench.set_current_mA(idle_mA);
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY);
  bench.set_current_mA(idle_mA + 1);
  bench.step();
  EXPECT_EQ(bench.out.report.state, BMS_STATE_CHARGE);
}

// Current the other way closes the gate only of a rule on voltage or temperature.
TEST(Edges, over_current_and_short_circuit_never_close_for_reverse_current) {
  for (const bms_rule_t rule : {BMS_RULE_OCC, BMS_RULE_OCD, BMS_RULE_OCD2, BMS_RULE_SCD}) {
    Bench bench;
    bench.config.rules[rule].max_retries = 0;
    bench.config.rules[BMS_RULE_OCD].protection.is_enabled = rule == BMS_RULE_OCD;
    bench.start();
    const int32_t forwards = rule == BMS_RULE_OCC ? 1 : -1;
    if (rule == BMS_RULE_SCD)
      bench.in.comparator_flags = BMS_COMPARATOR_SCD;
    else
      bench.set_current_mA(forwards * bench.config.rules[rule].protection.trip);
    bench.run_ms(bench.config.rules[rule].protection.trip_delay_ms + 1);
    ASSERT_TRUE(bench.is_protecting(rule)) << bms_rule_name(rule);
    bench.in.comparator_flags = 0;
    bench.set_current_mA(-forwards * 10000);
    for (int i = 0; i < 100; ++i) {
      bench.step();
      ASSERT_FALSE(forwards > 0 ? bench.out.charge_gate : bench.out.discharge_gate)
          << bms_rule_name(rule);
    }
  }
}

TEST(Edges, limits_follow_cells_and_thermistors_each_alone) {
  Bench bench;
  bench.start();
  bench.in.fresh = BMS_FRESH_CELLS;
  bench.set_cell_mV(0, 3550);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, bench.config.limits.ccl_mA / 10);  // 100 permille
  bench.set_cell_mV(0, 3300);
  bench.step();
  EXPECT_EQ(bench.out.report.ccl_mA, bench.config.limits.ccl_mA);
  bench.in.fresh = BMS_FRESH_NTCS;
  bench.set_temperature_degC(5);
  bench.step();
  EXPECT_LT(bench.out.report.ccl_mA, bench.config.limits.ccl_mA / 4);
}

TEST(Edges, the_highest_of_dead_cells_is_zero) {
  Bench bench;
  bench.config.limits.ccl_over_cell_mV = make_curve({{0, 1000}, {1, 0}});
  bench.config.rules[BMS_RULE_CELL_UV].protection.is_enabled = false;
  bench.config.rules[BMS_RULE_PACK_UV].protection.is_enabled = false;
  bench.set_cells_mV(0);
  bench.start();
  EXPECT_EQ(bench.out.report.ccl_mA, bench.config.limits.ccl_mA);
}

TEST(Edges, a_worn_out_pack_holds_one_mAh_to_divide_by) {
  Bench bench;
  bench.config.soc.capacity_mAh = 1;
  bench.factory.soh_permille = 1;
  bench.start();
  EXPECT_EQ(bench.out.report.full_mAh, 1u);
}

}  // namespace
}  // namespace bms_test
