// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Self-test, state, and the gate that closes to spare its body diode.
#include <ostream>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

TEST(SelfTest, keeps_the_gates_open_until_every_group_was_read) {
  Bench bench;
  for (const uint32_t missing : {BMS_FRESH_CURRENT, BMS_FRESH_CELLS, BMS_FRESH_NTCS}) {
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.in.fresh = kAllFresh & ~missing;
    bench.run_ms(10000);
    EXPECT_EQ(bench.out.report.state, BMS_STATE_SELF_TEST) << missing;
    EXPECT_TRUE(bench.are_gates(false, false));
    EXPECT_FALSE(bench.out.report.is_charge_allowed || bench.out.report.is_discharge_allowed);
    EXPECT_EQ(bench.out.report.ccl_mA + bench.out.report.dcl_mA, 0u);
    EXPECT_EQ(bench.out.bleeders, 0u);
    bench.in.fresh = missing;
    bench.step();
    EXPECT_EQ(bench.out.report.state, BMS_STATE_STANDBY) << missing;
    EXPECT_TRUE(bench.are_gates(true, true));
    EXPECT_TRUE(bench.out.report.is_charge_allowed && bench.out.report.is_discharge_allowed);
  }
}

TEST(SelfTest, needs_no_single_moment_with_everything_fresh) {
  Bench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  for (const uint32_t fresh : {BMS_FRESH_NTCS, BMS_FRESH_CELLS, BMS_FRESH_CURRENT}) {
    EXPECT_FALSE(bench.out.charge_gate);
    bench.in.fresh = fresh;
    bench.step();
  }
  EXPECT_TRUE(bench.are_gates(true, true));
}

TEST(SelfTest, never_closes_a_gate_onto_a_condition_that_is_already_there) {
  Bench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_cell_mV(3, 2400);
  bench.in.fresh = kAllFresh;
  for (uint32_t i = 0; i < kTrip_ms; ++i) {
    bench.step();
    ASSERT_TRUE(bench.are_gates(false, false));
  }
  bench.step();
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_CELL_UV));
  EXPECT_EQ(bench.out.report.state, BMS_STATE_PROTECTION);
  EXPECT_TRUE(bench.are_gates(true, false));
}

TEST(SelfTest, goes_on_when_a_condition_was_only_a_glitch) {
  Bench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.set_cell_mV(3, 2400);
  bench.run_ms(10);
  EXPECT_TRUE(bench.are_gates(false, false));
  bench.set_cell_mV(3, 3300);
  bench.step();
  EXPECT_TRUE(bench.are_gates(true, true));
}

TEST(State, follows_the_current_beyond_idle) {
  Bench bench;
  bench.start();
  const struct {
    int32_t current_mA;
    bms_state_t state;
  } rows[] = {{0, BMS_STATE_STANDBY},       {499, BMS_STATE_STANDBY},    {501, BMS_STATE_CHARGE},
              {-499, BMS_STATE_STANDBY},    {-501, BMS_STATE_DISCHARGE}, {80000, BMS_STATE_CHARGE},
              {-80000, BMS_STATE_DISCHARGE}};
  for (const auto& row : rows) {
    bench.set_current_mA(row.current_mA);
    bench.step();
    EXPECT_EQ(bench.out.report.state, row.state) << row.current_mA;
  }
}

TEST(State, has_a_word_for_each) {
  EXPECT_STREQ(bms_state_name(BMS_STATE_SELF_TEST), "self-test");
  EXPECT_STREQ(bms_state_name(BMS_STATE_STANDBY), "standby");
  EXPECT_STREQ(bms_state_name(BMS_STATE_CHARGE), "charge");
  EXPECT_STREQ(bms_state_name(BMS_STATE_DISCHARGE), "discharge");
  EXPECT_STREQ(bms_state_name(BMS_STATE_PROTECTION), "protection");
  EXPECT_STREQ(bms_state_name(static_cast<bms_state_t>(BMS_STATE_COUNT)), "unknown");
}

TEST(Gates, one_path_stays_usable_when_the_other_is_protected) {
  Bench bench;
  bench.start();
  bench.set_temperature_degC(-5);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_EQ(bench.out.report.protections, BMS_RULE_BIT(BMS_RULE_UTC));
  EXPECT_TRUE(bench.are_gates(false, true));
  bench.set_temperature_degC(-30);
  bench.run_ms(kTrip_ms + 1);
  EXPECT_TRUE(bench.are_gates(false, false));
}

// A rule that blocks one path, and the current that then flows through that gate's diode.
struct DiodeCase {
  const char* name;
  void (*cause)(Bench&);
  bool blocks_charge;

  friend std::ostream& operator<<(std::ostream& stream, const DiodeCase& self) {
    return stream << self.name;
  }
};

const DiodeCase kRelieved[] = {
    {"cell_ov", [](Bench& b) { b.set_cell_mV(0, 3700); }, true},
    {"pack_ov", [](Bench& b) { b.set_pack_mV(57700); }, true},
    {"otc", [](Bench& b) { b.set_temperature_degC(52); }, true},
    {"utc", [](Bench& b) { b.set_temperature_degC(-5); }, true},
    {"otd",
     [](Bench& b) {
       b.config.rules[BMS_RULE_OTC].protection.trip = 2000;  // it would block the other path too
       b.set_temperature_degC(61);
     },
     false},
    {"utd",
     [](Bench& b) {
       b.config.rules[BMS_RULE_UTC].protection.trip = -2000;
       b.set_temperature_degC(-25);
     },
     false},
    {"cell_uv", [](Bench& b) { b.set_cell_mV(0, 2400); }, false},
    {"pack_uv", [](Bench& b) { b.set_pack_mV(43100); }, false},
};

class BodyDiode : public testing::TestWithParam<DiodeCase> {
 protected:
  void SetUp() override {
    bench_.start();
    GetParam().cause(bench_);
    bench_.run_ms(kTrip_ms + 1);
    ASSERT_TRUE(is_only_other_gate_closed());
  }
  void let_flow_mA(int32_t reverse_mA) {
    bench_.set_current_mA(GetParam().blocks_charge ? -reverse_mA : reverse_mA);
  }
  bool is_only_other_gate_closed() const {
    return bench_.are_gates(!GetParam().blocks_charge, GetParam().blocks_charge);
  }
  Bench bench_;
};

TEST_P(BodyDiode, is_relieved_after_ten_milliseconds_of_reverse_current) {
  let_flow_mA(50000);
  bench_.run_ms(10);
  EXPECT_TRUE(is_only_other_gate_closed());
  bench_.step();
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(BodyDiode, gate_opens_again_in_the_step_that_reads_no_reverse_current) {
  for (const int32_t end_mA : {500, 0, -1, -600, -50000}) {
    let_flow_mA(50000);
    bench_.run_ms(20);
    ASSERT_TRUE(bench_.are_gates(true, true));
    let_flow_mA(end_mA);
    bench_.step();
    EXPECT_TRUE(is_only_other_gate_closed()) << end_mA;
  }
}

TEST_P(BodyDiode, is_not_relieved_by_idle_current) {
  let_flow_mA(500);
  bench_.run_ms(1000);
  EXPECT_TRUE(is_only_other_gate_closed());
}

TEST_P(BodyDiode, does_not_chatter_when_the_current_changes_its_sign_every_step) {
  for (int i = 0; i < 1000; ++i) {
    let_flow_mA(i % 2 ? 50000 : -50000);
    bench_.step();
    ASSERT_TRUE(is_only_other_gate_closed());
  }
}

TEST_P(BodyDiode, changes_nothing_the_inverter_is_told) {
  let_flow_mA(50000);
  bench_.run_ms(20);
  EXPECT_EQ(bench_.out.report.is_charge_allowed, !GetParam().blocks_charge);
  EXPECT_EQ(bench_.out.report.is_discharge_allowed, GetParam().blocks_charge);
  EXPECT_EQ(GetParam().blocks_charge ? bench_.out.report.ccl_mA : bench_.out.report.dcl_mA, 0u);
  EXPECT_EQ(bench_.out.report.state, BMS_STATE_PROTECTION);
}

INSTANTIATE_TEST_SUITE_P(Rules, BodyDiode, testing::ValuesIn(kRelieved),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(BodyDiodeOf, over_current_is_not_relieved) {
  Bench bench;
  bench.start();
  bench.set_current_mA(115000);
  bench.run_ms(kTrip_ms + 1);
  bench.set_current_mA(-80000);
  bench.run_ms(1000);
  EXPECT_TRUE(bench.are_gates(false, true));
}

TEST(BodyDiodeOf, over_voltage_is_not_relieved_while_over_current_blocks_too) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3700);
  bench.set_current_mA(115000);
  bench.run_ms(kTrip_ms + 1);
  ASSERT_EQ(bench.out.report.protections,
            BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_OCC));
  bench.set_current_mA(-80000);
  bench.run_ms(1000);
  EXPECT_TRUE(bench.are_gates(false, true));
}

TEST(BodyDiodeOf, a_pack_with_both_paths_blocked_is_not_relieved) {
  Bench bench;
  bench.start();
  bench.set_cell_mV(0, 3700);
  bench.set_cell_mV(1, 2400);
  bench.run_ms(kTrip_ms + 1);
  for (const int32_t current_mA : {-80000, 80000}) {
    bench.set_current_mA(current_mA);
    bench.run_ms(100);
    EXPECT_TRUE(bench.are_gates(false, false));
  }
}

TEST(BodyDiodeOf, a_shorted_pack_is_not_relieved) {
  Bench bench;
  bench.start();
  bench.in.comparator_flags = BMS_COMPARATOR_SCD;
  bench.set_current_mA(-80000);
  bench.run_ms(100);
  EXPECT_TRUE(bench.are_gates(false, false));
}

}  // namespace
}  // namespace bms_test
