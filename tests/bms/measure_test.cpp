// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include "bench.hpp"

namespace bms_test {
namespace {

TEST(Measure, reports_cells_sum_terminal_and_current) {
  Bench bench;
  for (std::size_t i = 0; i < 16; ++i) bench.set_cell_mV(i, 3300 + static_cast<uint32_t>(i));
  bench.in.terminal_adc = 52345;
  bench.in.pack_adc = 1;  // not what the bus shows
  bench.set_current_mA(-12345);
  bench.start();
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(bench.out.report.cell_mV[i], 3300 + i);
  EXPECT_EQ(bench.out.report.pack_mV, 16u * 3300 + 120);
  EXPECT_EQ(bench.out.report.terminal_mV, 52345u);
  EXPECT_EQ(bench.out.report.current_mA, -12345);
}

// 382 uV per count is a BQ76940, 28.133 mA is its 8.44 uV over 0.3 mOhm (cell_models.md 6.4).
TEST(Measure, rounds_odd_scales_to_the_nearest_unit) {
  Bench bench;
  bench.config.sensing.cell_uV_per_count = 382;
  bench.config.sensing.terminal_uV_per_count = 1529;
  bench.config.sensing.shunt_uA_per_count = 28133;
  for (auto& adc : bench.in.cell_adc) adc = 8639;  // 3300.098 mV
  bench.in.cell_adc[1] = 8638;                     // 3299.716 mV
  bench.in.terminal_adc = 33333;                   // 50966.157 mV
  bench.start();
  EXPECT_EQ(bench.out.report.cell_mV[0], 3300u);
  EXPECT_EQ(bench.out.report.cell_mV[1], 3300u);
  EXPECT_EQ(bench.out.report.terminal_mV, 50966u);
  const struct {
    int32_t counts, mA;
  } rows[] = {{1, 28},     {-1, -28},       {3, 84},          {16, 450},
              {-16, -450}, {32767, 921834}, {-32768, -921862}};
  for (const auto& row : rows) {
    bench.in.shunt_adc = row.counts;
    bench.step();
    EXPECT_EQ(bench.out.report.current_mA, row.mA);
  }
}

TEST(Measure, saturates_instead_of_wrapping) {
  Bench bench;
  bench.config.sensing = {10000, 1000000, 1000000, 1000000, kNtcFullScale, false, 10000};
  for (auto& adc : bench.in.cell_adc) adc = UINT16_MAX;  // 655 V
  bench.in.terminal_adc = UINT16_MAX;
  bench.in.shunt_adc = INT32_MAX;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  EXPECT_EQ(bench.out.report.cell_mV[0], UINT16_MAX);
  EXPECT_EQ(bench.out.report.pack_mV, 16u * UINT16_MAX);
  EXPECT_EQ(bench.out.report.terminal_mV, 65535000u);
  EXPECT_EQ(bench.out.report.current_mA, INT32_MAX);
}

TEST(Measure, keeps_the_last_reading_of_a_group_that_is_not_fresh) {
  Bench bench;
  bench.start();
  bench.set_cells_mV(3400);
  bench.set_temperature_degC(40);
  bench.set_current_mA(7000);
  bench.in.fresh = BMS_FRESH_CURRENT;
  bench.step();
  EXPECT_EQ(bench.out.report.current_mA, 7000);
  EXPECT_EQ(bench.out.report.cell_mV[0], 3300u);
  EXPECT_EQ(bench.out.report.ntc_ddegC[0], 250);
  bench.in.fresh = BMS_FRESH_CELLS;
  bench.step();
  EXPECT_EQ(bench.out.report.cell_mV[0], 3400u);
  EXPECT_EQ(bench.out.report.ntc_ddegC[0], 250);
  bench.in.fresh = BMS_FRESH_NTCS;
  bench.step();
  EXPECT_NEAR(bench.out.report.ntc_ddegC[0], 400, 1);
}

TEST(Measure, leaves_what_the_pack_does_not_have_at_zero) {
  Bench bench;
  bench.config.cell_count = 15;
  bench.config.ntc_count = 2;
  bench.start();
  EXPECT_EQ(bench.out.report.cell_count, 15);
  EXPECT_EQ(bench.out.report.ntc_count, 2);
  EXPECT_EQ(bench.out.report.cell_mV[15], 0u);
  EXPECT_EQ(bench.out.report.ntc_ddegC[2], 0);
  EXPECT_EQ(bench.out.report.pack_mV, 15u * 3300);
}

TEST(Measure, counts_time_in_whole_milliseconds) {
  Bench bench;
  bench.dt_us = 300;
  bench.start();
  for (int i = 1; i < 1000; ++i) bench.step();
  EXPECT_EQ(bench.out.report.uptime_ms, 300u);
}

// Resistances of a 103AT as its maker prints them (cell_models.md 3.4).
const struct {
  int degC;
  double Ohm;
} kPrinted[] = {{-40, 188500}, {-30, 111300}, {-20, 67770}, {-10, 42470}, {0, 27280}, {10, 17960},
                {20, 12090},   {25, 10000},   {30, 8313},   {40, 5827},   {50, 4160}, {60, 3020},
                {70, 2228},    {80, 1668},    {85, 1451},   {90, 1266},   {100, 973}};

TEST(Ntc, reads_the_printed_table) {
  Bench bench;
  bench.config.sensing.ntc_full_scale_counts = 65535;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (const auto& row : kPrinted) {
    bench.in.ntc_adc[1] = ntc_counts(row.Ohm, 65535);
    bench.step();
    EXPECT_NEAR(bench.out.report.ntc_ddegC[1], row.degC * 10, 1) << row.degC;
  }
}

TEST(Ntc, is_within_half_a_degree_between_the_points) {
  for (const uint32_t pullup_Ohm : {10000u, 4700u, 22000u}) {
    Bench bench;
    bench.config.sensing.ntc_full_scale_counts = 65535;
    bench.config.sensing.ntc_pullup_Ohm = pullup_Ohm;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    for (int ddegC = -395; ddegC <= 1250; ddegC += 5) {
      bench.in.ntc_adc[0] = ntc_counts(ntc_Ohm(ddegC / 10.0), 65535, pullup_Ohm);
      bench.step();
      EXPECT_NEAR(bench.out.report.ntc_ddegC[0], ddegC, ddegC < -200 ? 6 : 4)
          << ddegC << " with " << pullup_Ohm;
    }
  }
}

TEST(Ntc, falls_steadily_over_every_count) {
  Bench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  int last = INT16_MAX;
  for (uint32_t counts = 450; counts < 15900; ++counts) {
    bench.in.ntc_adc[0] = static_cast<uint16_t>(counts);
    bench.step();
    ASSERT_LE(bench.out.report.ntc_ddegC[0], last) << counts;
    last = bench.out.report.ntc_ddegC[0];
  }
}

TEST(Ntc, is_invalid_on_the_bus_before_its_first_reading) {
  Bench bench;
  bench.in.fresh = BMS_FRESH_CELLS;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.step();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(bench.out.report.ntc_ddegC[i], BMS_NTC_INVALID_DDEGC);
}

TEST(Ntc, an_open_one_is_invalid_on_the_bus_and_stops_the_pack_as_too_cold) {
  Bench bench;
  bench.start();
  bench.in.ntc_adc[3] = kNtcFullScale;
  bench.run_ms(1001);
  EXPECT_EQ(bench.out.report.ntc_ddegC[3], BMS_NTC_INVALID_DDEGC);
  EXPECT_EQ(bench.out.report.ntc_ddegC[2], 250);
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_UTC) | BMS_RULE_BIT(BMS_RULE_UTD));
  EXPECT_FALSE(bench.out.charge_gate);
}

TEST(Ntc, a_shorted_one_is_invalid_on_the_bus_and_stops_the_pack_as_too_hot) {
  Bench bench;
  bench.start();
  bench.in.ntc_adc[0] = 0;
  bench.run_ms(1001);
  EXPECT_EQ(bench.out.report.ntc_ddegC[0], BMS_NTC_INVALID_DDEGC);
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD));
  EXPECT_FALSE(bench.out.charge_gate);
}

TEST(Ntc, beyond_its_table_but_far_from_a_rail_is_the_end_of_the_table) {
  Bench bench;
  bench.start();
  bench.in.ntc_adc[0] = ntc_counts(220000);
  bench.in.ntc_adc[1] = ntc_counts(450);
  bench.step();
  EXPECT_EQ(bench.out.report.ntc_ddegC[0], -400);
  EXPECT_EQ(bench.out.report.ntc_ddegC[1], 1250);
}

}  // namespace
}  // namespace bms_test
