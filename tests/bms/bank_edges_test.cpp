// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Banks to the millisecond and the millivolt, and at their smallest.
#include "bank_bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kLook_ms = 10;  // how often silence is looked for

constexpr uint32_t next_tick_ms(uint32_t at_ms) {
  return (at_ms + kLook_ms - 1) / kLook_ms * kLook_ms;
}

TEST_F(Hearing, loses_a_pack_with_the_first_tick_of_its_silence) {
  for (int i = 0; i < 10; ++i) {
    hear();
    const uint32_t heard_ms = bank_[0].report().uptime_ms;
    ASSERT_EQ(bank_[0].report().members, 2);
    while (bank_[0].report().members == 2) bank_.run_ms(1);
    EXPECT_EQ(bank_[0].report().uptime_ms, next_tick_ms(heard_ms + 1000));
    EXPECT_TRUE(bank_[0].has(BMS_FAILURE_MEMBER_LOST));
    bank_.run_ms(1);
  }
}

TEST_F(Hearing, forgets_a_pack_with_the_first_tick_of_its_absence) {
  bank_[0].bench.config.bank.forget_ms = 2000;
  bank_.start();
  hear();
  const uint32_t heard_ms = bank_[0].report().uptime_ms;
  bank_.run_ms(1500);
  EXPECT_TRUE(bank_[0].has(BMS_FAILURE_MEMBER_LOST));
  while (bank_[0].has(BMS_FAILURE_MEMBER_LOST)) bank_.run_ms(1);
  EXPECT_EQ(bank_[0].report().uptime_ms, next_tick_ms(heard_ms + 2000));
}

TEST_F(Hearing, forgets_a_contradiction_as_soon_as_it_would_lose_a_pack) {
  const std::pair<uint8_t, bms_failure_t> rows[] = {{BMS_ROLE_MEMBER, BMS_FAILURE_ADDRESS},
                                                    {BMS_ROLE_MASTER, BMS_FAILURE_TWO_MASTERS}};
  message_.address = 0;  // its own
  for (const auto& [role, failure] : rows) {
    message_.role = role;
    hear();
    const uint32_t heard_ms = bank_[0].report().uptime_ms;
    ASSERT_TRUE(bank_[0].has(failure));
    while (bank_[0].has(failure)) bank_.run_ms(1);
    EXPECT_EQ(bank_[0].report().uptime_ms, next_tick_ms(heard_ms + 1000));
  }
}

TEST_F(Hearing, takes_another_pack_in_the_place_of_a_lost_one) {
  hear();
  bank_.run_ms(1200);
  message_.serial_number = 201;
  hear();
  EXPECT_EQ(bank_[0].report().failures, 0u);
  EXPECT_EQ(bank_[0].report().members, 2);
}

TEST_F(Hearing, hears_the_inverter_until_it_is_silent_for_as_long_as_a_lost_pack) {
  ++bank_[0].bench.in.bus.inverter_frames;
  for (int i = 0; i < 1100; ++i) {
    bank_.run_ms(1);
    ASSERT_EQ(bank_[0].core().bank.has_frames, i < 1000) << i;
  }
}

TEST_F(Hearing, counts_the_alarms_of_this_pack_among_those_of_the_bank) {
  bank_[0].bench.set_cell_mV(0, 3660);
  bank_.run_ms(1100);
  message_.address = 0;
  const bms_bank_t& all = hear();
  EXPECT_EQ(all.protections, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  EXPECT_EQ(all.warnings, BMS_RULE_BIT(BMS_RULE_CELL_OV));
  bank_.run_ms(10);  // a pack tells of its failures after it has looked around
  EXPECT_EQ(all.failures, BMS_FAILURE_BIT(BMS_FAILURE_ADDRESS));
}

// What lies behind the last place of the bank is the panel's, and here it would pass for a member.
TEST_F(Hearing, looks_at_sixteen_places_and_no_more) {
  const uint32_t beep_ms = bank_[0].core().panel.beep_ms = 1;
  bank_.run_ms(20);
  EXPECT_EQ(bank_[0].report().members, 1);
  EXPECT_EQ(bank_[0].report().failures, 0u);
  EXPECT_EQ(bank_[0].core().panel.beep_ms, beep_ms);
}

TEST(BankPairing, wants_an_age_and_a_voltage_within_its_bounds) {
  Bank bank(make_bank(BMS_BANK_PAIRING), 1);
  bank.start();
  bank.run_ms(31000);
  const struct {
    int later_ms, higher_mV;
    bool is_paired;
  } rows[] = {{30000, 0, true},   {-30000, 0, true},    {0, 1000, true},
              {0, -1000, true},   {30000, -1000, true}, {30001, 0, false},
              {-30001, 0, false}, {0, 1001, false},     {0, -1001, false}};
  for (const auto& row : rows) {
    bank[0].core().bank.is_paired = false;
    bms_link_message_t message = bank[0].bench.out.link;
    message.serial_number = 200;
    message.uptime_ms = bank[0].report().uptime_ms + 1 + static_cast<uint32_t>(row.later_ms);
    message.pack_mV = bank[0].report().pack_mV + static_cast<uint32_t>(row.higher_mV);
    bank[0].inbox.push_back(message);
    bank.run_ms(1);
    EXPECT_EQ(bank[0].core().bank.is_paired, row.is_paired) << row.later_ms << row.higher_mV;
  }
}

TEST(BankRoles, no_member_is_vital_unless_configured) {
  bms_bank_config_t config = make_bank(BMS_BANK_DIP);
  config.master_address = 2;
  Bank bank(config, 3);
  bank.start();
  bank[0].is_on = false;
  bank.run_ms(1200);
  EXPECT_TRUE(bank[1].has(BMS_FAILURE_MEMBER_LOST));
  EXPECT_FALSE(bank[1].has(BMS_FAILURE_MASTER_LOST));
}

TEST(BankInSeries, gives_nothing_when_one_module_may_not) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 3);
  bank.start();
  bank[2].bench.set_cell_mV(0, 2450);
  bank.run_ms(1200);
  const bms_bank_t& all = bank[0].report().bank;
  EXPECT_FALSE(all.is_discharge_allowed);
  EXPECT_EQ(all.dcl_mA, 0u);
  EXPECT_TRUE(all.is_charge_allowed);
  EXPECT_EQ(all.ccl_mA, 80000u);
}

TEST(BankInSeries, keeps_nothing_of_the_module_that_was_its_last) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 2);
  bank.start();
  const bms_report_t& report = bank[0].report();
  ASSERT_EQ(report.members, 1);
  bank[1].is_on = false;
  bank.run_ms(1200);
  EXPECT_EQ(report.members, 0);
  bank[0].bench.set_current_mA(-700);
  bank.run_ms(10);
  EXPECT_EQ(report.bank.current_mA, -700);
  EXPECT_EQ(report.bank.pack_mV, 0u);
  EXPECT_EQ(report.bank.remaining_mAh, 0u);
  EXPECT_EQ(report.bank.full_mAh, 0u);
  EXPECT_EQ(report.bank.soc_permille, 0);
  EXPECT_EQ(report.bank.soh_permille, 0);
  EXPECT_EQ(report.bank.lowest_cell_mV, 0);
  EXPECT_EQ(report.bank.highest_cell_mV, 0);
  EXPECT_EQ(report.bank.ccl_mA, 0u);
  EXPECT_EQ(report.bank.dcl_mA, 0u);
  EXPECT_FALSE(report.bank.is_charge_allowed);
  EXPECT_FALSE(report.bank.is_discharge_allowed);
}

TEST(BankInSeries, has_a_soc_however_little_it_holds) {
  bms_bank_config_t config = make_bank(BMS_BANK_STACK);
  config.has_bare_master = true;
  Bank bank(config, 1);
  bank.start();
  bms_link_message_t message = bank[0].bench.out.link;
  message.address = 1;
  message.role = BMS_ROLE_MEMBER;
  message.serial_number = 200;
  message.full_mAh = message.remaining_mAh = 1;
  bank[0].inbox.push_back(message);
  bank.run_ms(1);
  EXPECT_EQ(bank[0].report().bank.soc_permille, 1000);
}

}  // namespace
}  // namespace bms_test
