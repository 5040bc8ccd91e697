// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What brands differ in, one part after the other, without a bench.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {
namespace {

class BrandedInverter : public ::testing::Test {
 protected:
  BrandedInverter() {
    state_.battery.cvl_V = 56.0;
    state_.battery.ccl_A = 50.0;
    state_.battery.dcl_A = 60.0;
    state_.last_heard_ns = now_ns_;
  }
  double target_A(double demand_W, double dc_V = 50.0) {
    state_.demand_W = demand_W;
    return pass(dc_V);
  }
  double site_target_A(double house_W, double sun_W, double dc_V = 50.0) {
    site_.is_active = true;
    site_.house_W = house_W;
    site_.sun_W = sun_W;
    pass(dc_V);
    return pass(dc_V);
  }
  double pass(double dc_V) {
    control(design_, now_ns_, {dc_V, state_.target_A}, site_, state_);
    return state_.target_A;
  }
  void lose_battery() { now_ns_ = state_.last_heard_ns + design_.battery_timeout_ns; }

  static constexpr double kAll_W = 100e3;
  Time now_ns_ = 100 * kSecond;
  InverterDesign design_;
  InverterState state_;
  SiteState site_;
};

TEST_F(BrandedInverter, that_stops_does_nothing_without_its_battery) {
  lose_battery();
  EXPECT_EQ(target_A(kAll_W), 0.0);
  EXPECT_EQ(target_A(-kAll_W), 0.0);
  EXPECT_TRUE(state_.is_alarm);
}

TEST_F(BrandedInverter, that_falls_back_goes_by_its_own_voltages) {
  design_.when_lost = WhenLost::fall_back;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_EQ(state_.max_V, 56.0);
  lose_battery();
  EXPECT_EQ(target_A(kAll_W), 100.0);
  EXPECT_EQ(target_A(-kAll_W), -100.0);
  EXPECT_EQ(state_.max_V, 57.6);
  EXPECT_TRUE(state_.is_battery_lost);
}

TEST_F(BrandedInverter, that_only_raises_an_alarm_keeps_to_what_it_heard_last) {
  design_.when_lost = WhenLost::alarm_only;
  lose_battery();
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_EQ(state_.max_V, 56.0);
  EXPECT_TRUE(state_.is_alarm);
  state_.last_heard_ns = -1;
  EXPECT_EQ(target_A(kAll_W), 0.0) << "it never heard one";
}

TEST_F(BrandedInverter, raises_its_alarm_for_the_causes_it_knows) {
  const auto is_alarm = [this] {
    pass(50.0);
    return state_.is_alarm;
  };
  EXPECT_FALSE(is_alarm());
  state_.battery.warnings = 2;
  EXPECT_FALSE(is_alarm());
  design_.alarms.is_warning = true;
  EXPECT_TRUE(is_alarm());
  state_.battery.warnings = 0;
  state_.battery.protections = 2;
  EXPECT_TRUE(is_alarm());
  design_.alarms.is_protection = false;
  EXPECT_FALSE(is_alarm());
  lose_battery();
  EXPECT_TRUE(is_alarm());
  design_.alarms.is_lost = false;
  EXPECT_FALSE(is_alarm());
}

TEST_F(BrandedInverter, is_patient_with_a_battery_that_may_still_be_starting) {
  state_.last_heard_ns = -1;
  now_ns_ = design_.battery_timeout_ns - 1;
  pass(50.0);
  EXPECT_FALSE(state_.is_alarm);
  ++now_ns_;
  pass(50.0);
  EXPECT_TRUE(state_.is_alarm);
}

TEST_F(BrandedInverter, may_stand_by_while_its_alarm_lasts) {
  state_.battery.protections = 2;
  EXPECT_EQ(target_A(-kAll_W), -60.0);
  design_.stops_on_alarm = true;
  EXPECT_EQ(target_A(kAll_W), 0.0);
  EXPECT_EQ(target_A(-kAll_W), 0.0);
  state_.battery.protections = 0;
  EXPECT_EQ(target_A(-kAll_W), -60.0);
}

TEST_F(BrandedInverter, loses_power_between_ac_and_dc) {
  design_.losses = {0.8, 50.0};
  EXPECT_DOUBLE_EQ(site_target_A(450.0, 1000.0), 8.0) << "500 W become 400 W";
  EXPECT_NEAR(site_.grid_W, 0.0, 1e-9);
  EXPECT_DOUBLE_EQ(site_target_A(750.0, 0.0), -20.0) << "800 W need 1000 W";
  EXPECT_NEAR(site_.grid_W, 0.0, 1e-9);
  state_.is_connected = false;
  site_target_A(750.0, 0.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 800.0);
}

TEST_F(BrandedInverter, imports_nothing_without_a_grid) {
  site_.price = 0.1;
  site_.cheap_price = 0.2;
  site_.cheap_charge_W = 1000.0;
  EXPECT_EQ(site_target_A(500.0, 0.0), 20.0);
  EXPECT_EQ(site_.grid_W, 1500.0);
  site_.is_grid_present = false;
  EXPECT_EQ(site_target_A(500.0, 0.0), -10.0);
  EXPECT_EQ(site_.grid_W, 0.0);
  EXPECT_EQ(site_target_A(10e3, 0.0), -60.0);
  EXPECT_EQ(site_.grid_W, 0.0);
}

TEST_F(BrandedInverter, may_ignore_the_dcl_off_grid_only) {
  design_.disobedience.ignores_dcl_off_grid = true;
  EXPECT_EQ(target_A(-kAll_W), -60.0);
  site_.is_grid_present = false;
  EXPECT_EQ(target_A(-kAll_W), -100.0);
}

TEST_F(BrandedInverter, may_discharge_down_to_the_cvl_whatever_the_dcl) {
  state_.battery.dcl_A = 0.0;
  EXPECT_EQ(target_A(1000.0, 57.1), 1000.0 / 57.1);
  design_.disobedience.discharges_above_cvl = true;
  EXPECT_NEAR(target_A(1000.0, 57.1), -50.0, 1e-9) << "1 V too high";
  EXPECT_EQ(target_A(1000.0, 70.0), -100.0);
  EXPECT_EQ(target_A(1000.0, 56.0), 1000.0 / 56.0);
}

// Vectors V37 and V38 of the CAN reference, computed there from SMA's document.
TEST_F(BrandedInverter, sends_what_sunny_island_measures) {
  HeartbeatFrame measured;
  measured.frame.id = 0x305;
  measured.content = HeartbeatContent::measured;
  HeartbeatFrame status;
  status.frame.id = 0x306;
  status.content = HeartbeatContent::status;
  status.needs_battery = true;
  design_.heartbeat.frames = {measured, status};
  state_.battery.T_degC = 22.5;
  state_.battery.soc = 0.734;
  state_.battery.soh = 0.99;
  state_.max_V = 56.0;
  state_.is_battery_lost = false;
  const auto& protocol = *can_emulator::find_can_protocol("sma-can");
  auto frames = heartbeat_frames(design_, protocol, 0, {52.1, 12.4}, state_);
  ASSERT_EQ(frames.size(), 2U);
  using Bytes = std::array<std::uint8_t, 8>;
  EXPECT_EQ(frames[0].data, (Bytes{0x09, 0x02, 0x84, 0xFF, 0xE1, 0x00, 0xDE, 0x02}));
  EXPECT_EQ(frames[1].data, (Bytes{0x63, 0x00, 0x0A, 0x01, 0x00, 0x00, 0x30, 0x02}));
  state_.is_alarm = true;
  frames = heartbeat_frames(design_, protocol, 0, {52.1, 12.4}, state_);
  EXPECT_EQ(frames[1].data[3], 3);
  state_.is_battery_lost = true;
  frames = heartbeat_frames(design_, protocol, 0, {-1.0, 1e9}, state_);
  ASSERT_EQ(frames.size(), 1U) << "the other one needs a battery";
  EXPECT_EQ(frames[0].data, (Bytes{0x00, 0x00, 0x00, 0x80, 0xE1, 0x00, 0xDE, 0x02}));
}

// Vector L38 of the CAN reference, computed there from Deye's document.
TEST_F(BrandedInverter, tells_the_time_of_its_clock) {
  HeartbeatFrame clock;
  clock.frame.id = 0x305;
  clock.content = HeartbeatContent::clock;
  design_.heartbeat.frames = {clock};
  const auto& protocol = *can_emulator::find_can_protocol("deye-lv-can");
  constexpr Time kDays = 364, kHour = 3600 * kSecond;
  const Time now_ns = (kDays * 24 + 13) * kHour + (45 * 60 + 30) * kSecond + kMillisecond;
  const auto frames = heartbeat_frames(design_, protocol, now_ns, {}, state_);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].dlc, 8);
  EXPECT_EQ(frames[0].data,
            (std::array<std::uint8_t, 8>{0x1E, 0x2D, 0x0D, 0x1F, 0x0C, 0x1A, 0x00, 0x00}));
}

TEST_F(BrandedInverter, may_go_on_for_a_while_without_its_battery) {
  design_.stop_delay_ns = 2 * kSecond;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  lose_battery();
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_TRUE(state_.is_alarm) << "it has noticed";
  now_ns_ += 2 * kSecond - 1;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  ++now_ns_;
  EXPECT_EQ(target_A(kAll_W), 0.0);
}

TEST_F(BrandedInverter, may_take_a_voltage_in_another_unit_for_wrong) {
  design_.alarms.is_voltage = true;
  state_.battery.pack_V = 52.8;
  pass(50.0);
  EXPECT_FALSE(state_.is_alarm);
  state_.battery.pack_V = 5.28;
  pass(5.0);
  EXPECT_FALSE(state_.is_alarm) << "the path is open";
  pass(50.0);
  EXPECT_TRUE(state_.is_alarm);
}

TEST_F(BrandedInverter, knows_some_packs_better_than_they_do) {
  PackCorrection correction;
  correction.pack = "PN";
  correction.cvl_V = 52.4;
  correction.cvl_up_to_V = 54.0;
  correction.lowest_ccl_per_h = 0.25;
  PackCorrection idle;
  idle.pack = "BYD";
  idle.idle_highest_cvl_V = 55.0;
  idle.idle_ccl_A = 40.0;
  design_.corrections = {correction, idle};
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_EQ(state_.max_V, 56.0) << "not one of them";

  state_.battery.family = "PN";
  EXPECT_EQ(target_A(kAll_W), 50.0) << "its capacity is not known";
  EXPECT_EQ(state_.max_V, 56.0) << "16 cells";
  state_.battery.cvl_V = 53.2;
  state_.battery.full_Ah = 300.0;
  EXPECT_EQ(target_A(kAll_W), 75.0);
  EXPECT_EQ(state_.max_V, 52.4);

  state_.battery.family.reset();
  state_.battery.manufacturer = "BYD LVS";
  state_.battery.cvl_V = 56.0;
  EXPECT_EQ(target_A(kAll_W), 50.0);
  EXPECT_EQ(state_.max_V, 56.0);
  state_.battery.ccl_A = 0.0;
  EXPECT_EQ(target_A(kAll_W), 40.0);
  EXPECT_EQ(state_.max_V, 55.0);
}

TEST_F(BrandedInverter, beats_as_the_protocol_says_and_faster_without_a_battery) {
  const auto& protocol = *can_emulator::find_can_protocol("growatt-lv-can");
  state_.is_battery_lost = true;
  EXPECT_EQ(heartbeat_period_ns({}, protocol, state_), kSecond);
  Heartbeat heartbeat;
  heartbeat.period_ns = 510 * kMillisecond;
  EXPECT_EQ(heartbeat_period_ns(heartbeat, protocol, state_), 510 * kMillisecond);
  heartbeat.rapid_period_ns = 100 * kMillisecond;
  EXPECT_EQ(heartbeat_period_ns(heartbeat, protocol, state_), 100 * kMillisecond);
  state_.is_battery_lost = false;
  EXPECT_EQ(heartbeat_period_ns(heartbeat, protocol, state_), 510 * kMillisecond);
  EXPECT_EQ(heartbeat_frames(design_, protocol, 0, {}, state_).front().id, 0x301U);
}

TEST_F(BrandedInverter, is_silent_in_its_gaps) {
  design_.heartbeat.gaps = {{7200 * kSecond, 3 * kSecond}, {86400 * kSecond, 5 * kSecond}};
  EXPECT_TRUE(is_beating(design_, 0));
  EXPECT_TRUE(is_beating(design_, 7200 * kSecond - 1));
  EXPECT_FALSE(is_beating(design_, 7200 * kSecond));
  EXPECT_FALSE(is_beating(design_, 7203 * kSecond - 1));
  EXPECT_TRUE(is_beating(design_, 7203 * kSecond));
  EXPECT_FALSE(is_beating(design_, 86404 * kSecond));
  EXPECT_TRUE(is_beating(design_, 86405 * kSecond));
}

TEST_F(BrandedInverter, jitters_within_its_bounds_by_the_seed) {
  Heartbeat heartbeat;
  EXPECT_EQ(heartbeat_jitter_ns(heartbeat, 1, 7), 0);
  heartbeat.jitter_ns = 50 * kMillisecond;
  Time earliest_ns = 0;
  Time latest_ns = 0;
  int differing = 0;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const Time jitter_ns = heartbeat_jitter_ns(heartbeat, 1, n);
    EXPECT_EQ(jitter_ns % kMillisecond, 0);
    earliest_ns = std::min(earliest_ns, jitter_ns);
    latest_ns = std::max(latest_ns, jitter_ns);
    if (jitter_ns != heartbeat_jitter_ns(heartbeat, 2, n)) ++differing;
  }
  EXPECT_EQ(earliest_ns, -50 * kMillisecond);
  EXPECT_EQ(latest_ns, 50 * kMillisecond);
  EXPECT_GT(differing, 900);
}

}  // namespace
}  // namespace doppelpack::sim
