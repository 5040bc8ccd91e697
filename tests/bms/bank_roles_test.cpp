// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Whose word counts in a bank: masters, vital members, packs that stop for a failure.
#include "bank_bench.hpp"

namespace bms_test {
namespace {

TEST(BankRoles, a_member_with_the_master_s_address_is_no_second_master) {
  Bank bank(make_bank(BMS_BANK_DIP), 2);
  bank[1].bench.config.bank.master_address = 5;
  bank[1].bench.in.dip = 0;
  bank.start();
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(bank[i].has(BMS_FAILURE_ADDRESS)) << i;
    EXPECT_FALSE(bank[i].has(BMS_FAILURE_TWO_MASTERS)) << i;
  }
}

TEST(BankRoles, a_failure_that_opens_one_path_stops_the_whole_bank) {
  for (const uint8_t opens : {uint8_t{BMS_OPENS_CHARGE}, uint8_t{BMS_OPENS_DISCHARGE},
                              uint8_t{BMS_OPENS_SUPPLY}, uint8_t{0}}) {
    bms_bank_config_t config = make_bank(BMS_BANK_DIP);
    config.opens_all = true;
    Bank bank(config, 2);
    bank[1].bench.config.sequence.inverter_lost_ms = 500;
    bank[1].bench.config.failures[BMS_FAILURE_INVERTER_LOST] = {true, false, 0, opens, 0};
    bank.start();
    bank.run_ms(400);
    const bool is_path = (opens & (BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE)) != 0;
    EXPECT_TRUE(bank[1].has(BMS_FAILURE_INVERTER_LOST));
    EXPECT_EQ(bank[0].core().bank.opens != 0, is_path) << int{opens};
    EXPECT_EQ(bank[0].report().bank.is_charge_allowed, !is_path) << int{opens};
  }
}

TEST(BankRoles, only_the_loss_of_the_vital_member_is_that_of_the_master) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.vital_address = 1;
  for (const std::size_t lost : {1u, 2u}) {
    Bank bank(config, 4);
    bank.start();
    bank[lost].is_on = false;
    bank.run_ms(1200);
    EXPECT_EQ(bank[3].has(BMS_FAILURE_MASTER_LOST), lost == 1);
    EXPECT_EQ(bank[3].has(BMS_FAILURE_MEMBER_LOST), lost == 2);
  }
}

}  // namespace
}  // namespace bms_test
