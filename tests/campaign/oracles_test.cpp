// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The oracles on hand-made sights.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "sim/load.hpp"
#include "sim/oracles/latch_oracle.hpp"
#include "sim/oracles/mechanisms.hpp"
#include "sim/oracles/path_oracle.hpp"
#include "sim/oracles/permission_oracle.hpp"
#include "sim/oracles/readings_oracle.hpp"
#include "sim/oracles/release_oracle.hpp"
#include "sim/oracles/rule_oracle.hpp"

namespace doppelpack::sim {
namespace {

class Oracles : public ::testing::Test {
 protected:
  // A healthy pack at rest.
  void SetUp() override {
    sight_.is_alive = sight_.is_working = true;
    sight_.charge_gate = sight_.discharge_gate = true;
    for (Quantities* of : {&sight_.truth, &sight_.read})
      *of = {0.0, 3.31, 3.30, 49.6, 26.0, 25.0, 25.0};
    sight_.inner_max_V = 3.31;
    sight_.inner_min_V = 3.30;
    sight_.cell_degC = 26.0;
  }
  template <class Oracle>
  void pass(Oracle& oracle, Time duration_ns) {
    for (Time t_ns = 0; t_ns < duration_ns; t_ns += kMillisecond) {
      sight_.t_ns += kMillisecond;
      sight_.scan_ns = sight_.t_ns;
      sight_.uptime_ms += 1;
      oracle.look(sight_, objections_);
    }
  }
  std::vector<std::string> objected() {
    std::vector<std::string> oracles;
    for (const Objection& objection : objections_.take()) oracles.push_back(objection.oracle);
    return oracles;
  }
  using Names = std::vector<std::string>;
  const Product product_ = load_product("pylontech-us5000", find_data_folder());
  Sight sight_;
  Objections objections_;
};

TEST_F(Oracles, want_an_over_voltage_found_within_its_bound) {
  RuleOracle oracle(product_);
  pass(oracle, kSecond);
  sight_.truth.cell_max_V = 3.70;
  pass(oracle, 1120 * kMillisecond);
  EXPECT_EQ(objected(), Names{});
  pass(oracle, 4 * kMillisecond);
  EXPECT_EQ(objected(), Names{"detection"});
}

TEST_F(Oracles, want_the_current_stopped_within_its_bound) {
  RuleOracle oracle(product_);
  sight_.truth.cell_max_V = 3.70;
  sight_.truth.current_A = 20.0;
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  pass(oracle, 1123 * kMillisecond);
  EXPECT_EQ(objected(), Names{});
  pass(oracle, 4 * kMillisecond);
  EXPECT_EQ(objected(), Names{"reaction"});
}

TEST_F(Oracles, allow_what_a_healthy_reading_may_be_off) {
  RuleOracle oracle(product_);
  sight_.truth.cell_max_V = 3.66;
  pass(oracle, 5 * kSecond);
  EXPECT_EQ(objected(), Names{});
  EXPECT_NE(oracle.justified() & BMS_RULE_BIT(BMS_RULE_CELL_OV), 0U);
}

TEST_F(Oracles, want_a_warning_before_a_trip_that_comes_slowly) {
  RuleOracle oracle(product_);
  pass(oracle, kSecond);
  sight_.read.cell_max_V = 3.62;
  pass(oracle, 2 * kSecond);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  pass(oracle, kMillisecond);
  EXPECT_EQ(objected(), Names{}) << "a warning takes 2 s and its sampling";
  sight_.protections = 0;
  pass(oracle, kSecond);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  pass(oracle, kMillisecond);
  EXPECT_EQ(objected(), Names{"warning-first"});
}

TEST_F(Oracles, want_what_an_alarm_opens_to_be_open_and_to_stay_so) {
  PathOracle oracle(product_);
  sight_.truth.current_A = 20.0;
  pass(oracle, kSecond);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  sight_.charge_gate = false;
  pass(oracle, 2 * kMillisecond);
  EXPECT_EQ(objected(), Names{});
  sight_.truth.current_A = -20.0;  // discharge is allowed
  pass(oracle, kSecond);
  EXPECT_EQ(objected(), Names{});
  sight_.truth.current_A = 20.0;
  pass(oracle, 20 * kMillisecond);
  EXPECT_EQ(objected(), Names{"stays-open"});
}

TEST_F(Oracles, want_current_to_end_with_the_alarm) {
  PathOracle oracle(product_);
  sight_.truth.current_A = 20.0;
  pass(oracle, kSecond);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  sight_.charge_gate = false;
  pass(oracle, 20 * kMillisecond);
  EXPECT_EQ(objected(), Names{"reaction"});
}

TEST_F(Oracles, want_a_gate_open_unless_current_flows_through_its_diode) {
  for (const double current_A : {0.0, -20.0}) {
    PathOracle oracle(product_);
    sight_.truth.current_A = current_A;
    pass(oracle, kSecond);
    sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
    pass(oracle, 20 * kMillisecond);
    EXPECT_EQ(objected(), current_A < 0.0 ? Names{} : Names{"reaction"});
    sight_.protections = 0;
    objections_ = {};
  }
}

TEST_F(Oracles, want_a_gate_to_stay_open) {
  PathOracle oracle(product_);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  sight_.charge_gate = false;
  pass(oracle, kSecond);
  sight_.charge_gate = true;
  pass(oracle, 20 * kMillisecond);
  EXPECT_EQ(objected(), Names{"stays-open"});
}

TEST_F(Oracles, want_the_release_delay_to_be_kept) {
  for (const Time active_ns : {1900 * kMillisecond, 2100 * kMillisecond}) {
    PathOracle oracle(product_);
    pass(oracle, kSecond);
    sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
    sight_.charge_gate = false;
    pass(oracle, active_ns);
    sight_.protections = 0;
    pass(oracle, kMillisecond);
    EXPECT_EQ(objected(), active_ns < 2 * kSecond ? Names{"stays-open"} : Names{});
    objections_ = {};
  }
}

TEST_F(Oracles, want_latches_to_hold_until_somebody_clears_them) {
  for (const bool is_restarted : {false, true}) {
    PathOracle oracle(product_);
    pass(oracle, kSecond);
    sight_.failures = BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT);
    sight_.charge_gate = sight_.discharge_gate = false;
    pass(oracle, kSecond);
    sight_.failures = 0;
    if (is_restarted) sight_.uptime_ms = 0;
    pass(oracle, kMillisecond);
    EXPECT_EQ(objected(), is_restarted ? Names{} : Names{"stays-open"});
    objections_ = {};
  }
}

TEST_F(Oracles, want_a_rule_without_retries_to_latch) {
  for (const bool is_latched : {false, true}) {
    LatchOracle oracle(product_);
    pass(oracle, kSecond);
    sight_.protections = BMS_RULE_BIT(BMS_RULE_SCD);
    sight_.latched = is_latched ? BMS_RULE_BIT(BMS_RULE_SCD) : 0;
    pass(oracle, kSecond);
    EXPECT_EQ(objected(), is_latched ? Names{} : Names{"latch"});
    sight_.protections = sight_.latched = 0;
    objections_ = {};
  }
}

// A US5000 releases an over-current twice; the third trip latches.
TEST_F(Oracles, count_the_retries_of_a_rule) {
  LatchOracle oracle(product_);
  const int retries = product_.bms.rules[BMS_RULE_OCD2].max_retries;
  ASSERT_GT(retries, 0);
  for (int trip = 0; trip <= retries; ++trip) {
    sight_.protections = 0;
    pass(oracle, kSecond);
    EXPECT_EQ(objected(), Names{}) << trip;
    sight_.protections = BMS_RULE_BIT(BMS_RULE_OCD2);
    pass(oracle, kSecond);
  }
  EXPECT_EQ(objected(), Names{"latch"});
}

TEST_F(Oracles, forgive_a_rule_that_was_quiet_and_one_that_was_reset) {
  LatchOracle oracle(product_);
  const int retries = product_.bms.rules[BMS_RULE_OCD2].max_retries;
  for (int trip = 0; trip < 2 * retries; ++trip) {
    sight_.protections = 0;
    sight_.is_reset = trip == retries;
    pass(oracle, kSecond);
    sight_.is_reset = false;
    sight_.protections = BMS_RULE_BIT(BMS_RULE_OCD2);
    pass(oracle, kSecond);
  }
  sight_.protections = 0;
  pass(oracle, 60 * kSecond);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_OCD2);
  pass(oracle, kSecond);
  EXPECT_EQ(objected(), Names{});
}

TEST_F(Oracles, want_a_latch_to_go_by_nothing_but_what_clears_it) {
  struct Gesture {
    bms_rule_t rule;
    Time pressed_ns;
    bool is_fair;
  };
  // RESET, a loss of power and the service gesture.
  const std::array<Gesture, 5> gestures{{{BMS_RULE_OCD2, 0, false},
                                         {BMS_RULE_OCD2, kMillisecond, true},
                                         {BMS_RULE_SCD, 10 * kSecond, false},
                                         {BMS_RULE_CELL_FAILURE_HIGH, kMillisecond, false},
                                         {BMS_RULE_CELL_FAILURE_HIGH, 10 * kSecond, true}}};
  for (const Gesture& gesture : gestures) {
    LatchOracle oracle(product_);
    sight_.protections = sight_.latched = BMS_RULE_BIT(gesture.rule);
    pass(oracle, kSecond);
    sight_.is_reset = true;
    pass(oracle, gesture.pressed_ns);
    sight_.latched = 0;
    sight_.is_reset = gesture.pressed_ns > 0;
    pass(oracle, kMillisecond);
    EXPECT_EQ(objected(), gesture.is_fair ? Names{} : Names{"latch"});
    sight_.is_reset = false;
    objections_ = {};
  }
}

// 3.45 V and 2 s of a US5000.
TEST_F(Oracles, want_a_protection_to_end_once_its_cause_is_gone) {
  ReleaseOracle oracle(product_);
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  sight_.truth.cell_max_V = sight_.read.cell_max_V = 3.44;
  pass(oracle, 3 * kSecond);
  EXPECT_EQ(objected(), Names{}) << "the truth may be 23 mV above";
  sight_.truth.cell_max_V = sight_.read.cell_max_V = 3.40;
  pass(oracle, 2120 * kMillisecond);
  EXPECT_EQ(objected(), Names{});
  pass(oracle, 4 * kMillisecond);
  EXPECT_EQ(objected(), Names{"release"});
}

TEST_F(Oracles, let_a_protection_stay_that_is_latched_or_cannot_see) {
  const auto stays = [this](const auto& excuse) {
    ReleaseOracle oracle(product_);
    sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_OTC);
    excuse();
    pass(oracle, 60 * kSecond);
  };
  stays([this] { sight_.latched = sight_.protections; });
  sight_.latched = 0;
  stays([this] { sight_.failures = BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT); });
  EXPECT_EQ(objected(), Names{});
  sight_.failures = 0;
  stays([this] { sight_.is_ntc_invalid = true; });
  EXPECT_EQ(objected(), Names{"release"}) << "that of the cells, whose readings are there";
}

TEST_F(Oracles, want_the_buses_to_allow_nothing_that_is_shut) {
  PermissionOracle oracle(product_);
  sight_.is_charge_allowed = sight_.is_discharge_allowed = true;
  pass(oracle, 60 * kSecond);
  sight_.charge_gate = false;
  pass(oracle, kSecond);
  EXPECT_EQ(objected(), Names{}) << "the next telegram may say so";
  pass(oracle, 2 * kMillisecond);
  EXPECT_EQ(objected(), Names{"permission"});
}

TEST_F(Oracles, want_no_permission_against_an_alarm_while_the_diode_is_spared) {
  PermissionOracle oracle(product_);
  sight_.is_charge_allowed = true;
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_UV);
  pass(oracle, 2 * kSecond);
  EXPECT_EQ(objected(), Names{}) << "it opens the other direction";
  sight_.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  pass(oracle, 1002 * kMillisecond);
  EXPECT_EQ(objected(), Names{"permission"});
}

TEST_F(Oracles, want_a_broken_part_found_within_its_bound) {
  MechanismOracle oracle(product_);
  sight_.causes = BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT);
  pass(oracle, 22 * kMillisecond);
  EXPECT_EQ(objected(), Names{});
  pass(oracle, 3 * kMillisecond);
  EXPECT_EQ(objected(), Names{"detection"});
}

TEST_F(Oracles, know_what_a_cell_stands_and_what_reads_wrong) {
  ReadingsOracle oracle(product_);
  sight_.read.current_A = 0.9;
  sight_.worst_cell_V = 0.019;
  pass(oracle, 2 * kSecond);
  EXPECT_EQ(oracle.wrong_reading(), "");
  sight_.read.current_A = 1.1;
  pass(oracle, 900 * kMillisecond);
  EXPECT_EQ(oracle.wrong_reading(), "");
  pass(oracle, 200 * kMillisecond);
  EXPECT_NE(oracle.wrong_reading().find("current reads wrong by 1.1 A"), std::string::npos);
  sight_.inner_min_V = 1.49;
  pass(oracle, kMillisecond);
  EXPECT_EQ(objected(), Names{"limit"});
}

}  // namespace
}  // namespace doppelpack::sim
