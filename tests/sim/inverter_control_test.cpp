// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <cmath>

#include "sim/inverter.hpp"

namespace doppelpack::sim {
namespace {

class Inverter : public ::testing::Test {
 protected:
  Inverter() {
    design_.max_charge_A = 80.0;
    design_.max_discharge_A = 90.0;
    design_.charge_V = 57.6;
    design_.cutoff_V = 44.0;
    state_.last_heard_ns = now_ns_;
    state_.battery.cvl_V = 56.0;
    state_.battery.ccl_A = 50.0;
    state_.battery.dcl_A = 60.0;
    state_.battery.is_charge_allowed = true;
    state_.battery.is_discharge_allowed = true;
  }
  double target_A(double demand_W, double dc_V = 50.0) {
    state_.demand_W = demand_W;
    control(design_, now_ns_, {dc_V, 0.0}, site_, state_);
    // Once more when the power stage has followed.
    control(design_, now_ns_, {dc_V, state_.target_A}, site_, state_);
    return state_.target_A;
  }
  double site_target_A(double house_W, double sun_W) {
    site_.is_active = true;
    site_.house_W = house_W;
    site_.sun_W = sun_W;
    return target_A(12345.0);
  }

  Time now_ns_ = 100 * kSecond;
  InverterDesign design_;
  InverterState state_;
  SiteState site_;
};

TEST_F(Inverter, turns_power_into_current) {
  EXPECT_DOUBLE_EQ(target_A(1000.0), 20.0);
  EXPECT_DOUBLE_EQ(target_A(-1500.0), -30.0);
  EXPECT_DOUBLE_EQ(target_A(0.0), 0.0);
}

TEST_F(Inverter, holds_a_current_whatever_the_voltage_and_limits_it) {
  state_.demand_A = 12.5;
  EXPECT_DOUBLE_EQ(target_A(0.0), 12.5);
  EXPECT_DOUBLE_EQ(target_A(1000.0), 32.5);
  state_.demand_A = 500.0;
  EXPECT_DOUBLE_EQ(target_A(0.0), 50.0);
  EXPECT_DOUBLE_EQ(site_target_A(1500.0, 1000.0), -10.0) << "a site drives it alone";
}

TEST_F(Inverter, obeys_the_currents_heard) {
  EXPECT_DOUBLE_EQ(target_A(100e3), 50.0);
  EXPECT_DOUBLE_EQ(target_A(-100e3), -60.0);
  state_.battery.ccl_A = 0.0;
  state_.battery.dcl_A = 0.0;
  EXPECT_DOUBLE_EQ(target_A(100e3), 0.0);
  EXPECT_DOUBLE_EQ(target_A(-100e3), 0.0);
  EXPECT_FALSE(std::signbit(state_.target_A));
}

TEST_F(Inverter, never_exceeds_its_own_ratings) {
  state_.battery.ccl_A = 500.0;
  state_.battery.dcl_A = 500.0;
  EXPECT_DOUBLE_EQ(target_A(100e3), 80.0);
  EXPECT_DOUBLE_EQ(target_A(-100e3), -90.0);
  state_.battery.ccl_A.reset();
  state_.battery.dcl_A.reset();
  EXPECT_DOUBLE_EQ(target_A(100e3), 80.0);
  EXPECT_DOUBLE_EQ(target_A(-100e3), -90.0);
}

TEST_F(Inverter, does_what_is_allowed_only) {
  state_.battery.is_charge_allowed = false;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 0.0);
  EXPECT_DOUBLE_EQ(target_A(-1000.0), -20.0);
  state_.battery.is_charge_allowed = true;
  state_.battery.is_discharge_allowed = false;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 20.0);
  EXPECT_DOUBLE_EQ(target_A(-1000.0), 0.0);
}

TEST_F(Inverter, charges_to_the_lower_of_its_own_and_the_heard_voltage) {
  target_A(1000.0);
  EXPECT_DOUBLE_EQ(state_.max_V, 56.0);
  state_.battery.cvl_V = 60.0;
  target_A(1000.0);
  EXPECT_DOUBLE_EQ(state_.max_V, 57.6);
  state_.battery.cvl_V.reset();
  target_A(1000.0);
  EXPECT_DOUBLE_EQ(state_.max_V, 57.6);
}

TEST_F(Inverter, stops_when_it_hears_nothing_for_its_timeout) {
  design_.battery_timeout_ns = 10 * kSecond;
  state_.last_heard_ns = now_ns_ - 10 * kSecond + 1;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 20.0);
  EXPECT_FALSE(state_.is_battery_lost);
  state_.last_heard_ns = now_ns_ - 10 * kSecond;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 0.0);
  EXPECT_TRUE(state_.is_battery_lost);
  EXPECT_DOUBLE_EQ(target_A(-1000.0), 0.0);
  state_.last_heard_ns = now_ns_;
  EXPECT_DOUBLE_EQ(target_A(-1000.0), -20.0);
  EXPECT_FALSE(state_.is_battery_lost);
}

TEST_F(Inverter, does_nothing_before_it_heard_a_battery) {
  now_ns_ = 0;
  state_.last_heard_ns = -1;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 0.0);
  EXPECT_TRUE(state_.is_battery_lost);
}

TEST_F(Inverter, that_does_not_obey_knows_only_its_own_ratings) {
  state_.battery.is_charge_allowed = false;
  state_.battery.discharge_voltage_limit_V = 51.0;
  for (const bool is_by_design : {true, false}) {
    design_.obeys_limits = !is_by_design;
    state_.obeys_limits = is_by_design;
    EXPECT_DOUBLE_EQ(target_A(100e3), 80.0);
    EXPECT_DOUBLE_EQ(target_A(-100e3), -90.0);
    EXPECT_DOUBLE_EQ(state_.max_V, 57.6);
  }
  state_.last_heard_ns = -1;
  EXPECT_DOUBLE_EQ(target_A(100e3), 80.0);
  EXPECT_TRUE(state_.is_battery_lost);
  EXPECT_DOUBLE_EQ(target_A(-100e3, 43.9), 0.0) << "its own cut-off still holds";
}

TEST_F(Inverter, stops_discharging_at_its_cutoff_until_the_voltage_has_recovered) {
  EXPECT_LT(target_A(-1000.0, 44.2), 0.0);
  EXPECT_DOUBLE_EQ(target_A(-1000.0, 44.0), 0.0);
  EXPECT_DOUBLE_EQ(target_A(-1000.0, 45.9), 0.0);
  EXPECT_GT(target_A(1000.0, 45.9), 0.0);
  EXPECT_LT(target_A(-1000.0, 46.1), 0.0);
}

TEST_F(Inverter, stops_discharging_at_the_voltage_the_battery_asks_for) {
  state_.battery.discharge_voltage_limit_V = 47.0;
  EXPECT_LT(target_A(-1000.0, 47.2), 0.0);
  EXPECT_DOUBLE_EQ(target_A(-1000.0, 47.0), 0.0);
}

TEST_F(Inverter, survives_a_dead_pack) {
  for (const double dc_V : {0.0, 1e-300, -3.0, 19.9}) {
    EXPECT_DOUBLE_EQ(target_A(-1000.0, dc_V), 0.0) << dc_V;
    const double charge_A = target_A(100.0, dc_V);
    EXPECT_TRUE(charge_A > 0.0 && charge_A <= 50.0) << dc_V;
    EXPECT_DOUBLE_EQ(target_A(100e3, dc_V), 50.0) << dc_V;
  }
  design_.cutoff_V = 5.0;
  EXPECT_DOUBLE_EQ(target_A(-1000.0, 19.0), 0.0) << "below its wake-up voltage";
}

TEST_F(Inverter, asks_for_nothing_with_its_breaker_open) {
  state_.is_connected = false;
  EXPECT_DOUBLE_EQ(target_A(1000.0), 0.0);
  EXPECT_DOUBLE_EQ(site_target_A(500.0, 0.0), 0.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 500.0);
}

TEST_F(Inverter, stores_the_surplus_of_the_sun) {
  EXPECT_DOUBLE_EQ(site_target_A(400.0, 1400.0), 20.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 0.0);
}

TEST_F(Inverter, covers_the_house_from_the_pack) {
  EXPECT_DOUBLE_EQ(site_target_A(1400.0, 400.0), -20.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 0.0);
}

TEST_F(Inverter, leaves_to_the_grid_what_the_pack_may_not_do) {
  EXPECT_DOUBLE_EQ(site_target_A(10'000.0, 0.0), -60.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 7'000.0);
  EXPECT_DOUBLE_EQ(site_target_A(0.0, 10'000.0), 50.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, -7'500.0);
}

TEST_F(Inverter, charges_from_the_grid_while_it_is_cheap) {
  site_.price = 0.10;
  site_.cheap_price = 0.10;
  site_.cheap_charge_W = 2000.0;
  EXPECT_DOUBLE_EQ(site_target_A(500.0, 0.0), 40.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 2500.0);
  EXPECT_DOUBLE_EQ(site_target_A(500.0, 900.0), 48.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 2000.0);
  site_.price = 0.11;
  EXPECT_DOUBLE_EQ(site_target_A(500.0, 0.0), -10.0);
}

TEST_F(Inverter, sees_on_the_grid_what_flows_and_not_what_it_wishes) {
  site_target_A(0.0, 1000.0);
  control(design_, now_ns_, {50.0, 5.0}, site_, state_);  // the pack is full and takes 250 W
  EXPECT_DOUBLE_EQ(site_.grid_W, -750.0);
}

TEST_F(Inverter, has_no_grid_without_a_site) {
  site_.grid_W = 99.0;
  target_A(1000.0);
  EXPECT_DOUBLE_EQ(site_.grid_W, 0.0);
}

}  // namespace
}  // namespace doppelpack::sim
