// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// MOSFETs and relays to the millisecond and the millivolt: every step brings a scan of the cells.
#include "bench.hpp"

namespace bms_test {
namespace {

constexpr uint32_t kSettled_ms = 100, kStack_mV = 16 * 3300;

class MusclesEdges : public testing::Test {
 protected:
  Bench bench_;

  void SetUp() override {
    bench_.config.rules[BMS_RULE_CELL_OV].protection = {true, 3400, 3300, 0, 0};
    bench_.config.rules[BMS_RULE_CELL_OV].warning.is_enabled = false;
    bench_.set_stack_mV(kStack_mV);
    bench_.set_terminal_mV(kStack_mV);
  }
  // A rule opens the gate in the step that this ends with.
  void open_charge_gate() {
    bench_.run_ms(1000);
    bench_.set_cell_mV(0, 3400);
    bench_.step();
    ASSERT_TRUE(bench_.are_gates(false, true));
  }
  bool is_found_after(bms_failure_t failure, uint32_t time_ms) {
    bench_.run_ms(time_ms - 1);
    EXPECT_FALSE(bench_.has_failed(failure));
    bench_.step();
    return bench_.has_failed(failure);
  }
};

// The diagnosis sees the gates of the step before.
TEST_F(MusclesEdges, a_gate_has_settled_after_a_tenth_of_a_second) {
  bench_.watch(BMS_FAILURE_CHARGE_MOSFET_CLOSED);
  bench_.start();
  bench_.set_current_mA(20000);
  open_charge_gate();
  EXPECT_TRUE(is_found_after(BMS_FAILURE_CHARGE_MOSFET_CLOSED, kSettled_ms + 1));
}

TEST_F(MusclesEdges, a_gate_that_has_closed_settles_as_long) {
  bench_.watch(BMS_FAILURE_CHARGE_MOSFET_OPEN);
  bench_.start();
  open_charge_gate();
  bench_.run_ms(1000);
  bench_.set_cell_mV(0, 3300);
  bench_.set_terminal_mV(kStack_mV + bench_.config.diagnosis.mosfet_block_mV + 1);
  bench_.step();
  ASSERT_TRUE(bench_.are_gates(true, true));
  EXPECT_TRUE(is_found_after(BMS_FAILURE_CHARGE_MOSFET_OPEN, kSettled_ms + 1));
}

TEST_F(MusclesEdges, a_current_is_real_while_stack_and_terminals_are_on_one_voltage) {
  bench_.watch(BMS_FAILURE_CHARGE_MOSFET_CLOSED);
  bench_.start();
  bench_.set_current_mA(20000);
  open_charge_gate();
  bench_.run_ms(1000);
  const uint32_t block_mV = bench_.config.diagnosis.mosfet_block_mV;
  for (const uint32_t apart_mV : {block_mV, block_mV + 1}) {
    bench_.set_terminal_mV(kStack_mV - apart_mV);
    bench_.step();
    EXPECT_EQ(bench_.has_failed(BMS_FAILURE_CHARGE_MOSFET_CLOSED), apart_mV == block_mV);
  }
}

TEST_F(MusclesEdges, idle_current_is_idle_to_the_milliampere) {
  bench_.watch(BMS_FAILURE_CHARGE_MOSFET_OPEN);
  bench_.config.diagnosis.path_uOhm = 0;
  bench_.start();
  bench_.run_ms(1000);
  bench_.set_terminal_mV(kStack_mV + bench_.config.diagnosis.mosfet_block_mV + 1);
  const auto idle_mA = static_cast<int32_t>(bench_.config.idle_current_mA);
  for (const int32_t current_mA : {idle_mA, idle_mA + 1, -idle_mA, -idle_mA - 1}) {
    bench_.set_current_mA(current_mA);
    bench_.step();
    EXPECT_EQ(bench_.has_failed(BMS_FAILURE_CHARGE_MOSFET_OPEN), std::abs(current_mA) == idle_mA)
        << current_mA;
  }
}

}  // namespace
}  // namespace bms_test
