// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Life-cycle, failures, bank and limits: from the product's file to the firmware's configuration.
#include <gtest/gtest.h>

#include "bad_input.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

using test::kData;

TEST(LoadBms, reads_the_life_cycle_of_the_residential_pack) {
  const Product product = load_product("residential-6k5", kData);
  const bms_sequence_config_t& sequence = product.bms.sequence;
  EXPECT_TRUE(sequence.has_contacts);
  EXPECT_TRUE(sequence.has_power_button);
  EXPECT_FALSE(sequence.has_switch);
  EXPECT_TRUE(sequence.is_precharge_across_main_1);
  EXPECT_EQ(sequence.press_on_ms, 2000);
  EXPECT_EQ(sequence.press_off_ms, 2000);
  EXPECT_EQ(sequence.activation_low_mV, 45000U);
  EXPECT_EQ(sequence.activation_high_mV, 60000U);
  EXPECT_EQ(sequence.activation_ms, 1000U);
  EXPECT_EQ(sequence.not_meant_ms, 5000U);
  EXPECT_EQ(sequence.inverter_silence_ms, 3600000U);
  EXPECT_EQ(sequence.inverter_lost_ms, 60000U);
  EXPECT_EQ(sequence.shutdown_ms, 3000U);
  EXPECT_EQ(sequence.storage_after_ms, 0U);
  EXPECT_EQ(sequence.grace_ms, 60000U);
  EXPECT_EQ(sequence.supply_low_mV, 35000U);
  EXPECT_EQ(sequence.supply_back_mV, 40000U);
  EXPECT_EQ(sequence.supply_loss_ms, 1000U);
  EXPECT_EQ(sequence.precharge_ms, 3000U);
  EXPECT_EQ(sequence.precharge_fast_ms, 50U);
  EXPECT_EQ(sequence.precharge_delta_mV, 3000U);
  EXPECT_EQ(sequence.contact_ms, 100U);
  EXPECT_EQ(sequence.opening_ms, 500U);
  EXPECT_EQ(product.board.wake.buttons, unsigned{BMS_BUTTON_POWER});
  EXPECT_TRUE(product.board.wake.has_pins);
  EXPECT_EQ(product.board.wake.terminals_low_V, 40.0);
  EXPECT_TRUE(product.pack.electrical.path.has_relays);
  EXPECT_EQ(product.pack.electrical.path.precharge_Ohm, 30.0);
}

TEST(LoadBms, reads_what_follows_from_rules_and_failures) {
  const bms_config_t bms = load_product("residential-6k5", kData).bms;
  const bms_rule_config_t& low = bms.rules[BMS_RULE_CELL_UV];
  EXPECT_TRUE(low.limiting.is_enabled);
  EXPECT_EQ(low.limiting.trip, 2700);
  EXPECT_EQ(low.limited_ccl_permille, 1000);
  EXPECT_EQ(low.limited_dcl_permille, 500);
  EXPECT_EQ(low.opens, BMS_OPENS_DISCHARGE | BMS_OPENS_SUPPLY);
  EXPECT_EQ(low.asks, BMS_REQUEST_FORCE_CHARGE);
  EXPECT_EQ(bms.rules[BMS_RULE_SOC_LOW].warning.trip, 140);
  const bms_failure_config_t& welded = bms.failures[BMS_FAILURE_MAIN_1_WELDED];
  EXPECT_TRUE(welded.is_enabled);
  EXPECT_TRUE(welded.is_latched);
  EXPECT_EQ(welded.latch, BMS_LATCH_POWER_CYCLE);
  EXPECT_EQ(welded.opens, BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE | BMS_OPENS_CONTACTS);
  const bms_failure_config_t& wire = bms.failures[BMS_FAILURE_SENSE_WIRE];
  EXPECT_TRUE(wire.is_enabled);
  EXPECT_FALSE(wire.is_latched);
  EXPECT_EQ(wire.delay_ms, 1000U);
  EXPECT_FALSE(bms.failures[BMS_FAILURE_VERSION].is_enabled) << "not in the file";
  EXPECT_EQ(bms.diagnosis.path_uOhm, 8000U);
  EXPECT_EQ(bms.diagnosis.watched_contacts, unsigned{BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2 |
                                                     BMS_CONTACT_PRECHARGE | BMS_CONTACT_BREAKER});
}

TEST(LoadBms, leaves_out_what_the_generic_pack_does_not_have) {
  const Product product = load_product("generic-16s", kData);
  EXPECT_FALSE(product.board.wake.is_fitted());
  EXPECT_FALSE(product.board.insulation_monitor.has_value());
  EXPECT_FALSE(product.bms.sequence.has_power_button);
  EXPECT_FALSE(product.pack.electrical.path.has_relays);
  EXPECT_EQ(product.bms.limits.ccl_over_soc.count, 0);
  EXPECT_EQ(product.bms.limits.rise_mA_per_s, 0U);
  EXPECT_EQ(product.bms.bank.kind, BMS_BANK_NONE);
}

class EditedProduct : public test::BadInput {
 protected:
  Product load(const std::string& mark, const std::string& lines) const {
    std::string text = test::read_text(kData / "products" / "generic-16s.yaml");
    text.insert(text.find(mark) + mark.size(), lines);
    return load_product(write("generic-16s.yaml", text).string(), kData);
  }
};

TEST_F(EditedProduct, may_limit_and_balance_in_more_ways) {
  const Product product =
      load("  limits:\n",
           "    ccl_over_soc: [[80 %, 100 %], [100 %, 20 %]]\n    dcl_over_soc: [[0 %, 0 %]]\n"
           "    full_charge_after: 14 d\n    cvl_cell: 3.5 V\n    cvl_floor: 50 V\n"
           "    rise: 5 A/s\n    fall: 20 A/s\n");
  const bms_limits_t& limits = product.bms.limits;
  EXPECT_EQ(limits.ccl_over_soc.count, 2);
  EXPECT_EQ(limits.ccl_over_soc.point[0].x, 800);
  EXPECT_EQ(limits.dcl_over_soc.count, 1);
  EXPECT_EQ(limits.full_charge_days, 14);
  EXPECT_EQ(limits.cvl_cell_mV, 3500);
  EXPECT_EQ(limits.cvl_floor_mV, 50000U);
  EXPECT_EQ(limits.rise_mA_per_s, 5000U);
  EXPECT_EQ(limits.fall_mA_per_s, 20000U);
  const bms_balancing_t balancing =
      load("balancing: {",
           "hottest: 50 degC, at_a_time: 4, only_in_charge: yes, alternating: yes, ")
          .bms.balancing;
  EXPECT_EQ(balancing.hottest_ddegC, 500);
  EXPECT_EQ(balancing.max_bleeders, 4);
  EXPECT_TRUE(balancing.only_in_charge);
  EXPECT_TRUE(balancing.is_alternating);
  EXPECT_EQ(balancing.start_mV, 3400);
}

TEST_F(EditedProduct, may_be_one_of_several) {
  const bms_bank_config_t bank =
      load("bms:\n",
           "  bank: {kind: pairing, period: 500 ms, lost_after: 5 s, pairing_within: 30 s, "
           "pairing_delta: 1 V}\n")
          .bms.bank;
  EXPECT_EQ(bank.kind, BMS_BANK_PAIRING);
  EXPECT_EQ(bank.period_ms, 500U);
  EXPECT_EQ(bank.lost_ms, 5000U);
  EXPECT_EQ(bank.pairing_ms, 30000U);
  EXPECT_EQ(bank.pairing_delta_mV, 1000U);
}

TEST_F(EditedProduct, may_have_more_on_its_board) {
  const Product product =
      load("board: {", "insulation_monitor: {settling: 3 s}, wake: {buttons: [switch, wake]}, ");
  ASSERT_TRUE(product.board.insulation_monitor.has_value());
  EXPECT_EQ(product.board.insulation_monitor->settling_s, 3.0);
  EXPECT_EQ(product.board.insulation_monitor->period_s, 1.0);
  EXPECT_TRUE(product.bms.sequence.has_switch);
  EXPECT_FALSE(product.bms.sequence.has_power_button);
}

TEST_F(EditedProduct, may_have_slow_comparators) {
  const models::ComparatorBank bank =
      load("sensing:\n",
           "  discharge_comparator: {threshold: 90 A, delay: 80 ms}\n"
           "  charge_comparator: {threshold: 70 A, delay: 160 ms}\n")
          .pack.electrical.comparators;
  EXPECT_EQ(bank.ocd.threshold_A, 90.0);
  EXPECT_EQ(bank.ocd.delay_s, 0.08);
  EXPECT_EQ(bank.occ.threshold_A, 70.0);
  EXPECT_EQ(bank.scd.threshold_A, 320.0);
}

}  // namespace
}  // namespace doppelpack::sim
