// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

const std::filesystem::path kShippedData =
    std::filesystem::path(DOPPELPACK_SOURCE_DIR) / "scenarios";

TEST(LoadProduct, loads_every_shipped_file_under_its_own_name) {
  const auto products = list_products(kShippedData);
  ASSERT_GE(products.size(), 3U);
  for (const CatalogueEntry& entry : products) {
    const Product product = load_product(entry.key, kShippedData);
    EXPECT_EQ(product.key, entry.key);
    EXPECT_EQ(product.title, entry.title);
    EXPECT_TRUE(product.can != nullptr || product.rs485 != nullptr);
    EXPECT_EQ(check_file(entry.file, kShippedData), FileKind::product);
  }
  for (const CatalogueEntry& entry : list_inverters(kShippedData)) {
    EXPECT_EQ(load_inverter(entry.key, kShippedData).title, entry.title);
    EXPECT_EQ(check_file(entry.file, kShippedData), FileKind::inverter);
  }
  EXPECT_EQ(check_file(kShippedData / "cells" / "lfp-100ah.yaml", kShippedData), FileKind::cell);
}

TEST(LoadProduct, reads_the_generic_pack) {
  const Product product = load_product("generic-16s", kShippedData);
  EXPECT_EQ(product.pack.series, 16);
  EXPECT_EQ(product.pack.cell_capacity_Ah, 100.0);
  EXPECT_EQ(product.pack.electrical.link_Ohm, 60e-6);
  EXPECT_EQ(product.pack.electrical.path.shunt_Ohm, 0.00025);
  EXPECT_EQ(product.pack.heat_paths.cell_J_per_K, 2080.0);
  ASSERT_EQ(product.pack.beads.size(), 5U);
  EXPECT_TRUE(product.pack.has_mosfet_ntc);
  EXPECT_EQ(product.pack.beads[4].place, models::BeadPlace::mosfet);
  EXPECT_EQ(product.pack.beads[4].tau_s, 15.0);
  EXPECT_DOUBLE_EQ(product.board.rtc_spread, 20e-6);
  EXPECT_EQ(product.pack.beads[1].index, 5);
  EXPECT_EQ(product.pack.beads[1].tau_s, 40.0);
  ASSERT_NE(product.pack.electrical.cell_model, nullptr);
  EXPECT_EQ(product.pack.electrical.cell_model->key, "ecm-2rc");
  EXPECT_EQ(product.sensing.cell_V.per_count, 382e-6);
  EXPECT_EQ(product.sensing.shunt_A.min_counts, -product.sensing.shunt_A.max_counts);
  EXPECT_EQ(product.pack.electrical.comparators.scd.delay_s, 195e-6);
  EXPECT_DOUBLE_EQ(product.sensing.lines.filter_F, 100e-9);
  EXPECT_EQ(product.sensing.amplifier.lag_s, 0.0003);
  EXPECT_EQ(product.sensing.amplifier.limit_A, 800.0);
  EXPECT_DOUBLE_EQ(product.sensing.amplifier.drift_per_K, 50e-6);
  EXPECT_EQ(product.sensing.ntcs.reference_V, 3.3);
  EXPECT_EQ(product.sensing.ntcs.dissipation_W_per_K, 0.002);
  EXPECT_EQ(product.sensing_spread.ntc_resistance, 0.004);
  EXPECT_EQ(product.harness.longest_Ohm, 0.138);
  EXPECT_EQ(product.supply.dies_below_V, 18.0);
  EXPECT_EQ(product.supply.hold_up_s, 0.01);
  EXPECT_EQ(product.sampling.cell_period_ns, 20 * kMillisecond);
  EXPECT_EQ(product.rs485->key, "pylontech-rs485");
  EXPECT_EQ(product.identity.serial_address, 2);
}

TEST(LoadProduct, fills_the_configuration_of_the_firmware_in_its_units) {
  const bms_config_t bms = load_product("generic-16s", kShippedData).bms;
  EXPECT_EQ(bms.cell_count, 16);
  EXPECT_EQ(bms.ntc_count, 4);
  EXPECT_EQ(bms.sensing.cell_uV_per_count, 382U);
  EXPECT_EQ(bms.sensing.shunt_uA_per_count, 25000U);
  const bms_rule_config_t& ov = bms.rules[BMS_RULE_CELL_OV];
  EXPECT_EQ(ov.warning.trip, 3550);
  EXPECT_EQ(ov.protection.trip, 3650);
  EXPECT_EQ(ov.protection.release, 3450);
  EXPECT_EQ(ov.protection.trip_delay_ms, 1000U);
  EXPECT_EQ(ov.max_retries, BMS_RETRY_FOREVER);
  EXPECT_EQ(bms.rules[BMS_RULE_UTD].protection.trip, -200);
  EXPECT_EQ(bms.rules[BMS_RULE_SCD].max_retries, 0);
  EXPECT_TRUE(bms.rules[BMS_RULE_SCD].protection.is_enabled);
  EXPECT_FALSE(bms.rules[BMS_RULE_OCD2].warning.is_enabled);
  EXPECT_TRUE(bms.sensing.has_mosfet_ntc);
  const bms_rule_config_t& failure_high = bms.rules[BMS_RULE_CELL_FAILURE_HIGH];
  EXPECT_EQ(failure_high.protection.trip, 4100);
  EXPECT_EQ(failure_high.latch, BMS_LATCH_REPAIR);
  EXPECT_TRUE(failure_high.is_failure);
  EXPECT_EQ(ov.opens, 0) << "what the core opens by itself";
  EXPECT_EQ(bms.diagnosis.wire_period_ms, 10000U);
  EXPECT_FALSE(bms.sequence.has_power_button);
  EXPECT_FALSE(bms.sequence.has_contacts);
  EXPECT_EQ(bms.diagnosis.shunt_rail_counts, 31680U);
  EXPECT_EQ(ov.latch, BMS_LATCH_BUTTON);
  EXPECT_FALSE(ov.is_failure);
  EXPECT_EQ(bms.limits.cvl_mV, 56000U);
  EXPECT_EQ(bms.limits.ccl_over_ddegC.count, 5);
  EXPECT_EQ(bms.limits.ccl_over_ddegC.point[1].x, 50);
  EXPECT_EQ(bms.limits.ccl_over_ddegC.point[1].factor_permille, 100);
  EXPECT_EQ(bms.limits.force_charge2_permille, 100);
  EXPECT_EQ(bms.soc.capacity_mAh, 100000U);
}

TEST(LoadProduct, takes_the_limits_of_the_us5000_from_its_documents) {
  const Product product = load_product("pylontech-us5000", kShippedData);
  EXPECT_EQ(product.pack.series, 15);
  EXPECT_EQ(product.bms.rules[BMS_RULE_PACK_OV].protection.trip, 54000);
  EXPECT_EQ(product.bms.rules[BMS_RULE_PACK_UV].protection.trip, 44000);
  EXPECT_EQ(product.bms.rules[BMS_RULE_OTC].protection.trip, 450);
  EXPECT_EQ(product.bms.rules[BMS_RULE_OTD].protection.trip, 500);
  EXPECT_EQ(product.bms.limits.cvl_mV, 53200U);
  EXPECT_EQ(product.identity.manufacturer, "PYLON");
}

TEST(LoadProduct, reads_the_breaker_of_the_residential_pack_and_no_other) {
  const models::BreakerParameters breaker =
      load_product("residential-6k5", kShippedData).pack.electrical.path.breaker;
  EXPECT_TRUE(breaker.is_fitted);
  EXPECT_EQ(breaker.rated_A, 100.0);
  EXPECT_EQ(breaker.r_Ohm, 0.0004);
  const models::PowerPathParameters path =
      load_product("generic-16s", kShippedData).pack.electrical.path;
  EXPECT_FALSE(path.breaker.is_fitted);
  EXPECT_EQ(path.fuse.melt_A2s, 0.0);
}

TEST(LoadProduct, keeps_cells_in_parallel_apart) {
  const Product product = load_product("residential-6k5", kShippedData);
  EXPECT_EQ(product.bms.soc.capacity_mAh, 128000U);
  EXPECT_EQ(product.pack.cell_count(), 32);
  EXPECT_DOUBLE_EQ(product.pack.heat_paths.cell_J_per_K, 2080.0 * 0.64);
}

TEST(LoadCell, keeps_the_table_of_its_source) {
  const models::Chemistry cell = load_product("generic-16s", kShippedData).pack.chemistry;
  EXPECT_EQ(cell.ocv_V.soc.size(), 39U);
  EXPECT_EQ(cell.ocv_V.soc.front(), -0.008);
  EXPECT_EQ(cell.ocv_V.value.front(), 2.247);
  EXPECT_EQ(cell.ocv_V.soc.back(), 1.01);
  EXPECT_EQ(cell.ocv_V.value.back(), 3.691);
  EXPECT_EQ(cell.entropic_V_per_K.value.front(), -0.00049);
  EXPECT_EQ(cell.rc1.tau_s, 15.0);
  EXPECT_EQ(cell.rc2.activation_J_per_mol, 17000.0);
}

TEST(LoadInverter, reads_both_links) {
  const InverterDesign can = load_inverter("hybrid-5k", kShippedData);
  EXPECT_EQ(can.link, InverterLink::can);
  EXPECT_TRUE(can.obeys_limits);
  EXPECT_EQ(can.stage.lag_s, 0.05);
  const InverterDesign rs485 = load_inverter("hybrid-5k-rs485", kShippedData);
  EXPECT_EQ(rs485.link, InverterLink::rs485);
  EXPECT_EQ(rs485.rs485_poll_period_ns, 2 * kSecond);
  EXPECT_FALSE(load_inverter("disobedient-charger", kShippedData).obeys_limits);
}

// ---- one specimen of a product ----

TEST(Specimen, is_the_same_for_the_same_seed_and_another_for_another) {
  const Product product = load_product("generic-16s", kShippedData);
  const models::PackParameters a = make_pack_parameters(product.pack, 1);
  const models::PackParameters b = make_pack_parameters(product.pack, 1);
  const models::PackParameters c = make_pack_parameters(product.pack, 2);
  EXPECT_TRUE((a.cells.capacity_Ah == b.cells.capacity_Ah).all());
  EXPECT_TRUE((a.cells.r0_Ohm == b.cells.r0_Ohm).all());
  EXPECT_TRUE((a.cells.capacity_Ah != c.cells.capacity_Ah).all());
  EXPECT_TRUE((make_sensing_parameters(product, 1).cell_offset_V !=
               make_sensing_parameters(product, 2).cell_offset_V)
                  .all());
}

TEST(Specimen, spreads_as_much_as_the_design_says) {
  Product product = load_product("generic-16s", kShippedData);
  const int seeds = 200;
  double sum = 0.0;
  double sum_of_squares = 0.0;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto pack = make_pack_parameters(product.pack, static_cast<std::uint64_t>(seed));
    sum += (pack.cells.capacity_Ah / 100.0 - 1.0).sum();
    sum_of_squares += (pack.cells.capacity_Ah / 100.0 - 1.0).square().sum();
  }
  const double count = 16.0 * seeds;
  EXPECT_NEAR(sum / count, 0.0, 3e-4);
  EXPECT_NEAR(std::sqrt(sum_of_squares / count), 0.004, 2e-4);
}

// index = branch * series + position, so the first branch is the pack that has no other.
TEST(Specimen, draws_every_cell_in_parallel_for_itself) {
  PackDesign design = load_product("generic-16s", kShippedData).pack;
  const models::PackParameters single = make_pack_parameters(design, 1);
  design.parallel = 4;
  const models::PackParameters quad = make_pack_parameters(design, 1);
  const auto expect_own_draws = [&](const models::CellArray& one, const models::CellArray& four) {
    ASSERT_EQ(four.size(), 64);
    EXPECT_TRUE((four.head(16) == one).all());
    const std::set<double> values(four.begin(), four.end());
    EXPECT_EQ(values.size(), 64U);
  };
  EXPECT_EQ(quad.cell_count(), 64);
  expect_own_draws(single.cells.capacity_Ah, quad.cells.capacity_Ah);
  expect_own_draws(single.cells.r0_Ohm, quad.cells.r0_Ohm);
  expect_own_draws(single.self_discharge_A, quad.self_discharge_A);
}

TEST(Specimen, sits_as_evenly_in_its_case_as_the_design_says) {
  PackDesign design = load_product("generic-16s", kShippedData).pack;
  const models::CellArray even = make_pack_parameters(design, 1).thermal.cell_to_case_W_per_K;
  EXPECT_EQ(even[7], even[8]);
  design.spread.cooling = 0.1;
  const models::CellArray uneven = make_pack_parameters(design, 1).thermal.cell_to_case_W_per_K;
  EXPECT_GT(std::abs(uneven[7] - uneven[8]), 1e-4);
}

TEST(Specimen, scales_resistance_and_self_discharge_with_size) {
  PackDesign design = load_product("generic-16s", kShippedData).pack;
  design.spread = {};
  design.cell_capacity_Ah = 50.0;
  const models::PackParameters pack = make_pack_parameters(design, 1);
  EXPECT_DOUBLE_EQ(pack.cells.r0_Ohm[3], 0.001);
  EXPECT_DOUBLE_EQ(pack.self_discharge_A[3], 0.00035);
}

TEST(FreeRun, has_no_end_and_no_script) {
  const Scenario scenario = make_free_run(load_product("generic-16s", kShippedData),
                                          load_inverter("hybrid-5k", kShippedData));
  EXPECT_EQ(scenario.key, "generic-16s");
  EXPECT_TRUE(scenario.timeline.empty());
  EXPECT_TRUE(scenario.expectations.empty());
  EXPECT_GT(scenario.duration_ns, std::int64_t{100} * 365 * 86400 * kSecond);
}

}  // namespace
}  // namespace doppelpack::sim
