// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// From a finding to a failure, whatever it is: delays, latches, gates. The finding here is a divider that is off.
#include "pack.hpp"

namespace bms_test {
namespace {

class Failure : public testing::Test {
 protected:
  bms_failure_config_t& row() { return pack_.config.failures[BMS_FAILURE_SUM]; }
  void SetUp() override { pack_.enable(BMS_FAILURE_SUM); }
  void latch_with(bms_latch_t latch) {
    row().is_latched = true;
    row().latch = static_cast<uint8_t>(latch);
    pack_.power();
    spoil();
    ASSERT_TRUE(is_failed());
  }
  void spoil() {
    pack_.divider_error_mV = 5000;
    pack_.run(1040);
  }
  void mend() {
    pack_.divider_error_mV = 0;
    pack_.run(5000);
  }
  void hold_reset(uint64_t duration_ms) {
    pack_.in.buttons = BMS_BUTTON_RESET;
    pack_.run(duration_ms);
    pack_.in.buttons = 0;
    pack_.run(2);
  }
  bool is_failed() { return pack_.has_failed(BMS_FAILURE_SUM); }
  Pack pack_;
};

TEST_F(Failure, needs_its_delay_to_come_and_to_go) {
  pack_.power();
  pack_.divider_error_mV = 5000;
  pack_.run(20);  // the scan that shows it
  pack_.run(999);
  EXPECT_FALSE(is_failed());
  EXPECT_TRUE(pack_.are_gates(true, true));
  pack_.run(1);
  EXPECT_EQ(pack_.out.report.failures, BMS_FAILURE_BIT(BMS_FAILURE_SUM));
  EXPECT_TRUE(pack_.are_gates(false, false));
  EXPECT_FALSE(pack_.out.report.is_charge_allowed || pack_.out.report.is_discharge_allowed);
  pack_.divider_error_mV = 0;
  pack_.run(1019);
  EXPECT_TRUE(is_failed());
  pack_.run(1);
  EXPECT_EQ(pack_.out.report.failures, 0u);
  pack_.run(1);  // the self-test
  EXPECT_TRUE(pack_.are_gates(true, true));
}

TEST_F(Failure, starts_its_delay_anew_when_the_finding_is_gone_once) {
  pack_.power();
  pack_.divider_error_mV = 5000;
  pack_.run(1000);
  pack_.divider_error_mV = 0;
  pack_.run(20);
  pack_.divider_error_mV = 5000;
  pack_.run(1019);
  EXPECT_FALSE(is_failed());
  pack_.run(1);
  EXPECT_TRUE(is_failed());
}

TEST_F(Failure, comes_at_once_without_a_delay) {
  row().delay_ms = 0;
  pack_.power();
  pack_.divider_error_mV = 5000;
  pack_.run(20);
  EXPECT_TRUE(is_failed());
}

TEST_F(Failure, is_not_looked_for_when_it_is_disabled) {
  row().is_enabled = false;
  pack_.power();
  spoil();
  EXPECT_EQ(pack_.out.report.failures, 0u);
}

TEST_F(Failure, opens_only_what_it_should) {
  row().opens = BMS_OPENS_CHARGE;
  pack_.power();
  spoil();
  EXPECT_TRUE(pack_.are_gates(false, true));
  pack_.current_A = -50;  // a failure spares no body diode
  pack_.run(100);
  EXPECT_TRUE(pack_.are_gates(false, true));
  row().opens = 0;
  mend();
  pack_.current_A = 0;
  pack_.power();
  spoil();
  EXPECT_TRUE(is_failed());
  EXPECT_TRUE(pack_.are_gates(true, true));
}

TEST_F(Failure, latched_by_a_button_ends_with_its_press_once_the_cause_is_gone) {
  latch_with(BMS_LATCH_BUTTON);
  hold_reset(1);
  EXPECT_TRUE(is_failed());
  mend();
  EXPECT_TRUE(is_failed());
  hold_reset(1);
  EXPECT_FALSE(is_failed());
  EXPECT_TRUE(pack_.are_gates(true, true));
}

// DYN-S3: one more try, for each press.
TEST_F(Failure, latched_by_a_button_ends_with_a_press_of_wake_too) {
  latch_with(BMS_LATCH_BUTTON);
  pack_.in.buttons = BMS_BUTTON_WAKE;
  pack_.run(1);
  EXPECT_TRUE(is_failed());
  mend();
  EXPECT_TRUE(is_failed()) << "still the same press";
  pack_.in.buttons = 0;
  pack_.run(1);
  pack_.in.buttons = BMS_BUTTON_WAKE;
  pack_.run(1);
  EXPECT_FALSE(is_failed());
}

TEST_F(Failure, latched_does_not_end_while_its_cause_is_back_however_shortly) {
  latch_with(BMS_LATCH_BUTTON);
  mend();
  pack_.divider_error_mV = 5000;
  pack_.run(100);
  hold_reset(1);
  EXPECT_TRUE(is_failed());
}

TEST_F(Failure, latched_until_a_power_cycle_ignores_the_button) {
  latch_with(BMS_LATCH_POWER_CYCLE);
  mend();
  hold_reset(20000);
  EXPECT_TRUE(is_failed());
  pack_.power();
  EXPECT_FALSE(is_failed());
}

TEST_F(Failure, latched_until_a_repair_needs_the_service_gesture) {
  latch_with(BMS_LATCH_REPAIR);
  hold_reset(11000);  // not repaired yet
  EXPECT_TRUE(is_failed());
  mend();
  hold_reset(10000);
  EXPECT_TRUE(is_failed());
  hold_reset(10001);
  EXPECT_FALSE(is_failed());
}

TEST_F(Failure, that_does_not_latch_has_no_use_for_the_button) {
  pack_.power();
  spoil();
  pack_.divider_error_mV = 0;
  pack_.run(20);
  hold_reset(1);
  EXPECT_TRUE(is_failed());  // its delay is not over
}

TEST(Failures, have_words_of_their_own) {
  for (int i = 0; i < BMS_FAILURE_COUNT; ++i)
    for (int j = 0; j < i; ++j)
      EXPECT_STRNE(bms_failure_name(static_cast<bms_failure_t>(i)),
                   bms_failure_name(static_cast<bms_failure_t>(j)));
  EXPECT_STREQ(bms_failure_name(BMS_FAILURE_NVM), "nvm");
  EXPECT_STREQ(bms_failure_name(BMS_FAILURE_COUNT), "unknown");
}

// Everything is looked for; nothing is there.
TEST(Failures, are_not_found_on_a_healthy_pack) {
  Pack pack;
  pack.enable_all();
  pack.noise_mV = 1.5;
  pack.config.limits.ccl_mA = pack.config.limits.dcl_mA = 200000;
  pack.cell_mV[3] = 3420;  // balances
  pack.power();
  for (const double current_A : {0.0, 80.0, -100.0, -180.0, 3.0, -0.4}) {
    pack.current_A = current_A;
    pack.run(25000);
    EXPECT_EQ(pack.out.report.failures, 0u) << current_A;
  }
  pack.cycle_load(-150, 40, 700);
  pack.cycle_load(60, 40, 90);
  EXPECT_EQ(pack.out.report.failures, 0u);
  EXPECT_TRUE(pack.are_gates(true, true));
  for (double& each : pack.cell_mV) each = 2000;  // empty
  pack.run(25000);
  EXPECT_EQ(pack.out.report.failures, 0u);
}

TEST_F(Failure, opens_what_it_should_also_beside_one_that_opens_nothing) {
  row().opens = BMS_OPENS_CHARGE;
  pack_.config.failures[BMS_FAILURE_TASK] = {true, false, BMS_LATCH_BUTTON, 0, 0};
  pack_.power();
  spoil();
  pack_.dt_us = pack_.config.diagnosis.task_us + 1;
  pack_.run(1);
  EXPECT_EQ(pack_.out.report.failures,
            BMS_FAILURE_BIT(BMS_FAILURE_SUM) | BMS_FAILURE_BIT(BMS_FAILURE_TASK));
  EXPECT_TRUE(pack_.are_gates(false, true));
}

}  // namespace
}  // namespace bms_test
