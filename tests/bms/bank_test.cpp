// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Packs in parallel and modules in series: what they are together.
#include "bank_bench.hpp"

namespace bms_test {
namespace {

TEST(Bank, of_one_pack_is_that_pack) {
  Bench bench;
  bench.in.dip = 3;
  bench.start();
  bench.set_current_mA(20000);
  bench.set_cell_mV(0, 3560);
  bench.set_ntc_degC(0, 30);
  bench.run_ms(1500);
  const bms_report_t& report = bench.out.report;
  EXPECT_EQ(report.role, BMS_ROLE_SINGLE);
  EXPECT_EQ(report.address, 3);
  EXPECT_EQ(report.members, 1);
  EXPECT_FALSE(bench.out.has_link_message);
  EXPECT_EQ(report.bank.pack_mV, report.pack_mV);
  EXPECT_EQ(report.bank.current_mA, 20000);
  EXPECT_EQ(report.bank.soc_permille, 500);
  EXPECT_EQ(report.bank.soh_permille, 1000);
  EXPECT_EQ(report.bank.remaining_mAh, report.remaining_mAh);
  EXPECT_EQ(report.bank.full_mAh, 100000u);
  EXPECT_EQ(report.bank.cvl_mV, 56800u);
  EXPECT_EQ(report.bank.discharge_voltage_limit_mV, 47000u);
  EXPECT_EQ(report.bank.ccl_mA, report.ccl_mA);
  EXPECT_EQ(report.bank.dcl_mA, 100000u);
  EXPECT_EQ(report.bank.warnings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  EXPECT_EQ(report.bank.highest_cell_mV, 3560);
  EXPECT_EQ(report.bank.lowest_cell_mV, 3300);
  EXPECT_NEAR(report.bank.hottest_ddegC, 300, 2);
  EXPECT_NEAR(report.bank.coldest_ddegC, 250, 2);
  EXPECT_TRUE(report.bank.is_charge_allowed);
}

TEST(Bank, in_parallel_adds_charge_and_current_and_takes_the_lowest_limit_times_the_packs) {
  Bank bank(make_bank(BMS_BANK_DIP), 3);
  bank[1].bench.config.limits.ccl_mA = 50000;
  bank[1].bench.config.limits.cvl_mV = 56000;
  bank[2].bench.config.limits.discharge_voltage_limit_mV = 48000;
  bank[2].bench.factory = {800, 900, 0, 102};
  bank.start();
  bank[0].bench.set_current_mA(10000);
  bank[1].bench.set_current_mA(-3000);
  bank[2].bench.set_cells_mV(3303);
  bank[2].bench.set_temperature_degC(35);
  bank.run_ms(300);
  for (std::size_t i = 0; i < 3; ++i) {
    const bms_report_t& report = bank[i].report();
    EXPECT_EQ(report.role, i == 0 ? BMS_ROLE_MASTER : BMS_ROLE_MEMBER);
    EXPECT_EQ(report.address, i);
    EXPECT_EQ(report.members, 3);
    EXPECT_EQ(report.failures, 0u);
    EXPECT_EQ(report.bank.pack_mV, 16u * 3301);
    EXPECT_EQ(report.bank.current_mA, 7000);
    EXPECT_NEAR(report.bank.remaining_mAh, 50000 + 50000 + 72000, 3);
    EXPECT_EQ(report.bank.full_mAh, 290000u);
    EXPECT_EQ(report.bank.soc_permille, 593);
    EXPECT_EQ(report.bank.soh_permille, 900);
    EXPECT_EQ(report.bank.cvl_mV, 56000u);
    EXPECT_EQ(report.bank.discharge_voltage_limit_mV, 48000u);
    EXPECT_EQ(report.bank.ccl_mA, 150000u);
    EXPECT_EQ(report.bank.dcl_mA, 300000u);
    EXPECT_EQ(report.bank.highest_cell_mV, 3303);
    EXPECT_EQ(report.bank.lowest_cell_mV, 3300);
    EXPECT_NEAR(report.bank.hottest_ddegC, 350, 2);
    EXPECT_NEAR(report.bank.coldest_ddegC, 250, 2);
  }
}

// A pack that has stopped takes no share, and its alarms are the bank's.
TEST(Bank, goes_on_without_a_pack_that_has_stopped) {
  Bank bank(make_bank(BMS_BANK_DIP), 3);
  bank.start();
  bank[2].bench.set_cell_mV(0, 3660);
  bank.run_ms(1500);
  const bms_bank_t& all = bank[0].report().bank;
  EXPECT_EQ(all.protections, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  EXPECT_EQ(all.warnings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  EXPECT_EQ(all.ccl_mA, 160000u);
  EXPECT_EQ(all.dcl_mA, 300000u);
  EXPECT_TRUE(all.is_charge_allowed);
  bank[1].bench.set_cell_mV(0, 3660);
  bank[0].bench.set_cell_mV(0, 3660);
  bank.run_ms(1500);
  EXPECT_EQ(all.ccl_mA, 0u);
  EXPECT_FALSE(all.is_charge_allowed);
  EXPECT_TRUE(all.is_discharge_allowed);
}

// PYL-S3.
TEST(Bank, stops_as_a_whole_when_one_trips_and_it_is_configured_so) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.opens_all = true;
  Bank bank(config, 3);
  bank.start();
  for (const std::size_t tripped : {2u, 0u}) {
    bank[tripped].bench.set_cell_mV(0, 3660);
    bank.run_ms(1001 + 20);  // told at once, not after a period
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(bank[i].core().bank.opens, BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE) << i;
      EXPECT_EQ(bank[i].report().bank.ccl_mA, 0u);
      EXPECT_EQ(bank[i].report().bank.dcl_mA, 0u);
      EXPECT_FALSE(bank[i].report().bank.is_charge_allowed);
      EXPECT_FALSE(bank[i].report().bank.is_discharge_allowed);
    }
    bank[tripped].bench.set_cells_mV(3300);
    bank.run_ms(2001 + 20);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(bank[i].core().bank.opens, 0) << i;
    EXPECT_EQ(bank[0].report().bank.ccl_mA, 240000u);
  }
}

// Over-voltage stops charge alone; a bank that stops as a whole would never be discharged below it.
TEST(Bank, of_one_pack_is_not_stopped_as_a_whole) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.opens_all = true;
  Bank bank(config, 1);
  bank.start();
  bank[0].bench.set_cell_mV(0, 3660);
  bank.run_ms(1500);
  EXPECT_EQ(bank[0].core().bank.opens, 0);
  EXPECT_FALSE(bank[0].report().bank.is_charge_allowed);
  EXPECT_TRUE(bank[0].report().bank.is_discharge_allowed);
}

// The BDU measures the current and the terminals; its own cells do not exist.
TEST(BankInSeries, adds_voltages_under_one_current) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 4);
  bank[2].bench.factory.soc_permille = 400;
  bank[3].bench.config.limits.dcl_mA = 70000;
  bank.start();
  bank[0].bench.set_current_mA(-5000);
  bank[3].bench.set_cell_mV(7, 3100);
  bank.run_ms(300);
  const bms_report_t& report = bank[0].report();
  EXPECT_EQ(report.members, 3);
  EXPECT_EQ(report.bank.pack_mV, 3u * 16 * 3300 - 200);
  EXPECT_EQ(report.bank.current_mA, -5000);
  EXPECT_EQ(report.bank.remaining_mAh, 40000u);
  EXPECT_EQ(report.bank.full_mAh, 100000u);
  EXPECT_EQ(report.bank.soc_permille, 400);
  EXPECT_EQ(report.bank.cvl_mV, 3u * 56800);
  EXPECT_EQ(report.bank.discharge_voltage_limit_mV, 3u * 47000);
  EXPECT_EQ(report.bank.ccl_mA, 80000u);
  EXPECT_EQ(report.bank.dcl_mA, 70000u);
  EXPECT_EQ(report.bank.lowest_cell_mV, 3100);
  EXPECT_EQ(report.bank.highest_cell_mV, 3300);
}

TEST(BankInSeries, stops_with_any_of_its_modules) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 3);
  bank.start();
  bank[2].bench.set_cell_mV(0, 3660);
  bank.run_ms(1200);
  const bms_bank_t& all = bank[0].report().bank;
  EXPECT_FALSE(all.is_charge_allowed);
  EXPECT_EQ(all.ccl_mA, 0u);
  EXPECT_TRUE(all.is_discharge_allowed);
  EXPECT_EQ(all.dcl_mA, 100000u);
}

TEST(BankInSeries, of_a_bare_master_alone_has_nothing_to_offer) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 1);
  bank.start();
  const bms_report_t& report = bank[0].report();
  EXPECT_EQ(report.members, 0);
  EXPECT_EQ(report.bank.pack_mV, 0u);
  EXPECT_EQ(report.bank.soc_permille, 0);
  EXPECT_EQ(report.bank.full_mAh, 0u);
  EXPECT_EQ(report.bank.ccl_mA, 0u);
  EXPECT_FALSE(report.bank.is_charge_allowed);
}

TEST(Bank, is_whole_although_the_link_loses_a_third) {
  Bank bank(make_bank(BMS_BANK_DIP), 16);
  bank.lost_permille = 300;
  bank.delay_ms = 40;
  bank.start();
  bank.run_ms(2000);
  for (int i = 0; i < 5000; ++i) {
    bank.run_ms(1);
    ASSERT_EQ(bank[0].report().members, 16) << i;
    ASSERT_EQ(bank[0].report().bank.full_mAh, 1600000u) << i;
    ASSERT_EQ(bank[0].report().failures, 0u);
  }
}

TEST(Bank, of_frozen_packs_is_as_warm_as_the_warmest) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank[0].bench.set_temperature_degC(-20);
  bank[1].bench.set_temperature_degC(-10);
  bank.start();
  EXPECT_NEAR(bank[0].report().bank.hottest_ddegC, -100, 3);
  EXPECT_NEAR(bank[0].report().bank.coldest_ddegC, -200, 3);
}

}  // namespace
}  // namespace bms_test
