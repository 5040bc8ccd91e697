// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a Sunny Island makes of what it hears, without a bench.
#include <gtest/gtest.h>

#include "sim/inverter.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

class SunnyIsland : public ::testing::Test {
 protected:
  void hear_limits(double cvl_V) {
    can_emulator::CanFrame frame;
    frame.id = 0x351;
    frame.dlc = 8;
    const auto decivolts = static_cast<unsigned>(cvl_V * 10.0 + 0.5);
    frame.data = {static_cast<std::uint8_t>(decivolts & 0xFFU),
                  static_cast<std::uint8_t>(decivolts >> 8U),
                  0xE8,
                  0x03,
                  0xE8,
                  0x03,
                  0xA4,
                  0x01};
    ASSERT_TRUE(hear(design_, protocol_, {}, frame, now_ns_, state_));
  }
  void hear_charge() {
    can_emulator::CanFrame frame;
    frame.id = 0x355;
    frame.dlc = 4;
    frame.data = {50, 0, 100, 0};
    ASSERT_TRUE(hear(design_, protocol_, {}, frame, now_ns_, state_));
  }
  double target_A() {
    state_.demand_W = 100e3;
    control(design_, now_ns_, {50.0, 0.0}, site_, state_);
    return state_.target_A;
  }
  unsigned status(std::size_t at) const {
    return heartbeat_frames(design_, protocol_, now_ns_, {50.0, 0.0}, state_).at(1).data.at(at);
  }

  InverterDesign design_ = load_inverter("sma-sunny-island", find_data_folder());
  const can_emulator::CanProtocol& protocol_ = *can_emulator::find_can_protocol("sma-can");
  Time now_ns_ = kSecond;
  InverterState state_;
  SiteState site_;
};

TEST_F(SunnyIsland, stands_by_without_the_state_of_charge_though_it_hears_the_limits) {
  for (; now_ns_ < 59 * kSecond; now_ns_ += kSecond) {
    hear_limits(56.0);
    target_A();
  }
  EXPECT_EQ(target_A(), 100.0);
  EXPECT_EQ(status(3), 1U);
  now_ns_ = 60 * kSecond;
  hear_limits(56.0);
  EXPECT_EQ(target_A(), 0.0);
  EXPECT_TRUE(state_.is_battery_lost);
  EXPECT_EQ(status(3), 4U) << "F952";
  EXPECT_EQ(status(4) | status(5) << 8U, 952U);
  hear_charge();
  EXPECT_EQ(target_A(), 100.0);
}

TEST_F(SunnyIsland, warns_and_takes_its_defaults_without_the_limits) {
  hear_limits(56.0);
  target_A();
  for (; now_ns_ < 80 * kSecond; now_ns_ += kSecond) {
    hear_charge();
    target_A();
  }
  EXPECT_EQ(target_A(), 0.0);
  EXPECT_EQ(state_.max_V, 54.0);
  EXPECT_FALSE(state_.is_battery_lost);
  EXPECT_EQ(status(3), 3U) << "W952";
}

TEST_F(SunnyIsland, keeps_the_last_voltage_that_is_in_range) {
  hear_limits(56.0);
  hear_limits(0.0);
  EXPECT_EQ(state_.battery.cvl_V, 56.0);
  hear_limits(63.1);
  EXPECT_EQ(state_.battery.cvl_V, 56.0);
  hear_limits(63.0);
  EXPECT_EQ(state_.battery.cvl_V, 63.0);
}

TEST_F(SunnyIsland, takes_its_time_over_a_lower_limit) {
  const auto target_after_A = [&](Time after_ns) {
    now_ns_ += after_ns;
    state_.last_heard_ns = now_ns_;
    return target_A();
  };
  state_.battery.ccl_A = 80.0;
  target_A();
  EXPECT_EQ(target_after_A(9 * kSecond), 80.0);
  state_.battery.ccl_A = 5.0;
  target_after_A(100 * kMillisecond);
  EXPECT_EQ(target_after_A(8900 * kMillisecond), 80.0);
  EXPECT_EQ(target_after_A(100 * kMillisecond), 5.0);
  state_.battery.protections = 1;
  EXPECT_EQ(target_after_A(100 * kMillisecond), 0.0) << "an alarm puts it into standby at once";
}

}  // namespace
}  // namespace doppelpack::sim
