// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Thermistors: broken ones, and those that lie plausibly.
#include "pack.hpp"

namespace bms_test {
namespace {

class Ntcs : public testing::Test {
 protected:
  void power_with(bms_failure_t failure) {
    pack_.enable(failure, 0);
    pack_.power();
  }
  bool has_failed(bms_failure_t failure) { return pack_.has_failed(failure); }
  void break_ntc(std::size_t ntc, uint16_t counts) {
    pack_.ntc_degC[ntc] = 9999;  // converted no more
    pack_.in.ntc_adc[ntc] = counts;
  }
  void move_all(double to_degC) {
    for (double& each : pack_.ntc_degC) each = to_degC;
  }
  Pack pack_;
};

TEST_F(Ntcs, an_open_or_shorted_one_is_found) {
  power_with(BMS_FAILURE_NTC_BROKEN);
  for (const uint16_t counts : {uint16_t{kNtcFullScale}, uint16_t{0}}) {
    break_ntc(3, counts);
    pack_.run(100);
    EXPECT_TRUE(has_failed(BMS_FAILURE_NTC_BROKEN));
    pack_.ntc_degC[3] = 25;
    pack_.run(100);
    EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_BROKEN));
  }
}

TEST_F(Ntcs, a_broken_one_is_left_out_where_its_failure_decides) {
  pack_.config.rules[BMS_RULE_UTC].protection = {true, 0, 30, 1000, 2000};
  pack_.config.rules[BMS_RULE_OTC].protection = {true, 500, 450, 1000, 2000};
  power_with(BMS_FAILURE_NTC_BROKEN);
  break_ntc(3, kNtcFullScale);
  break_ntc(1, 0);
  pack_.run(3000);
  EXPECT_EQ(pack_.out.report.protections, 0u);
  pack_.ntc_degC[2] = -5;
  pack_.run(1200);
  EXPECT_EQ(pack_.out.report.protections, BMS_RULE_BIT(BMS_RULE_UTC));
}

TEST_F(Ntcs, with_none_left_the_pack_may_be_as_cold_and_as_hot_as_can_be) {
  pack_.config.rules[BMS_RULE_UTC].protection = {true, 0, 30, 1000, 2000};
  pack_.config.rules[BMS_RULE_OTC].protection = {true, 500, 450, 1000, 2000};
  pack_.enable(BMS_FAILURE_NTCS_DEAD, 0);
  power_with(BMS_FAILURE_NTC_BROKEN);
  for (std::size_t i = 0; i < 3; ++i) break_ntc(i, 0);
  pack_.run(100);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTCS_DEAD));
  break_ntc(3, kNtcFullScale);
  pack_.run(1200);
  EXPECT_TRUE(has_failed(BMS_FAILURE_NTCS_DEAD));
  EXPECT_EQ(pack_.out.report.protections, BMS_RULE_BIT(BMS_RULE_UTC) | BMS_RULE_BIT(BMS_RULE_OTC));
}

TEST_F(Ntcs, that_of_the_mosfets_is_found_where_there_is_one) {
  pack_.in.mosfet_ntc_adc = 0;
  power_with(BMS_FAILURE_MOSFET_NTC);
  EXPECT_FALSE(has_failed(BMS_FAILURE_MOSFET_NTC));
  pack_.config.sensing.has_mosfet_ntc = true;
  pack_.in.mosfet_ntc_adc = ntc_counts(10000);
  power_with(BMS_FAILURE_MOSFET_NTC);
  pack_.run(100);
  EXPECT_FALSE(has_failed(BMS_FAILURE_MOSFET_NTC));
  pack_.in.mosfet_ntc_adc = 0;
  pack_.run(100);
  EXPECT_TRUE(has_failed(BMS_FAILURE_MOSFET_NTC));
}

TEST_F(Ntcs, a_broken_one_of_the_mosfets_trips_their_rule_unless_its_failure_decides) {
  pack_.config.sensing.has_mosfet_ntc = true;
  pack_.config.rules[BMS_RULE_MOSFET_OT].protection = {true, 1000, 900, 0, 0};
  pack_.in.mosfet_ntc_adc = ntc_counts(10000);
  pack_.power();
  pack_.in.mosfet_ntc_adc = 0;
  pack_.run(100);
  EXPECT_TRUE(pack_.is_protecting(BMS_RULE_MOSFET_OT));
  pack_.in.mosfet_ntc_adc = ntc_counts(10000);
  power_with(BMS_FAILURE_MOSFET_NTC);
  pack_.in.mosfet_ntc_adc = 0;
  pack_.run(100);
  EXPECT_FALSE(pack_.is_protecting(BMS_RULE_MOSFET_OT));
  pack_.in.mosfet_ntc_adc = ntc_counts(500);  // hot, and valid
  pack_.run(100);
  EXPECT_TRUE(pack_.is_protecting(BMS_RULE_MOSFET_OT));
}

TEST_F(Ntcs, one_that_drifts_away_from_the_others_is_found_in_either_direction) {
  power_with(BMS_FAILURE_NTC_STUCK);
  for (const double away_degC : {14.0, -14.0}) {
    pack_.ntc_degC[2] = 25 + away_degC;
    pack_.run(200);
    EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK)) << away_degC;
  }
  for (const double away_degC : {16.5, -16.5}) {
    pack_.ntc_degC[2] = 25 + away_degC;
    pack_.run(200);
    EXPECT_TRUE(has_failed(BMS_FAILURE_NTC_STUCK)) << away_degC;
    pack_.ntc_degC[2] = 25;
    pack_.run(200);
    EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK)) << away_degC;
  }
}

TEST_F(Ntcs, two_of_them_that_differ_tell_nothing) {
  pack_.config.ntc_count = 2;
  power_with(BMS_FAILURE_NTC_STUCK);
  pack_.ntc_degC[1] = 60;
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));
}

TEST_F(Ntcs, one_that_stands_still_while_others_warm_up_is_found) {
  power_with(BMS_FAILURE_NTC_STUCK);
  pack_.ntc_degC = {29.5, 30, 25, 29.5};
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));
  pack_.ntc_degC = {30.5, 31, 25, 30.5};
  pack_.run(100);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));  // it moved from 24.5: 0.5 K
  pack_.ntc_degC = {36, 36.5, 25, 36};
  pack_.run(100);
  EXPECT_TRUE(has_failed(BMS_FAILURE_NTC_STUCK));
  pack_.ntc_degC = {30, 30, 30, 30};
  pack_.run(100);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));
}

TEST_F(Ntcs, a_broken_one_is_not_adrift) {
  power_with(BMS_FAILURE_NTC_STUCK);
  break_ntc(1, kNtcFullScale);
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));
}

TEST_F(Ntcs, one_that_comes_back_makes_nobody_suspicious) {
  break_ntc(0, 0);
  break_ntc(1, 0);
  power_with(BMS_FAILURE_NTC_STUCK);
  pack_.run(1000);
  pack_.ntc_degC[0] = pack_.ntc_degC[1] = 25;
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK));
}

// 100 A for ten minutes after a rest of ten minutes.
class Heat : public Ntcs {
 protected:
  void SetUp() override {
    pack_.config.diagnosis.ntc_heat_A2s = 60000;
    pack_.config.diagnosis.ntc_heat_ms = 12000;
    pack_.config.diagnosis.ntc_rest_ms = 6000;
    pack_.config.limits.dcl_mA = 200000;
    power_with(BMS_FAILURE_NTC_STUCK);
  }
  bool is_found() { return has_failed(BMS_FAILURE_NTC_STUCK); }
};

TEST_F(Heat, that_moves_none_of_them_shows_that_all_are_frozen) {
  pack_.run(6200);
  pack_.current_A = -100;
  pack_.run(5900);
  EXPECT_FALSE(is_found());
  pack_.run(400);
  EXPECT_TRUE(is_found());
}

TEST_F(Heat, that_moves_them_clears_the_finding_after_the_next_rest) {
  pack_.run(6200);
  pack_.current_A = -100;
  pack_.run(6400);
  ASSERT_TRUE(is_found());
  pack_.current_A = 0;
  pack_.run(6200);
  pack_.current_A = -100;
  move_all(26);
  pack_.run(6400);
  EXPECT_FALSE(is_found());
  move_all(25);  // where they were at the last rest
  pack_.run(30000);
  EXPECT_FALSE(is_found());
}

TEST_F(Heat, without_a_rest_before_it_tells_nothing) {
  pack_.run(5000);
  pack_.current_A = -100;
  pack_.run(30000);
  EXPECT_FALSE(is_found());
}

TEST_F(Heat, that_comes_too_slowly_tells_nothing) {
  pack_.run(6200);
  pack_.current_A = -70;  // 58800 A2s in 12 s
  pack_.run(30000);
  EXPECT_FALSE(is_found());
}

TEST_F(Heat, goes_on_through_a_short_pause) {
  pack_.run(6200);
  pack_.current_A = 100;
  pack_.run(3000);
  pack_.current_A = 0;
  pack_.run(4000);
  pack_.current_A = 100;
  pack_.run(2800);
  EXPECT_FALSE(is_found());
  pack_.run(500);
  EXPECT_TRUE(is_found());
}

TEST_F(Ntcs, each_way_of_lying_is_off_with_a_threshold_of_zero) {
  pack_.config.diagnosis.ntc_drift_ddegC = 0;
  pack_.config.diagnosis.ntc_move_ddegC = 0;
  pack_.config.diagnosis.ntc_heat_A2s = 0;
  pack_.config.diagnosis.ntc_rest_ms = 1000;
  power_with(BMS_FAILURE_NTC_STUCK);
  pack_.run(2000);
  pack_.ntc_degC[2] = 60;
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK)) << "drift";
  for (const std::size_t moved : {0u, 1u, 3u}) pack_.ntc_degC[moved] = 40;
  pack_.run(1000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK)) << "move";
  pack_.current_A = 100;
  pack_.run(10000);
  EXPECT_FALSE(has_failed(BMS_FAILURE_NTC_STUCK)) << "heat";
}

}  // namespace
}  // namespace bms_test
