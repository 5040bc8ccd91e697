// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// As many of everything as the core can hold: nobody looks behind the last one.
#include "nvm_bench.hpp"
#include "panel_bench.hpp"

namespace bms_test {
namespace {

TEST(Largest, pack_works_with_every_diagnosis) {
  Bench bench;
  bench.config.cell_count = BMS_MAX_CELLS;
  bench.config.ntc_count = BMS_MAX_NTCS;
  bench.config.rules[BMS_RULE_PACK_OV] = {};
  bench.config.balancing.max_bleeders = BMS_MAX_CELLS;
  for (int i = 0; i < BMS_FAILURE_COUNT; ++i) bench.watch(static_cast<bms_failure_t>(i));
  bench.set_cells_mV(1600);  // the divider reads no more than 65 V
  bench.config.rules[BMS_RULE_CELL_UV] = {};
  bench.config.rules[BMS_RULE_PACK_UV] = {};
  bench.config.balancing.start_mV = 1000;
  bench.set_cell_mV(BMS_MAX_CELLS - 1, 1700);
  bench.set_stack_mV(BMS_MAX_CELLS * 1600 + 100);
  bench.set_terminal_mV(BMS_MAX_CELLS * 1600 + 100);
  bench.config.limits.discharge_voltage_limit_mV = 0;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bool was_tested = false;
  for (int i = 0; i < 11000; ++i) {
    ++bench.in.rtc_ms;
    if (i % 1000 == 0) bench.set_temperature_degC(i % 2000 == 0 ? 20 : 30);
    bench.step();
    was_tested = was_tested || bench.out.pull_downs != 0;
    ASSERT_EQ(bench.out.report.failures, 0u) << i;
  }
  EXPECT_TRUE(was_tested);
  EXPECT_EQ(bench.out.report.cell_mV[BMS_MAX_CELLS - 1], 1700);
  EXPECT_EQ(bench.out.bleeders, 1u << (BMS_MAX_CELLS - 1));
}

TEST(Largest, ocv_table_ends_with_its_last_point) {
  NvmBench bench;
  bms_ocv_t& ocv = bench.config.soc.ocv;
  for (uint16_t i = 0; i < BMS_MAX_OCV_POINTS; ++i)
    ocv.point[i] = {static_cast<uint16_t>(3000 + 10 * i), static_cast<uint16_t>(10 * i)};
  ocv.count = BMS_MAX_OCV_POINTS;
  bench.config.soc.ocv_high_permille = 900;
  bench.nvm.assign(BMS_NVM_BYTES, 0xFF);
  bench.set_cells_mV(3400);
  bench.start();
  EXPECT_EQ(bench.out.report.soc_permille, 10 * (BMS_MAX_OCV_POINTS - 1));
}

TEST(Largest, curve_ends_with_its_last_point) {
  Bench bench;
  bms_curve_t& curve = bench.config.limits.ccl_over_soc;
  for (int i = 0; i < BMS_MAX_CURVE_POINTS; ++i)
    curve.point[i] = {i, static_cast<uint16_t>(500 - i)};
  curve.count = BMS_MAX_CURVE_POINTS;
  bench.start();
  EXPECT_EQ(bench.out.report.ccl_mA, 80u * (500 - BMS_MAX_CURVE_POINTS + 1));
}

TEST(Largest, panel_ignores_rows_and_codes_that_it_does_not_count) {
  PanelBuilder builder;
  builder.row(BMS_LED_RUN);
  builder.panel.rows[1].lamps = BMS_LED_SOC5;
  builder.code(1, {BMS_FAILURE_SUM});
  builder.panel.codes[1] = {UINT64_MAX, UINT32_MAX, 9};
  PanelBench bench(builder.panel);
  bench.report().failures = BMS_FAILURE_BIT(BMS_FAILURE_SHUNT);
  bench.step();
  EXPECT_EQ(bench.core.out.leds, static_cast<uint32_t>(BMS_LED_RUN));
  EXPECT_EQ(bench.report().error_code, 0);
}

}  // namespace
}  // namespace bms_test
