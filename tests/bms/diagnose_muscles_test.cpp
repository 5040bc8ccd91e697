// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// MOSFETs, relays and the breaker: by what current and voltages do.
#include "pack.hpp"

namespace bms_test {
namespace {

class Muscles : public testing::Test {
 protected:
  // Delays of zero: they are tested elsewhere. Nothing opens, so that the cause stays as it is.
  void SetUp() override {
    for (int i = BMS_FAILURE_CHARGE_MOSFET_CLOSED; i <= BMS_FAILURE_MAIN_2_OPEN; ++i) {
      pack_.enable(static_cast<bms_failure_t>(i), 0);
      pack_.config.failures[i].opens = 0;
    }
    pack_.enable(BMS_FAILURE_BREAKER, 0);
  }
  void power_with_open(uint8_t opens) {
    pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3000, 2000, 0, 0};
    pack_.config.rules[BMS_RULE_CELL_OV].opens = opens;
    ASSERT_EQ(pack_.power_up().error, BMS_OK);
    pack_.run(300);
    ASSERT_EQ(pack_.out.charge_gate, !(opens & BMS_OPENS_CHARGE));
    ASSERT_EQ(pack_.out.discharge_gate, !(opens & BMS_OPENS_DISCHARGE));
  }
  void expect_only(uint64_t failures) {
    pack_.run(20);
    EXPECT_EQ(pack_.out.report.failures, failures);
  }
  Pack pack_;
};

TEST_F(Muscles, a_charge_mosfet_that_conducts_when_off_is_found_by_charge_current) {
  power_with_open(BMS_OPENS_CHARGE);
  pack_.current_A = 2.9;
  pack_.noise_mV = 0;
  expect_only(0);
  pack_.current_A = 3;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED));
  pack_.current_A = 0;
  expect_only(0);
}

TEST_F(Muscles, discharge_through_the_body_diode_of_an_open_charge_mosfet_is_healthy) {
  power_with_open(BMS_OPENS_CHARGE);
  pack_.config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_CHARGE;
  pack_.current_A = -30;
  for (int i = 0; i < 50; ++i) expect_only(0);
}

TEST_F(Muscles, a_discharge_mosfet_that_conducts_when_off_is_found_by_discharge_current) {
  power_with_open(BMS_OPENS_DISCHARGE);
  pack_.current_A = -30;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED));
}

TEST_F(Muscles, with_both_gates_open_the_direction_tells_which_one_conducts) {
  power_with_open(BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE);
  pack_.current_A = 30;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED));
  pack_.current_A = -30;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED));
  pack_.terminal_mV = 40000;  // the current is not real
  expect_only(0);
}

TEST_F(Muscles, current_that_has_not_settled_after_opening_is_no_finding) {
  pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3400, 2000, 0, 0};
  pack_.power();
  pack_.current_A = 30;
  for (double& each : pack_.cell_mV) each = 3450;
  pack_.run(20);
  ASSERT_FALSE(pack_.out.charge_gate);
  pack_.run(80);
  EXPECT_EQ(pack_.out.report.failures, 0u);
  pack_.run(40);
  EXPECT_TRUE(pack_.has_failed(BMS_FAILURE_CHARGE_MOSFET_CLOSED));
}

TEST_F(Muscles, a_mosfet_that_does_not_conduct_shows_its_diode) {
  pack_.power();
  pack_.run(200);
  pack_.noise_mV = 0;
  const struct {
    double current_A;
    int32_t beyond_path_mV;
    uint64_t failures;
  } rows[] = {
      {-20, -500, 0},
      {-20, -501, BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN)},
      {-20, 900, 0},
      {20, 500, 0},
      {20, 501, BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN)},
      {20, -900, 0},
      {2.9, 1400, 0},  // neither a current nor idle
      {0, 1500, 0},
      {0, 1501, BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN)},
      {0, -1500, 0},
      {0, -1501, BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN)},
  };
  for (const auto& row : rows) {
    pack_.current_A = row.current_A;
    const double path_mV = row.current_A * pack_.config.diagnosis.path_uOhm / 1000;
    pack_.terminal_mV = static_cast<int32_t>(
        std::lround(16 * (3300 + row.current_A) + path_mV + row.beyond_path_mV));
    expect_only(row.failures);
  }
}

TEST_F(Muscles, a_gate_that_is_open_on_purpose_is_no_open_mosfet) {
  power_with_open(BMS_OPENS_CHARGE);
  pack_.terminal_mV = 56000;
  expect_only(0);
  power_with_open(BMS_OPENS_DISCHARGE);
  pack_.terminal_mV = 20000;
  expect_only(0);
}

TEST_F(Muscles, a_gate_that_a_comparator_holds_is_no_open_mosfet) {
  pack_.power();
  pack_.run(200);
  pack_.is_shorted = true;
  pack_.terminal_mV = 1000;
  expect_only(0);
}

TEST_F(Muscles, a_breaker_that_is_out_is_found_and_nothing_else_is_blamed) {
  pack_.config.diagnosis.watched_contacts = BMS_CONTACT_BREAKER;
  pack_.in.contacts = BMS_CONTACT_BREAKER;
  pack_.power();
  pack_.run(200);
  expect_only(0);
  pack_.in.contacts = 0;
  pack_.terminal_mV = 0;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_BREAKER));
  pack_.config.diagnosis.watched_contacts = 0;  // nobody watches it
  pack_.terminal_mV = INT32_MIN;
  expect_only(0);
}

// DYN-T06: opening the gates for it must not end the failure, or it would come and go for ever.
TEST_F(Muscles, a_breaker_that_has_been_found_out_is_so_until_it_is_in_again) {
  pack_.config.diagnosis.watched_contacts = BMS_CONTACT_BREAKER;
  pack_.config.failures[BMS_FAILURE_BREAKER].opens = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  pack_.in.contacts = BMS_CONTACT_BREAKER;
  pack_.power();
  pack_.run(200);
  pack_.in.contacts = 0;
  for (int i = 0; i < 50; ++i) {
    pack_.run(100);
    ASSERT_TRUE(pack_.has_failed(BMS_FAILURE_BREAKER)) << i;
    ASSERT_TRUE(pack_.are_gates(false, false)) << i;
  }
  pack_.in.contacts = BMS_CONTACT_BREAKER;
  pack_.run(200);
  EXPECT_FALSE(pack_.has_failed(BMS_FAILURE_BREAKER));
  EXPECT_TRUE(pack_.are_gates(true, true));
}

TEST_F(Muscles, a_breaker_that_is_out_while_nobody_wants_current_is_not_looked_for) {
  pack_.config.diagnosis.watched_contacts = BMS_CONTACT_BREAKER;
  power_with_open(BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE);
  expect_only(0);
}

// The coils are off: sequence tests close them.
TEST_F(Muscles, a_relay_whose_auxiliary_contact_says_closed_without_its_coil_is_welded) {
  pack_.config.sequence.has_contacts = true;
  pack_.config.sequence.contact_ms = 50;
  pack_.config.sequence.precharge_ms = 500;
  pack_.config.diagnosis.watched_contacts = BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2;
  pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3000, 2000, 0, 0};
  pack_.config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_ALL_PATHS;
  ASSERT_EQ(pack_.power_up().error, BMS_OK);
  pack_.run(300);
  ASSERT_EQ(pack_.out.coils, 0u);
  expect_only(0);
  pack_.in.contacts = BMS_CONTACT_MAIN_1;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED));
  pack_.in.contacts = BMS_CONTACT_MAIN_2;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_MAIN_2_WELDED));
}

TEST_F(Muscles, relays_nobody_watches_are_welded_when_current_flows_through_them) {
  pack_.config.sequence.has_contacts = true;
  pack_.config.sequence.contact_ms = 50;
  pack_.config.sequence.precharge_ms = 500;
  pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3000, 2000, 0, 0};
  pack_.config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_ALL_PATHS;
  ASSERT_EQ(pack_.power_up().error, BMS_OK);
  pack_.run(300);
  ASSERT_EQ(pack_.out.coils, 0u);
  expect_only(0);
  pack_.current_A = 30;
  pack_.run(40);
  EXPECT_TRUE(pack_.has_failed(BMS_FAILURE_MAIN_1_WELDED));
  EXPECT_TRUE(pack_.has_failed(BMS_FAILURE_MAIN_2_WELDED));
  pack_.terminal_mV = 30000;
  pack_.run(40);
  EXPECT_FALSE(pack_.has_failed(BMS_FAILURE_MAIN_1_WELDED));
}

// 2 V along the path: a thousandth of it is 2 mV.
TEST_F(Muscles, the_resistance_of_the_path_counts_to_the_millivolt) {
  pack_.config.diagnosis.path_uOhm = 10000;
  pack_.power();
  pack_.run(200);
  pack_.noise_mV = 0;
  pack_.current_A = 200;
  pack_.terminal_mV = 16 * 3500 + 2000 + 500;
  expect_only(0);
  pack_.terminal_mV += 1;
  expect_only(BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN));
}

}  // namespace
}  // namespace bms_test
