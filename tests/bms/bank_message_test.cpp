// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What a pack says on the link, when it says it, and what the others make of each of its words.
#include "bank_bench.hpp"

namespace bms_test {
namespace {

constexpr uint8_t kAllowed = BMS_LINK_CHARGE_ALLOWED | BMS_LINK_DISCHARGE_ALLOWED;
constexpr uint8_t kLinkWorking = kAllowed | BMS_LINK_CLOSED;

TEST(BankMessage, tells_everything_of_the_pack) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  Bench& bench = bank[1].bench;
  bench.factory = {800, 900, 0, 4711};
  bench.config.limits.cvl_mV = 56100;
  bench.config.limits.discharge_voltage_limit_mV = 47100;
  bench.config.limits.ccl_mA = 71000;
  bench.config.limits.dcl_mA = 91000;
  bank.start();
  bench.set_current_mA(-112000);
  bench.set_cell_mV(3, 3560);
  bench.set_cell_mV(5, 3200);
  bench.set_ntc_degC(0, 30);
  bench.set_ntc_degC(1, 20);
  bank.run_ms(1200);
  const bms_link_message_t& said = bank[0].core().bank.members[1].said;
  const bms_report_t& report = bank[1].report();
  EXPECT_EQ(said.address, 1);
  EXPECT_EQ(said.role, BMS_ROLE_MEMBER);
  EXPECT_EQ(said.firmware_version, report.firmware_version);
  EXPECT_EQ(said.serial_number, 4711u);
  EXPECT_NEAR(said.uptime_ms, report.uptime_ms, 105);
  EXPECT_EQ(said.pack_mV, 14u * 3300 + 3560 + 3200);
  EXPECT_EQ(said.current_mA, -112000);
  EXPECT_NEAR(said.remaining_mAh, report.remaining_mAh, 10);
  EXPECT_EQ(said.full_mAh, 90000u);
  EXPECT_EQ(said.cvl_mV, 56100u);
  EXPECT_EQ(said.discharge_voltage_limit_mV, 47100u);
  EXPECT_EQ(said.ccl_mA, report.ccl_mA);
  EXPECT_EQ(said.dcl_mA, 91000u);
  EXPECT_EQ(said.warnings, BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_OCD));
  EXPECT_EQ(said.protections, 0u);
  EXPECT_EQ(said.highest_cell_mV, 3560);
  EXPECT_EQ(said.lowest_cell_mV, 3200);
  EXPECT_NEAR(said.hottest_ddegC, 300, 2);
  EXPECT_NEAR(said.coldest_ddegC, 200, 2);
  EXPECT_EQ(said.soh_permille, 900);
  EXPECT_EQ(said.flags, kLinkWorking);
}

TEST(BankMessage, has_all_its_flags_beside_each_other) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.start();
  EXPECT_EQ(bank[0].bench.out.link.flags, kLinkWorking | BMS_LINK_PAIRED);
  ++bank[0].bench.in.bus.inverter_frames;
  bank.run_ms(1);
  EXPECT_EQ(bank[0].bench.out.link.flags, kLinkWorking | BMS_LINK_PAIRED | BMS_LINK_HEARS_INVERTER);
  bank[0].bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bank.run_ms(1);
  EXPECT_EQ(bank[0].bench.out.link.flags,
            BMS_LINK_PAIRED | BMS_LINK_HEARS_INVERTER | BMS_LINK_TRIPPED);
}

TEST(BankMessage, of_a_master_that_stops_the_bank_says_so) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.opens_all = true;
  Bank bank(config, 2);
  bank.start();
  EXPECT_EQ(bank[0].bench.out.link.flags, kLinkWorking);
  bank[1].bench.set_cell_mV(0, 3660);
  bank.run_ms(1000);
  ++bank[0].bench.in.bus.inverter_frames;
  bank.run_ms(50);
  EXPECT_EQ(bank[0].bench.out.link.flags, BMS_LINK_HEARS_INVERTER | BMS_LINK_OPEN_ALL);
  EXPECT_EQ(bank[1].bench.out.link.flags & BMS_LINK_OPEN_ALL, 0) << "only a master may";
  EXPECT_EQ(bank[0].bench.out.link.flags & kAllowed, 0);
}

TEST(BankMessage, calls_a_path_closed_while_either_gate_is) {
  for (const uint32_t cells_mV : {3660u, 2450u}) {
    Bank bank(make_bank(BMS_BANK_DIP), 1);
    bank.start();
    bank[0].bench.set_cells_mV(cells_mV);
    bank.run_ms(1200);
    ASSERT_TRUE(bank[0].bench.are_gates(cells_mV < 3000, cells_mV > 3000));
    EXPECT_EQ(bank[0].bench.out.link.flags & BMS_LINK_CLOSED, BMS_LINK_CLOSED) << cells_mV;
  }
}

TEST(BankMessage, comes_once_in_a_period_and_at_every_change_of_its_flags) {
  Bank bank(make_bank(BMS_BANK_DIP), 1);
  bank.start();
  const Bench& bench = bank[0].bench;
  for (int i = 0; i < 200 && !bench.out.has_link_message; ++i) bank.run_ms(1);
  ASSERT_TRUE(bench.out.has_link_message);
  for (int i = 1; i <= 300; ++i) {
    bank.run_ms(1);
    ASSERT_EQ(bench.out.has_link_message, i % 100 == 0) << i;
  }
  bank.run_ms(40);
  bank[0].bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bank.run_ms(1);
  EXPECT_TRUE(bench.out.has_link_message);
  for (int i = 1; i <= 100; ++i) {
    bank.run_ms(1);
    ASSERT_EQ(bench.out.has_link_message, i == 100) << i;
  }
}

TEST_F(Hearing, adds_the_alarms_of_whoever_has_them) {
  const bms_link_message_t healthy = message_;
  message_.failures = BMS_FAILURE_BIT(BMS_FAILURE_SHUNT);
  message_.protections = BMS_RULE_BIT(BMS_RULE_UTD);
  message_.warnings = BMS_RULE_BIT(BMS_RULE_OTC);
  hear();
  message_ = healthy;
  message_.address = 2;
  message_.serial_number = 201;
  message_.failures = BMS_FAILURE_BIT(BMS_FAILURE_SUM);
  message_.protections = BMS_RULE_BIT(BMS_RULE_UTC);
  message_.warnings = BMS_RULE_BIT(BMS_RULE_OTD);
  const bms_bank_t& all = hear();
  EXPECT_EQ(all.failures, BMS_FAILURE_BIT(BMS_FAILURE_SHUNT) | BMS_FAILURE_BIT(BMS_FAILURE_SUM));
  EXPECT_EQ(all.protections, BMS_RULE_BIT(BMS_RULE_UTD) | BMS_RULE_BIT(BMS_RULE_UTC));
  EXPECT_EQ(all.warnings, BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD));
}

TEST_F(Hearing, takes_the_worse_of_each_value_whoever_has_it) {
  for (const int sign : {1, -1}) {
    const bms_report_t& own = bank_[0].report();
    const auto beside = [&](auto value) { return static_cast<decltype(value)>(value + sign * 7); };
    message_.highest_cell_mV = beside(uint16_t{3300});
    message_.lowest_cell_mV = beside(uint16_t{3300});
    message_.hottest_ddegC = beside(int16_t{250});
    message_.coldest_ddegC = beside(int16_t{250});
    message_.soh_permille = static_cast<uint16_t>(sign > 0 ? 1000 : 990);
    message_.cvl_mV = beside(own.cvl_mV);
    message_.discharge_voltage_limit_mV = beside(own.discharge_voltage_limit_mV);
    message_.ccl_mA = beside(own.ccl_mA);
    message_.dcl_mA = beside(own.dcl_mA);
    const bms_bank_t& all = hear();
    const bool is_above = sign > 0;
    EXPECT_EQ(all.highest_cell_mV, is_above ? 3307 : 3300);
    EXPECT_EQ(all.lowest_cell_mV, is_above ? 3300 : 3293);
    EXPECT_NEAR(all.hottest_ddegC, is_above ? 257 : 250, 1);
    EXPECT_NEAR(all.coldest_ddegC, is_above ? 250 : 243, 1);
    EXPECT_EQ(all.soh_permille, is_above ? 1000 : 990);
    EXPECT_EQ(all.cvl_mV, own.cvl_mV - (is_above ? 0 : 7));
    EXPECT_EQ(all.discharge_voltage_limit_mV, own.discharge_voltage_limit_mV + (is_above ? 7 : 0));
    EXPECT_EQ(all.ccl_mA, 2 * (own.ccl_mA - (is_above ? 0 : 7)));
    EXPECT_EQ(all.dcl_mA, 2 * (own.dcl_mA - (is_above ? 0 : 7)));
  }
}

TEST_F(Hearing, counts_each_direction_for_those_that_allow_it) {
  message_.ccl_mA = message_.dcl_mA = 1000;
  message_.flags = BMS_LINK_CHARGE_ALLOWED;
  EXPECT_EQ(hear().ccl_mA, 2000u);
  EXPECT_EQ(hear().dcl_mA, 100000u);
  EXPECT_TRUE(hear().is_discharge_allowed);
  message_.flags = BMS_LINK_DISCHARGE_ALLOWED;
  EXPECT_EQ(hear().ccl_mA, 80000u);
  EXPECT_EQ(hear().dcl_mA, 2000u);
  EXPECT_TRUE(hear().is_charge_allowed);
  bank_[0].bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  const bms_bank_t& all = hear();
  EXPECT_FALSE(all.is_charge_allowed);
  EXPECT_EQ(all.ccl_mA, 0u);
  EXPECT_TRUE(all.is_discharge_allowed);
  EXPECT_EQ(all.dcl_mA, 1000u);
  message_.flags = 0;
  hear();
  EXPECT_FALSE(all.is_discharge_allowed);
  EXPECT_EQ(all.dcl_mA, 0u);
}

TEST_F(Hearing, rounds_the_soc_of_all) {
  message_.full_mAh = 100000;
  message_.remaining_mAh = 50098;  // 500.49 permille of both
  EXPECT_EQ(hear().soc_permille, 500);
  message_.remaining_mAh = 50100;
  EXPECT_EQ(hear().soc_permille, 501);
}

TEST_F(Hearing, believes_no_address_that_no_bank_has) {
  for (const uint8_t address : {uint8_t{BMS_MAX_PACKS}, uint8_t{200}}) {
    message_.address = address;
    message_.uptime_ms = 1;  // kept behind the last place it would stand for two masters
    hear();
    EXPECT_EQ(bank_[0].report().failures, BMS_FAILURE_BIT(BMS_FAILURE_ADDRESS));
    EXPECT_EQ(bank_[0].report().members, 1);
  }
  message_.address = BMS_MAX_PACKS - 1;
  hear();
  EXPECT_EQ(bank_[0].report().members, 2);
}

TEST_F(Hearing, reads_no_more_messages_than_there_is_room_for) {
  bms_bus_rx_t& bus = bank_[0].bench.in.bus;
  for (uint8_t i = 0; i < BMS_LINK_INBOX; ++i) {
    bus.link[i] = message_;
    bus.link[i].address = static_cast<uint8_t>(i + 1);
    bus.link[i].serial_number = 200u + i;
  }
  bus.link_count = 255;
  bank_[0].bench.step();
  EXPECT_EQ(bank_[0].report().members, 1 + BMS_LINK_INBOX);
  EXPECT_EQ(bank_[0].report().failures, 0u);
}

}  // namespace
}  // namespace bms_test
