// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The current sensor to the count: the stage alone, scan by scan.
#include "bench.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

constexpr uint32_t kPack_mV = 52800;

class ShuntStage : public testing::Test {
 protected:
  bms_config_t config = make_config();  // steps of 300 mV, still within 500 mA, offset 1 A
  core_t core{};
  uint32_t pack_mV = kPack_mV;
  int32_t lowest_mV = 3300, highest_mV = 3300;

  void SetUp() override {
    core.config = &config;
    core.diagnosis.enabled = BMS_FAILURE_BIT(BMS_FAILURE_SHUNT);
    core.out.charge_gate = true;
    core.out.report.uptime_ms = 5000;
    set_voltages_mV(kPack_mV, kPack_mV);
    bms_prepare_shunt(&core);
  }
  void set_voltages_mV(uint32_t stack_mV, uint32_t terminal_mV) {
    core.out.report.stack_mV = stack_mV;
    core.out.report.terminal_mV = terminal_mV;
  }
  bool is_found_by_scan(std::initializer_list<int32_t> samples) {
    for (const int32_t counts : samples) bms_watch_shunt(&core, counts);
    core.measured.signals[SIGNAL_PACK_mV] = static_cast<int32_t>(pack_mV);
    core.measured.signals[SIGNAL_LOWEST_CELL_mV] = lowest_mV;
    core.measured.signals[SIGNAL_HIGHEST_CELL_mV] = highest_mV;
    bms_diagnose_shunt(&core);
    return (core.diagnosis.active & BMS_FAILURE_BIT(BMS_FAILURE_SHUNT)) != 0;
  }
  void start_anew() {
    core.diagnosis.shunt = {};
    core.diagnosis.active = core.diagnosis.found = 0;
    bms_prepare_shunt(&core);
  }
  void scans(int count) {
    for (int i = 0; i < count; ++i) is_found_by_scan({0});
  }
  // Up and down by turns, with three scans of the new voltage after each.
  bool is_found_by_steps(int count, int32_t sum_mV, int32_t low_mV, int32_t high_mV,
                         int32_t span_counts = 0) {
    start_anew();
    scans(4);
    for (int i = 0; i < count; ++i) {
      const int32_t sign = i % 2 == 0 ? 1 : -1;
      pack_mV += static_cast<uint32_t>(sign * sum_mV);
      lowest_mV += sign * low_mV;
      highest_mV += sign * high_mV;
      is_found_by_scan({0, span_counts, 0});
      scans(3);
    }
    return is_found_by_scan({0});
  }
};

TEST_F(ShuntStage, takes_no_reading_that_did_not_arrive) {
  bms_inputs_t in{};
  in.shunt_adc = 12345;
  const int32_t before = core.diagnosis.shunt.high[0];
  bms_diagnose(&core, &in, 1000);
  EXPECT_EQ(core.diagnosis.shunt.high[0], before);
  core.measured.fresh = BMS_FRESH_CURRENT;
  bms_diagnose(&core, &in, 1000);
  EXPECT_EQ(core.diagnosis.shunt.high[0], 12345);
}

TEST_F(ShuntStage, is_at_its_rail_when_every_sample_is_from_the_first_scan_on) {
  config.diagnosis.shunt_rail_counts = 300000;
  for (const int32_t sign : {1, -1}) {
    start_anew();
    EXPECT_TRUE(is_found_by_scan({sign * 300000, sign * 300001})) << sign;
    EXPECT_FALSE(is_found_by_scan({sign * 299999, sign * 300001})) << sign;
    EXPECT_TRUE(is_found_by_scan({sign * 300000})) << sign;
  }
}

TEST(ShuntOfACore, is_at_its_rail_with_the_first_scan_after_power_up) {
  for (const int32_t counts : {300000, -300000}) {
    Bench bench;
    bench.config.diagnosis.shunt_rail_counts = 300000;
    bench.config.failures[BMS_FAILURE_SHUNT] = {true, false, 0, 0, 0};
    bench.set_current_mA(counts);
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.step();
    EXPECT_TRUE(bench.has_failed(BMS_FAILURE_SHUNT)) << counts;
  }
}

TEST_F(ShuntStage, misses_steps_that_the_sum_and_half_a_share_of_both_extremes_make) {
  for (const int32_t sign : {1, -1}) {
    const auto steps = [&](int count, int32_t sum, int32_t low, int32_t high) {
      return is_found_by_steps(count, sign * sum, sign * low, sign * high);
    };
    EXPECT_FALSE(steps(2, 300, 9, 9));
    EXPECT_TRUE(steps(3, 300, 9, 9));
    EXPECT_TRUE(steps(5, 300, 9, 9)) << "found is found";
    EXPECT_FALSE(steps(5, 299, 9, 9));
    EXPECT_FALSE(steps(5, 300, 8, 9)) << "the lowest cell did not take part";
    EXPECT_FALSE(steps(5, 300, 9, 8)) << "the highest did not";
    EXPECT_FALSE(steps(5, 300, -9, 9)) << "nor in the other direction";
    EXPECT_FALSE(steps(5, 300, 9, -9));
  }
}

TEST_F(ShuntStage, stands_still_within_the_bound) {
  EXPECT_TRUE(is_found_by_steps(3, 300, 9, 9, 500));
  EXPECT_FALSE(is_found_by_steps(3, 300, 9, 9, 501));
  EXPECT_TRUE(is_found_by_steps(3, 300, 9, 9, -500));
  EXPECT_FALSE(is_found_by_steps(3, 300, 9, 9, -501));
  config.sensing.shunt_uA_per_count = 500;
  EXPECT_TRUE(is_found_by_steps(3, 300, 9, 9, 1000));
  EXPECT_FALSE(is_found_by_steps(3, 300, 9, 9, 1001));
}

// It may have moved in this scan or in one of the two before.
TEST_F(ShuntStage, is_looked_at_over_three_scans) {
  for (int before = 0; before < 5; ++before) {
    for (const int32_t counts : {600, -600}) {
      start_anew();
      scans(4);
      bool is_found = false;
      for (int step = 0; step < 3; ++step) {
        is_found_by_scan({before == 0 ? 0 : counts});
        for (int i = 1; i < before; ++i) is_found_by_scan({0});
        pack_mV += 300, lowest_mV += 19, highest_mV += 19;
        is_found = before == 0 ? is_found_by_scan({0, counts}) : is_found_by_scan({0});
        scans(4);
      }
      EXPECT_EQ(is_found, before > 2) << before << " " << counts;
    }
  }
}

TEST_F(ShuntStage, is_not_judged_in_a_scan_in_which_bleeders_changed) {
  for (const bool do_change : {true, false}) {
    start_anew();
    scans(4);
    for (int i = 0; i < 3; ++i) {
      if (do_change) core.out.bleeders ^= 1;
      pack_mV += 300, lowest_mV += 19, highest_mV += 19;
      is_found_by_scan({0});
      scans(3);
    }
    EXPECT_EQ(is_found_by_scan({0}), !do_change);
  }
}

TEST_F(ShuntStage, knows_three_scans_before_it_compares) {
  for (const int known : {2, 3}) {
    start_anew();
    scans(known);
    for (int i = 0; i < 3; ++i) {
      pack_mV += 300, lowest_mV += 19, highest_mV += 19;
      is_found_by_scan({0});
    }
    EXPECT_EQ(is_found_by_scan({0}), known == 3) << known;
  }
}

TEST_F(ShuntStage, has_an_offset_when_current_flows_on_an_open_path) {
  const struct {
    int32_t current_mA;
    uint32_t terminal_mV;
    bool is_found;
  } rows[] = {
      {999, kPack_mV, false},         {1000, kPack_mV, true},
      {-999, kPack_mV, false},        {-1000, kPack_mV, true},
      {2999, kPack_mV, true},         {3000, kPack_mV, false},  // a MOSFET may conduct
      {3000, kPack_mV - 1500, false}, {3000, kPack_mV - 1501, true},
      {3000, kPack_mV + 1501, true},  {999, 0, false},
  };
  for (const auto& row : rows) {
    for (const int gates : {0, 1, 2}) {
      start_anew();
      core.diagnosis.shunt.has_offset = gates != 0 && !row.is_found;  // the last finding stands
      core.out.charge_gate = gates == 1;
      core.out.discharge_gate = gates == 2;
      core.diagnosis.muscles.gates_ms = 4000;
      core.out.report.current_mA = row.current_mA;
      set_voltages_mV(kPack_mV, row.terminal_mV);
      EXPECT_EQ(is_found_by_scan({0}), gates == 0 ? row.is_found : !row.is_found)
          << row.current_mA << " " << row.terminal_mV << " " << gates;
    }
  }
}

TEST_F(ShuntStage, has_no_offset_before_the_gates_have_been_open_for_a_second) {
  core.out.charge_gate = false;
  core.out.report.current_mA = 2000;
  core.diagnosis.muscles.gates_ms = 4001;
  EXPECT_FALSE(is_found_by_scan({0}));
  core.diagnosis.muscles.gates_ms = 4000;
  EXPECT_TRUE(is_found_by_scan({0}));
}

}  // namespace
}  // namespace bms_test
