// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The ways in which an inverter may fail to do what the pack says, one by one.
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "can_emulator/can_protocol.hpp"
#include "sim/inverter.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

class DisobedientInverter : public ::testing::Test {
 protected:
  /// A half full pack that allows 50 A in, 60 A out and 56 V.
  void take(std::string_view kind) {
    design_ = load_inverter("disobedient-" + std::string(kind), find_data_folder());
    state_ = {};
    state_.battery.cvl_V = 56.0;
    state_.battery.ccl_A = 50.0;
    state_.battery.dcl_A = 60.0;
    state_.battery.is_charge_allowed = true;
    state_.battery.is_discharge_allowed = true;
    state_.last_heard_ns = now_ns_;
  }
  void be_obedient() { design_.disobedience = {}; }
  double target_A(double demand_W) {
    state_.demand_W = demand_W;
    control(design_, now_ns_, {50.0, 0.0}, site_, state_);
    return state_.target_A;
  }
  bool hear_frame(std::uint32_t id, std::initializer_list<std::uint8_t> bytes) {
    can_emulator::CanFrame frame;
    frame.id = id;
    for (const std::uint8_t byte : bytes) frame.data[frame.dlc++] = byte;
    return hear(design_, *can_emulator::find_can_protocol("pylontech-lv-can"), {}, frame, now_ns_,
                state_);
  }

  static constexpr double kAll_W = 100e3;
  Time now_ns_ = 100 * kSecond;
  InverterDesign design_;
  InverterState state_;
  SiteState site_;
};

TEST_F(DisobedientInverter, ignores_ccl_but_not_the_rest) {
  take("ccl");
  state_.battery.ccl_A = 0.0;
  EXPECT_EQ(target_A(kAll_W), 100.0);
  EXPECT_EQ(target_A(-kAll_W), -60.0);
  state_.battery.is_charge_allowed = false;
  EXPECT_EQ(target_A(kAll_W), 0.0);
  take("ccl");
  be_obedient();
  EXPECT_EQ(target_A(kAll_W), 50.0);
}

TEST_F(DisobedientInverter, ignores_dcl_but_not_the_rest) {
  take("dcl");
  state_.battery.dcl_A = 0.0;
  EXPECT_EQ(target_A(-kAll_W), -110.0);
  EXPECT_EQ(target_A(kAll_W), 50.0);
  state_.battery.is_discharge_allowed = false;
  EXPECT_EQ(target_A(-kAll_W), 0.0);
}

TEST_F(DisobedientInverter, charges_above_the_cvl) {
  take("cvl");
  target_A(kAll_W);
  EXPECT_DOUBLE_EQ(state_.max_V, 57.5);
  state_.battery.cvl_V = 59.0;
  target_A(kAll_W);
  EXPECT_DOUBLE_EQ(state_.max_V, 60.0) << "its own ceiling holds";
}

TEST_F(DisobedientInverter, reacts_late_to_each_of_several_changes) {
  take("late");
  EXPECT_EQ(target_A(kAll_W), 100.0) << "what it heard a moment ago is not in effect";
  now_ns_ += 20 * kSecond;
  state_.last_heard_ns = now_ns_;
  state_.battery.ccl_A = 5.0;
  EXPECT_EQ(target_A(kAll_W), 100.0);
  now_ns_ += 10 * kSecond;
  state_.last_heard_ns = now_ns_;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  now_ns_ += 20 * kSecond - 1;
  state_.last_heard_ns = now_ns_;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  ++now_ns_;
  EXPECT_EQ(target_A(kAll_W), 5.0);
  EXPECT_TRUE(state_.pending.empty());
  now_ns_ += design_.battery_timeout_ns;
  EXPECT_EQ(target_A(kAll_W), 0.0) << "silence is noticed in time";
}

TEST_F(DisobedientInverter, takes_zero_for_no_limit) {
  take("zero-limit");
  EXPECT_EQ(target_A(kAll_W), 50.0);
  state_.battery.ccl_A = 0.0;
  state_.battery.dcl_A = 0.0;
  EXPECT_EQ(target_A(kAll_W), 100.0);
  EXPECT_EQ(target_A(-kAll_W), -110.0);
  state_.battery.ccl_A = 0.1;
  EXPECT_EQ(target_A(kAll_W), 0.1);
}

TEST_F(DisobedientInverter, discharges_at_a_cvl_of_zero) {
  take("cvl-zero");
  EXPECT_EQ(target_A(kAll_W), 50.0);
  state_.battery.cvl_V = 0.0;
  EXPECT_EQ(target_A(kAll_W), -60.0);
  state_.battery.is_discharge_allowed = false;
  EXPECT_EQ(target_A(kAll_W), 0.0);
  take("cvl-zero");
  be_obedient();
  state_.battery.cvl_V = 0.0;
  EXPECT_GE(target_A(kAll_W), 0.0);
  EXPECT_EQ(state_.max_V, 0.0) << "at which nothing flows into a pack";
}

TEST_F(DisobedientInverter, does_not_notice_silence_once_it_has_heard_a_pack) {
  take("silence");
  now_ns_ += 3600 * kSecond;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_FALSE(state_.is_battery_lost);
  state_.last_heard_ns = -1;
  EXPECT_EQ(target_A(kAll_W), 0.0);
  EXPECT_TRUE(state_.is_battery_lost);
}

TEST_F(DisobedientInverter, ignores_protections_and_flags) {
  for (const bool is_obedient : {false, true}) {
    take("protection");
    if (is_obedient) be_obedient();
    state_.battery.is_charge_protected = true;
    EXPECT_EQ(target_A(kAll_W), is_obedient ? 0.0 : 50.0);
    EXPECT_EQ(target_A(-kAll_W), -60.0);
    take("protection");
    if (is_obedient) be_obedient();
    state_.battery.is_discharge_protected = true;
    EXPECT_EQ(target_A(-kAll_W), is_obedient ? 0.0 : -60.0);
    EXPECT_EQ(target_A(kAll_W), 50.0);
    take("protection");
    if (is_obedient) be_obedient();
    state_.battery.is_charge_allowed = false;
    EXPECT_EQ(target_A(kAll_W), is_obedient ? 0.0 : 50.0);
  }
}

// 0x359 with a cell over-voltage among its protections; 0x35C with the enable flags.
TEST_F(DisobedientInverter, that_obeys_takes_a_flag_that_comes_back_for_the_end_of_a_protection) {
  take("protection");
  be_obedient();
  EXPECT_TRUE(hear_frame(0x359, {0x02, 0, 0, 0, 1, 0x50, 0x4E}));
  EXPECT_TRUE(hear_frame(0x35C, {0xC0, 0}));
  EXPECT_EQ(target_A(kAll_W), 0.0) << "the flag was there all the time";
  EXPECT_TRUE(hear_frame(0x35C, {0x40, 0}));
  EXPECT_TRUE(hear_frame(0x35C, {0xC0, 0}));
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_TRUE(hear_frame(0x359, {0x02, 0, 0, 0, 1, 0x50, 0x4E}));
  EXPECT_EQ(target_A(kAll_W), 0.0) << "the pack says it again";
}

TEST_F(DisobedientInverter, starts_anew_and_knows_nothing_then) {
  take("restart");
  now_ns_ = 0;
  state_.last_heard_ns = 0;
  EXPECT_FALSE(is_restarting(design_, now_ns_)) << "not at the start of the bench";
  EXPECT_EQ(target_A(kAll_W), 50.0);
  now_ns_ = 300 * kSecond;
  state_.last_heard_ns = now_ns_;
  EXPECT_EQ(target_A(kAll_W), 0.0);
  EXPECT_TRUE(state_.is_battery_lost);
  EXPECT_FALSE(state_.battery.ccl_A.has_value());
  EXPECT_FALSE(hear_frame(0x351, {0x30, 0x02, 0xF4, 0x01, 0x58, 0x02}));
  EXPECT_FALSE(is_beating(design_, now_ns_));
  now_ns_ = 320 * kSecond;
  EXPECT_TRUE(is_beating(design_, now_ns_));
  EXPECT_FALSE(is_restarting(design_, now_ns_));
  EXPECT_TRUE(hear_frame(0x351, {0x30, 0x02, 0xF4, 0x01, 0x58, 0x02}));
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_TRUE(is_restarting(design_, 600 * kSecond));
}

TEST_F(DisobedientInverter, takes_frames_of_any_length) {
  take("any-length");
  EXPECT_TRUE(hear_frame(0x351, {0x30, 0x02, 0xF4, 0x01}));
  EXPECT_EQ(state_.battery.dcl_A, 0.0);
  take("any-length");
  be_obedient();
  EXPECT_FALSE(hear_frame(0x351, {0x30, 0x02, 0xF4, 0x01}));
  EXPECT_EQ(state_.battery.dcl_A, 60.0);
}

TEST_F(DisobedientInverter, takes_frames_of_eight_bytes_only) {
  take("full-length");
  state_.last_heard_ns = 0;
  EXPECT_FALSE(hear_frame(0x351, {0x30, 0x02, 0x64, 0x00, 0x58, 0x02}));
  EXPECT_EQ(state_.battery.ccl_A, 50.0);
  EXPECT_EQ(state_.last_heard_ns, 0);
  EXPECT_TRUE(hear_frame(0x351, {0x30, 0x02, 0x64, 0x00, 0x58, 0x02, 0, 0}));
  EXPECT_EQ(state_.battery.ccl_A, 10.0);
  EXPECT_EQ(state_.last_heard_ns, now_ns_);
}

TEST_F(DisobedientInverter, reads_the_current_with_the_wrong_sign) {
  take("current-sign");
  EXPECT_TRUE(hear_frame(0x356, {0x88, 0x13, 0x64, 0x00, 0xFA, 0x00}));
  EXPECT_EQ(state_.battery.current_A, -10.0);
  EXPECT_TRUE(hear_frame(0x351, {0x30, 0x02, 0x64, 0x00, 0x58, 0x02}));
  EXPECT_EQ(state_.battery.current_A, -10.0) << "a frame without a current leaves it";
  be_obedient();
  EXPECT_TRUE(hear_frame(0x356, {0x88, 0x13, 0x64, 0x00, 0xFA, 0x00}));
  EXPECT_EQ(state_.battery.current_A, 10.0);
}

}  // namespace
}  // namespace doppelpack::sim
