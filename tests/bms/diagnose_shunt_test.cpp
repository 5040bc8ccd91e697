// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The current sensor: stuck, at its rail, offset.
#include "pack.hpp"

namespace bms_test {
namespace {

class Shunt : public testing::Test {
 protected:
  void SetUp() override {
    pack_.enable(BMS_FAILURE_SHUNT, 0);
    pack_.power();
    pack_.run(100);
  }
  bool is_found() { return pack_.has_failed(BMS_FAILURE_SHUNT); }
  // Both gates open, by a rule that has nothing to do with it.
  void open_path() {
    pack_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3000, 2900, 0, 0};
    pack_.config.rules[BMS_RULE_CELL_OV].opens = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
    ASSERT_EQ(pack_.power_up().error, BMS_OK);
    pack_.run(200);
    ASSERT_TRUE(pack_.are_gates(false, false));
  }
  Pack pack_;
};

TEST_F(Shunt, that_stands_still_while_the_cells_step_is_found_at_the_third_step) {
  pack_.is_shunt_stuck = true;
  pack_.cycle_load(-60, 2);
  EXPECT_FALSE(is_found());
  pack_.cycle_load(-60, 1);
  EXPECT_TRUE(is_found());
  pack_.cycle_load(0, 1);
  pack_.cycle_load(-60, 3);
  EXPECT_TRUE(is_found()) << "a fourth step says nothing else";
  pack_.is_shunt_stuck = false;
  pack_.cycle_load(-60, 2);
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, that_stands_still_at_rest_is_right) {
  pack_.noise_mV = 0;
  pack_.run(60000);
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, is_not_blamed_for_cells_that_relax) {
  pack_.is_shunt_stuck = true;
  for (int i = 0; i < 1000; ++i) {
    for (double& each : pack_.cell_mV) each -= 0.5;  // 8 mV of the sum per scan
    pack_.run(20);
  }
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, is_not_blamed_for_a_loose_link) {
  pack_.current_A = -60;
  pack_.run(1000);
  pack_.noise_mV = 0;
  for (int i = 0; i < 10; ++i) {
    pack_.cell_mV[7] = i % 2 ? 3300 : 2800;
    pack_.run(1000);
  }
  EXPECT_FALSE(is_found());
}

// One low cell starts and stops all the others' bleeders; all taps step in the scan after that.
TEST_F(Shunt, is_not_blamed_for_bleeders) {
  pack_.config.balancing = {3000, 30, 12};
  pack_.cell_mV.fill(3370);
  pack_.power();
  pack_.is_shunt_stuck = true;
  for (int i = 0; i < 5; ++i) {
    pack_.cell_mV[0] = 3330;
    pack_.run(20);
    ASSERT_EQ(pack_.out.bleeders, 0xFFFEu);
    for (double& each : pack_.cell_mV) each -= 30;
    pack_.run(20);
    EXPECT_FALSE(is_found());
    pack_.cell_mV[0] = 3340;
    pack_.run(20);
    ASSERT_EQ(pack_.out.bleeders, 0u);
    for (double& each : pack_.cell_mV) each += 30;
    pack_.run(20);
    EXPECT_FALSE(is_found());
  }
}

TEST_F(Shunt, counts_no_step_in_which_it_moved_itself) {
  for (int i = 0; i < 10; ++i) {
    pack_.is_shunt_stuck = i % 3 != 2;  // every third step is seen
    pack_.cycle_load(i % 2 ? 0 : -60, 1);
    EXPECT_FALSE(is_found());
  }
}

TEST_F(Shunt, at_the_rail_of_its_amplifier_is_found) {
  pack_.config.diagnosis.shunt_rail_counts = 300000;
  pack_.power();
  for (const int32_t sign : {1, -1}) {
    pack_.shunt_offset_mA = sign * 299990;
    pack_.run(100);
    EXPECT_FALSE(is_found());
    pack_.shunt_offset_mA = sign * 300001;
    pack_.run(100);
    EXPECT_TRUE(is_found());
  }
}

TEST_F(Shunt, at_the_rail_for_a_moment_is_a_surge) {
  pack_.config.diagnosis.shunt_rail_counts = 300000;
  pack_.power();
  for (int i = 0; i < 100; ++i) {
    pack_.current_A = i < 15 ? 310 : 0;
    pack_.run(1);
    ASSERT_FALSE(is_found());
  }
}

TEST_F(Shunt, with_an_offset_while_the_path_is_open_is_found) {
  pack_.shunt_offset_mA = 1100;
  open_path();
  EXPECT_FALSE(is_found());  // what flowed may still be dying away
  pack_.shunt_offset_mA = 990;
  pack_.run(2000);
  EXPECT_FALSE(is_found());
  for (const int32_t offset_mA : {1010, -1010}) {
    pack_.shunt_offset_mA = offset_mA;
    pack_.run(1200);
    EXPECT_TRUE(is_found());
  }
  pack_.shunt_offset_mA = 0;
  pack_.run(100);
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, with_a_large_current_on_an_open_path_lies_when_the_terminals_are_apart) {
  open_path();
  pack_.run(1200);
  pack_.shunt_offset_mA = 20000;
  pack_.run(100);
  EXPECT_FALSE(is_found());  // a MOSFET may conduct
  pack_.terminal_mV = 48000;
  pack_.run(100);
  EXPECT_TRUE(is_found());
}

TEST_F(Shunt, with_an_offset_while_the_path_is_closed_tells_nothing) {
  pack_.shunt_offset_mA = 2000;
  pack_.run(10000);
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, is_not_judged_by_steps_without_a_threshold_for_them) {
  pack_.config.diagnosis.shunt_step_mV = 0;
  pack_.power();
  pack_.is_shunt_stuck = true;
  pack_.cycle_load(-60, 10);
  EXPECT_FALSE(is_found());
}

TEST_F(Shunt, is_not_judged_by_its_offset_without_a_threshold_for_it) {
  pack_.config.diagnosis.shunt_offset_mA = 0;
  pack_.shunt_offset_mA = 2000;
  open_path();
  pack_.run(3000);
  EXPECT_FALSE(is_found());
}

}  // namespace
}  // namespace bms_test
