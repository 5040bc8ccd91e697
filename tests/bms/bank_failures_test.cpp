// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What goes wrong between packs: fault matrix PYL-C4, PYL-S1, PYL-S2, DYN-C*, DYN-T07..T12, RES-L6, RES-C2.
#include "bank_bench.hpp"

namespace bms_test {
namespace {

// PYL-C4: reduced capacity and limits, and back.
TEST(BankFailure, a_lost_member_is_told_and_returns) {
  Bank bank(make_bank(BMS_BANK_DIP), 3);
  bank.start();
  bank[1].is_cut = true;
  bank.run_ms(890);
  EXPECT_EQ(bank[0].report().members, 3);
  bank.run_ms(230);
  EXPECT_EQ(bank[0].report().members, 2);
  EXPECT_EQ(bank[0].report().bank.full_mAh, 200000u);
  EXPECT_EQ(bank[0].report().bank.ccl_mA, 160000u);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_MEMBER_LOST));
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_MASTER_LOST));
  bank[1].is_cut = false;
  bank.run_ms(300);
  EXPECT_EQ(bank[0].report().members, 3);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_MEMBER_LOST));
}

// PYL-S3: isolated for good, the rest goes on as a smaller bank.
TEST(BankFailure, a_member_taken_away_is_forgotten) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.forget_ms = 5000;
  Bank bank(config, 3);
  bank.start();
  bank[1].is_on = false;
  bank.run_ms(4800);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_MEMBER_LOST));
  bank.run_ms(300);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_MEMBER_LOST));
  EXPECT_EQ(bank[0].report().members, 2);
}

TEST(BankFailure, a_member_lost_is_never_forgotten_unless_configured) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank.start();
  bank[1].is_on = false;
  bank.run_ms(60000);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_MEMBER_LOST));
}

// DYN-T10, from below and from the BDU.
TEST(BankFailure, loss_of_the_master_has_its_own_name) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.vital_address = 1;
  config.opens_all = true;
  Bank bank(config, 3);
  bank.start();
  bank[0].bench.set_cell_mV(0, 3660);
  bank.run_ms(1100);
  EXPECT_NE(bank[2].core().bank.opens, 0);
  bank[0].is_on = false;
  bank.run_ms(1200);
  EXPECT_TRUE(bank[2].has(BMS_FAILURE_MASTER_LOST));
  EXPECT_FALSE(bank[2].has(BMS_FAILURE_MEMBER_LOST));
  EXPECT_EQ(bank[2].core().bank.opens, 0) << "nobody tells it to open any more";
  bank.power_up(0);
  bank[1].is_on = false;
  bank.run_ms(1500);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_MASTER_LOST) || !bank[0].core().bank.members[1].is_known);
  EXPECT_TRUE(bank[2].has(BMS_FAILURE_MASTER_LOST)) << "address 1 is vital";
}

// PYL-S1, DYN-C3, DYN-C4.
TEST(BankFailure, two_packs_with_one_address_are_told_apart_by_number) {
  Bank bank(make_bank(BMS_BANK_DIP), 3);
  bank[2].bench.in.dip = 1;
  bank.start();
  bank.run_ms(300);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(bank[i].has(BMS_FAILURE_ADDRESS)) << i;
    EXPECT_FALSE(bank[i].has(BMS_FAILURE_TWO_MASTERS)) << i;
  }
  EXPECT_EQ(bank[0].report().members, 2) << "wrong capacity, as in the field";
  bank[2].bench.in.dip = 2;
  bank.run_ms(1300);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(bank[i].has(BMS_FAILURE_ADDRESS)) << i;
  EXPECT_EQ(bank[0].report().members, 3);
}

// PYL-S2, DYN-T12.
TEST(BankFailure, two_masters_are_told_by_all) {
  Bank bank(make_bank(BMS_BANK_DIP), 3);
  bank[2].bench.in.dip = 0;
  bank.start();
  bank.run_ms(300);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_TWO_MASTERS));
  EXPECT_TRUE(bank[2].has(BMS_FAILURE_TWO_MASTERS));
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_ADDRESS));
  bank[2].bench.in.dip = 2;
  bank.run_ms(1300);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_TWO_MASTERS));
}

TEST(BankFailure, two_masters_with_two_addresses_are_told_too) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank[1].bench.config.bank.master_address = 1;
  bank.start();
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_TWO_MASTERS));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_TWO_MASTERS));
}

// DYN-T07.
TEST(BankFailure, an_address_no_bank_has_is_told) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank[1].bench.in.dip = BMS_MAX_PACKS;
  bank.start();
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_ADDRESS));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_ADDRESS));
  EXPECT_EQ(bank[0].report().members, 1);
}

TEST(BankFailure, switches_beyond_the_mask_make_no_address) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.dip_mask = 0x0F;
  Bank bank(config, 2);
  bank[1].bench.in.dip = 0x31;
  bank.start();
  EXPECT_EQ(bank[1].report().address, 1);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_ADDRESS));
}

TEST(BankFailure, its_own_echo_is_not_another_pack) {
  Bank bank(make_bank(BMS_BANK_DIP), 1);
  bank.start();
  bank[0].inbox.push_back(bank[0].bench.out.link);
  bank.run_ms(5);
  EXPECT_EQ(bank[0].report().failures, 0u);
  EXPECT_EQ(bank[0].report().members, 1);
}

// DYN-C5, DYN-T11 and DYN-T09.
TEST(BankFailure, another_firmware_and_a_missing_number_are_told) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank.start();
  EXPECT_EQ(bank[0].report().failures, 0u);
  bank[1].core().out.report.firmware_version = 0x0107;
  bank[1].core().out.report.serial_number = 0;
  bank.run_ms(300);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_VERSION));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_VERSION));
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_SERIAL));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_SERIAL)) << "it knows that it does not know";
}

// DYN-T07, where no address is there twice.
TEST(BankFailure, an_address_that_is_not_that_of_its_place_is_told_by_whoever_has_it) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.is_in_order = true;
  Bank bank(config, 4);
  bank[2].bench.in.dip = 3;
  bank[3].bench.in.dip = 2;
  bank.start();
  bank.run_ms(300);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_ADDRESS));
  EXPECT_FALSE(bank[1].has(BMS_FAILURE_ADDRESS));
  EXPECT_TRUE(bank[2].has(BMS_FAILURE_ADDRESS));
  EXPECT_TRUE(bank[3].has(BMS_FAILURE_ADDRESS));
  bank[2].bench.in.dip = 2;
  bank[3].bench.in.dip = 3;
  bank.run_ms(1300);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(bank[i].report().failures, 0u) << i;
    EXPECT_EQ(bank[i].report().members, 4) << i;
  }
}

TEST(BankFailure, places_count_from_the_address_of_the_master) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.is_in_order = true;
  config.master_address = 3;
  Bank bank(config, 3);
  for (uint8_t i = 0; i < 3; ++i) bank[i].bench.in.dip = static_cast<uint8_t>(3 + i);
  bank.start();
  bank.run_ms(300);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(bank[i].has(BMS_FAILURE_ADDRESS)) << i;
}

TEST(BankFailure, addresses_in_any_order_are_fine_where_nobody_asks_for_one) {
  for (const bms_bank_kind_t kind : {BMS_BANK_STACK, BMS_BANK_DIP}) {
    bms_bank_config_t config = make_bank(kind);
    config.is_in_order = kind == BMS_BANK_DIP;  // in parallel there is no order
    Bank bank(config, 3);
    bank[1].bench.in.dip = 2;
    bank[2].bench.in.dip = 1;
    bank.start();
    bank.run_ms(300);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(bank[i].has(BMS_FAILURE_ADDRESS)) << i;
  }
}

// DYN-T11: what the product's firmware says of itself counts, not what core is in it.
TEST(BankFailure, versions_of_products_are_compared) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank[0].bench.config.firmware_version = 0x0104;
  bank[1].bench.config.firmware_version = 0x0105;
  bank.start();
  EXPECT_EQ(bank[0].report().firmware_version, 0x0104);
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_VERSION));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_VERSION));
}

TEST(BankPairing, lasts_while_voltages_drift_apart) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.power_up(0);
  bank.power_up(1);
  bank.run_ms(300);
  ASSERT_TRUE(bank[0].core().bank.is_paired && bank[1].core().bank.is_paired);
  bank[1].bench.set_pack_mV(16 * 3300 + 1500);
  bank.run_ms(5000);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_FALSE(bank[i].has(BMS_FAILURE_PAIRING)) << i;
    EXPECT_EQ(bank[i].report().members, 2) << i;
  }
}

// RES-L6: the second one within 30 s and 1 V.
TEST(BankPairing, finds_its_fellow_and_leads_by_number) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.power_up(0);
  bank[1].is_on = false;
  bank.run_ms(29000);
  EXPECT_EQ(bank[0].report().role, BMS_ROLE_SINGLE);
  bank[1].bench.set_pack_mV(16 * 3300 + 999);
  bank.power_up(1);
  bank.run_ms(300);
  EXPECT_TRUE(bank[0].core().bank.is_paired && bank[1].core().bank.is_paired);
  EXPECT_EQ(bank[0].report().role, BMS_ROLE_MASTER);
  EXPECT_EQ(bank[1].report().role, BMS_ROLE_MEMBER);
  EXPECT_EQ(bank[0].report().address, 0);
  EXPECT_EQ(bank[1].report().address, 1);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(bank[i].report().bank.full_mAh, 200000u);
    EXPECT_EQ(bank[i].report().members, 2);
    EXPECT_EQ(bank[i].report().failures, 0u);
  }
}

TEST(BankPairing, is_led_by_the_one_at_the_inverter) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.start();
  for (int i = 0; i < 30; ++i) {
    ++bank[1].bench.in.bus.inverter_frames;
    bank.run_ms(100);
  }
  EXPECT_EQ(bank[0].report().role, BMS_ROLE_MEMBER);
  EXPECT_EQ(bank[1].report().role, BMS_ROLE_MASTER);
  bank.run_ms(1500);  // the inverter falls silent: by number again
  EXPECT_EQ(bank[0].report().role, BMS_ROLE_MASTER);
}

// RES-C2.
TEST(BankPairing, refuses_a_pack_that_comes_too_late) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.power_up(0);
  bank[1].is_on = false;
  bank.run_ms(30100);
  bank.power_up(1);
  bank.run_ms(300);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(bank[i].has(BMS_FAILURE_PAIRING)) << i;
    EXPECT_EQ(bank[i].report().role, BMS_ROLE_SINGLE);
    EXPECT_EQ(bank[i].report().members, 1);
  }
  bank[1].is_on = false;
  bank.run_ms(1200);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_PAIRING));
}

TEST(BankPairing, refuses_a_pack_at_another_voltage_until_it_fits) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank[1].bench.set_pack_mV(16 * 3300 + 1001);
  bank.start();
  EXPECT_TRUE(bank[0].has(BMS_FAILURE_PAIRING));
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_PAIRING));
  bank[1].bench.set_pack_mV(16 * 3300 + 1000);
  bank.run_ms(300);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_PAIRING));
  EXPECT_TRUE(bank[0].core().bank.is_paired);
}

TEST(BankPairing, loses_its_fellow_and_takes_it_back) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank.start();
  bank[1].is_cut = true;
  bank.run_ms(1200);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(bank[i].has(BMS_FAILURE_MEMBER_LOST) || bank[i].has(BMS_FAILURE_MASTER_LOST)) << i;
    EXPECT_EQ(bank[i].report().members, 1);
    EXPECT_EQ(bank[i].report().role, BMS_ROLE_SINGLE);
  }
  bank[1].is_cut = false;
  bank.run_ms(300);
  EXPECT_EQ(bank[0].report().members, 2);
  EXPECT_EQ(bank[0].report().failures, 0u);
}

TEST(BankPairing, waits_until_the_cells_have_been_read) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 2);
  bank[0].bench.in.fresh = BMS_FRESH_CURRENT;
  bank.start();
  EXPECT_FALSE(bank[0].core().bank.is_paired);
  EXPECT_EQ(bank[0].report().members, 1);
  EXPECT_FALSE(bank[0].has(BMS_FAILURE_PAIRING));
  EXPECT_FALSE(bank[1].has(BMS_FAILURE_PAIRING));
  bank[0].bench.in.fresh = kAllFresh;
  bank.run_ms(300);
  EXPECT_TRUE(bank[0].core().bank.is_paired);
}

}  // namespace
}  // namespace bms_test
