// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Sense wires, stuck readings, sum of the cells.
#include "pack.hpp"

namespace bms_test {
namespace {

class Wires : public testing::Test {
 protected:
  void SetUp() override {
    pack_.enable(BMS_FAILURE_SENSE_WIRE, 0);
    pack_.power();
  }
  bool is_found() { return pack_.has_failed(BMS_FAILURE_SENSE_WIRE); }
  Pack pack_;
};

TEST_F(Wires, each_open_line_is_found_by_the_test_within_two_periods) {
  for (uint32_t line = 1; line <= Pack::kCells; ++line) {
    pack_.open_lines = 1u << line;
    EXPECT_TRUE(pack_.finds_within(BMS_FAILURE_SENSE_WIRE, 20300)) << line;
    pack_.open_lines = 0;
    pack_.run(20300);
    EXPECT_FALSE(is_found()) << line;
  }
}

TEST_F(Wires, are_pulled_by_halves_once_in_a_period_and_never_at_b_minus) {
  uint64_t pulled = 0, pulls = 0;
  for (int i = 0; i < 20300; ++i) {
    pack_.run(1);
    EXPECT_EQ(pack_.out.pull_downs & (pack_.out.pull_downs >> 1), 0u);
    pulled |= pack_.out.pull_downs;
    pulls += pack_.out.pull_downs != 0;
  }
  EXPECT_EQ(pulled, 0x1FFFEu);
  EXPECT_EQ(pulls, 2u * 40);  // two scans each
}

TEST_F(Wires, readings_under_test_reach_nobody) {
  for (int i = 0; i < 20300; ++i) {
    pack_.run(1);
    for (std::size_t cell = 0; cell < Pack::kCells; ++cell)
      ASSERT_NEAR(pack_.out.report.cell_mV[cell], 3300, 2);
  }
}

TEST_F(Wires, readings_come_back_after_the_test) {
  while (pack_.out.pull_downs == 0) pack_.run(1);
  for (double& each : pack_.cell_mV) each = 3400;
  pack_.run(60);
  EXPECT_NEAR(pack_.out.report.cell_mV[0], 3300, 2);
  pack_.run(20);
  EXPECT_NEAR(pack_.out.report.cell_mV[0], 3400, 2);
}

TEST_F(Wires, are_not_tested_while_a_delay_of_a_cell_rule_runs) {
  pack_.config.rules[BMS_RULE_CELL_OV].warning = {true, 3400, 3350, 60000, 0};
  pack_.config.rules[BMS_RULE_CELL_OV].protection.is_enabled = false;
  pack_.power();
  pack_.cell_mV[4] = 3450;
  for (int i = 0; i < 30000; ++i) {
    pack_.run(1);
    ASSERT_EQ(pack_.out.pull_downs, 0u);
  }
  pack_.cell_mV[4] = 3300;
  pack_.run(41);
  EXPECT_NE(pack_.out.pull_downs, 0u);
}

TEST_F(Wires, are_not_judged_during_a_short_circuit) {
  while (pack_.out.pull_downs == 0) pack_.run(1);
  for (double& each : pack_.cell_mV) each = 1500;
  pack_.is_shorted = true;
  pack_.run(100);
  EXPECT_FALSE(is_found());
}

TEST_F(Wires, are_not_tested_without_a_period) {
  pack_.config.diagnosis.wire_period_ms = 0;
  pack_.power();
  pack_.open_lines = 1u << 5;
  pack_.run(60000);
  EXPECT_FALSE(is_found());
  EXPECT_EQ(pack_.out.pull_downs, 0u);
}

TEST_F(Wires, an_open_one_that_has_settled_is_found_by_its_symptom) {
  for (const uint32_t line : {1u, 7u, 16u}) {
    pack_.open_lines = 1u << line;
    pack_.is_settled = true;
    pack_.run(21);
    EXPECT_TRUE(is_found()) << line;
    pack_.open_lines = 0;
    pack_.run(21);
    EXPECT_FALSE(is_found()) << line;
  }
}

TEST_F(Wires, a_bleeder_that_pulls_an_open_line_up_shows_as_well) {
  pack_.cell_mV[6] = 6600;
  pack_.cell_mV[7] = 0;
  pack_.run(21);
  EXPECT_TRUE(is_found());
}

TEST_F(Wires, a_dead_cell_is_no_open_line) {
  pack_.cell_mV[15] = 0;
  pack_.run(41000);
  EXPECT_FALSE(is_found());
  pack_.cell_mV[8] = 0;
  pack_.cell_mV[9] = 4400;
  pack_.run(41000);
  EXPECT_FALSE(is_found());
}

TEST_F(Wires, suspects_stay_out_of_the_extremes_and_the_failure_decides) {
  pack_.config.rules[BMS_RULE_CELL_UV].protection = {true, 2500, 3000, 1000, 2000};
  pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3650, 3450, 1000, 2000};
  pack_.power();
  pack_.open_lines = 1u << 5;
  pack_.is_settled = true;
  pack_.run(5000);
  EXPECT_EQ(pack_.out.report.protections, 0u);
  EXPECT_TRUE(pack_.are_gates(false, false));
  pack_.cell_mV[12] = 2400;  // the others are still looked after
  pack_.run(1100);
  EXPECT_TRUE(pack_.is_protecting(BMS_RULE_CELL_UV));
}

// A reading at the upper rail with none at the lower one: the line above a cell that the pull-up of a bleeder moves.
TEST_F(Wires, a_high_reading_alone_is_looked_at_and_proves_nothing) {
  pack_.cell_mV[6] = 4600;
  pack_.run(21);
  EXPECT_FALSE(is_found());
  pack_.cell_mV[7] = 900;
  pack_.run(21);
  EXPECT_TRUE(is_found());
}

TEST_F(Wires, with_every_cell_suspect_none_is_left_out) {
  pack_.config.cell_count = 2;
  pack_.config.rules[BMS_RULE_CELL_UV].protection = {true, 2500, 3000, 0, 0};
  pack_.config.diagnosis.wire_period_ms = 0;
  pack_.power();
  pack_.cell_mV[0] = 0;
  pack_.cell_mV[1] = 6500;
  pack_.run(41);
  EXPECT_TRUE(is_found());
  EXPECT_TRUE(pack_.is_protecting(BMS_RULE_CELL_UV)) << "somebody has to look after them";
}

TEST(StuckCell, is_found_after_three_changes_of_the_load) {
  Pack pack;
  pack.enable(BMS_FAILURE_CELL_STUCK, 0);
  pack.power();
  pack.run(2000);
  pack.stuck_cell = 11;
  pack.run(20000);
  EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));  // nothing moves
  pack.cycle_load(-60, 2);
  EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
  pack.cycle_load(-60, 2);
  EXPECT_TRUE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
  pack.stuck_cell = -1;
  pack.cycle_load(-60, 1);
  EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
}

TEST(StuckCell, is_not_one_that_was_missed_by_other_cells_each_time) {
  Pack pack;
  pack.enable(BMS_FAILURE_CELL_STUCK, 0);
  pack.power();
  pack.run(2000);
  for (int i = 0; i < 12; ++i) {
    pack.stuck_cell = i;  // another one each time
    pack.current_A = i % 2 ? 0 : -60;
    pack.run(1500);
    EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
  }
}

TEST(StuckCell, is_not_a_cell_on_its_plateau_while_the_others_fill_up) {
  Pack pack;
  pack.enable(BMS_FAILURE_CELL_STUCK, 0);
  pack.noise_mV = 0;
  pack.power();
  for (int i = 0; i < 60; ++i) {
    for (std::size_t cell = 0; cell < 15; ++cell) pack.cell_mV[cell] += 5;
    pack.run(1000);
  }
  EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
}

TEST(StuckCell, is_not_told_by_a_minority) {
  Pack pack;
  pack.enable(BMS_FAILURE_CELL_STUCK, 0);
  pack.noise_mV = 0;
  pack.power();
  for (int i = 0; i < 10; ++i) {
    for (std::size_t cell = 0; cell < 8; ++cell) pack.cell_mV[cell] += i % 2 ? 50 : -50;
    pack.run(1000);
  }
  EXPECT_FALSE(pack.has_failed(BMS_FAILURE_CELL_STUCK));
}

TEST(Sum, is_held_against_the_divider_to_its_tolerance) {
  Pack pack;
  pack.enable(BMS_FAILURE_SUM, 0);
  pack.noise_mV = 0;
  pack.power();
  for (const int32_t sign : {1, -1}) {
    pack.divider_error_mV = 1000 * sign;
    pack.run(40);
    EXPECT_FALSE(pack.has_failed(BMS_FAILURE_SUM));
    pack.divider_error_mV = 1001 * sign;
    pack.run(40);
    EXPECT_TRUE(pack.has_failed(BMS_FAILURE_SUM));
  }
}

}  // namespace
}  // namespace bms_test
