// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

#include <ostream>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

// What each rule must do, written from the fault matrix, not from the core's table.
struct RuleCase {
  bms_rule_t rule;
  const char* name;
  void (*apply)(Bench&, int32_t value);  // puts the rule's signal at `value`, in the rule's unit
  int32_t outwards;                      // the smallest step towards the trip that is surely seen
  bool opens_charge;
  bool opens_discharge;
  bms_fresh_t group;  // the readings it needs

  friend std::ostream& operator<<(std::ostream& stream, const RuleCase& self) {
    return stream << self.name;
  }
};

void apply_highest_cell(Bench& bench, int32_t mV) {
  bench.set_cell_mV(5, static_cast<uint32_t>(mV));
}
void apply_pack(Bench& bench, int32_t mV) {
  bench.set_pack_mV(static_cast<uint32_t>(mV));
}
void apply_charge(Bench& bench, int32_t mA) {
  bench.set_current_mA(mA);
}
void apply_discharge(Bench& bench, int32_t mA) {
  bench.set_current_mA(-mA);
}
void apply_ntc(Bench& bench, int32_t ddegC) {
  bench.set_ntc_degC(2, ddegC / 10.0);
}

void apply_spread(Bench& bench, int32_t mV) {
  bench.set_cell_mV(5, static_cast<uint32_t>(3300 + mV));
}
void apply_t_spread(Bench& bench, int32_t ddegC) {
  bench.set_ntc_degC(2, 25 + ddegC / 10.0);
}
void apply_mosfet(Bench& bench, int32_t ddegC) {
  bench.in.mosfet_ntc_adc = ntc_counts(ntc_Ohm(ddegC / 10.0));
}
void apply_insulation(Bench& bench, int32_t kOhm) {
  bench.in.insulation_kOhm = static_cast<uint16_t>(kOhm);
}

// NTC steps are 0.5 K: table, fit and counts agree to about 0.2 K.
const RuleCase kAnalogue[] = {
    {BMS_RULE_CELL_OV, "cell-ov", apply_highest_cell, 1, true, false, BMS_FRESH_CELLS},
    {BMS_RULE_CELL_UV, "cell-uv", apply_highest_cell, -1, false, true, BMS_FRESH_CELLS},
    {BMS_RULE_PACK_OV, "pack-ov", apply_pack, 1, true, false, BMS_FRESH_CELLS},
    {BMS_RULE_PACK_UV, "pack-uv", apply_pack, -1, false, true, BMS_FRESH_CELLS},
    {BMS_RULE_OCC, "occ", apply_charge, 1, true, false, BMS_FRESH_CURRENT},
    {BMS_RULE_OCD, "ocd", apply_discharge, 1, false, true, BMS_FRESH_CURRENT},
    {BMS_RULE_OCD2, "ocd2", apply_discharge, 1, false, true, BMS_FRESH_CURRENT},
    {BMS_RULE_OTC, "otc", apply_ntc, 5, true, false, BMS_FRESH_NTCS},
    {BMS_RULE_OTD, "otd", apply_ntc, 5, false, true, BMS_FRESH_NTCS},
    {BMS_RULE_UTC, "utc", apply_ntc, -5, true, false, BMS_FRESH_NTCS},
    {BMS_RULE_UTD, "utd", apply_ntc, -5, false, true, BMS_FRESH_NTCS},
    {BMS_RULE_CELL_FAILURE_HIGH, "cell-failure-high", apply_highest_cell, 1, true, true,
     BMS_FRESH_CELLS},
    {BMS_RULE_CELL_FAILURE_LOW, "cell-failure-low", apply_highest_cell, -1, true, true,
     BMS_FRESH_CELLS},
    {BMS_RULE_CELL_ZERO, "cell-zero", apply_highest_cell, -1, true, true, BMS_FRESH_CELLS},
    {BMS_RULE_SPREAD, "spread", apply_spread, 1, true, true, BMS_FRESH_CELLS},
    {BMS_RULE_SPREAD_FAILURE, "spread-failure", apply_spread, 1, true, true, BMS_FRESH_CELLS},
    {BMS_RULE_T_SPREAD, "t-spread", apply_t_spread, 5, true, true, BMS_FRESH_NTCS},
    {BMS_RULE_MOSFET_OT, "mosfet-ot", apply_mosfet, 5, true, true, BMS_FRESH_NTCS},
    {BMS_RULE_INSULATION, "insulation", apply_insulation, -1, true, true, BMS_FRESH_INSULATION},
};

// Those that a bench of its own does without.
void add_rules(Bench& bench) {
  auto& rules = bench.config.rules;
  rules[BMS_RULE_CELL_FAILURE_HIGH] = make_rule(4000, 3900, 4100, 3800);
  rules[BMS_RULE_CELL_FAILURE_LOW] = make_rule(1800, 2000, 1500, 2100);
  rules[BMS_RULE_CELL_ZERO] = make_rule(600, 1000, 500, 1100);
  rules[BMS_RULE_SPREAD] = make_rule(100, 80, 300, 90);
  rules[BMS_RULE_SPREAD_FAILURE] = make_rule(900, 700, 1000, 800);
  rules[BMS_RULE_T_SPREAD] = make_rule(100, 80, 150, 90);
  rules[BMS_RULE_MOSFET_OT] = make_rule(900, 850, 1000, 800);
  rules[BMS_RULE_INSULATION] = make_rule(100, 200, 50, 150);
  bench.config.sensing.has_mosfet_ntc = true;
  apply_mosfet(bench, 250);
  apply_insulation(bench, 1000);
  bench.in.fresh |= BMS_FRESH_INSULATION;
}

void enable_only(bms_config_t& config, bms_rule_t only) {
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    config.rules[i].warning.is_enabled = false;
    config.rules[i].protection.is_enabled = i == only;
  }
}

class EachRule : public testing::TestWithParam<RuleCase> {
 protected:
  void SetUp() override {
    add_rules(bench_);
    enable_only(bench_.config, GetParam().rule);
    bench_.start();
    ASSERT_TRUE(bench_.are_gates(true, true));
  }
  const bms_threshold_t& protection() const {
    return bench_.config.rules[GetParam().rule].protection;
  }
  // At the value or surely beyond it: NTC readings are not exact.
  int32_t margin() const { return GetParam().group == BMS_FRESH_NTCS ? GetParam().outwards : 0; }
  void apply(int32_t value) { GetParam().apply(bench_, value); }
  void trip() {
    apply(protection().trip + margin());
    bench_.run_ms(protection().trip_delay_ms + 1);
    ASSERT_EQ(bench_.out.report.protections, BMS_RULE_BIT(GetParam().rule));
  }

  Bench bench_;
};

TEST_P(EachRule, does_not_trip_just_short_of_its_threshold) {
  apply(protection().trip - GetParam().outwards);
  bench_.run_ms(5000);
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EachRule, trips_at_its_threshold_after_exactly_its_delay) {
  apply(protection().trip + margin());
  bench_.run_ms(
      protection().trip_delay_ms);  // first seen 1 ms after power-up's step, then delay - 1 ms
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, BMS_RULE_BIT(GetParam().rule));
}

TEST_P(EachRule, starts_its_delay_anew_when_one_reading_is_good) {
  apply(protection().trip + margin());
  bench_.run_ms(protection().trip_delay_ms);
  apply(protection().trip - GetParam().outwards);
  bench_.step();
  apply(protection().trip + margin());
  bench_.run_ms(protection().trip_delay_ms);
  EXPECT_EQ(bench_.out.report.protections, 0u);
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, BMS_RULE_BIT(GetParam().rule));
}

TEST_P(EachRule, needs_no_other_readings_than_its_own) {
  bench_.in.fresh = GetParam().group;
  trip();
  apply(protection().release - margin());
  bench_.in.fresh = kAllFresh & ~static_cast<uint32_t>(GetParam().group);
  bench_.run_ms(10000);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
  bench_.in.fresh = GetParam().group;
  bench_.run_ms(protection().release_delay_ms + 1);
  EXPECT_EQ(bench_.out.report.protections, 0u);
}

TEST_P(EachRule, opens_its_gates_and_tells_the_inverter) {
  trip();
  const RuleCase& rule = GetParam();
  EXPECT_EQ(bench_.out.charge_gate, !rule.opens_charge);
  EXPECT_EQ(bench_.out.discharge_gate, !rule.opens_discharge);
  EXPECT_EQ(bench_.out.report.is_charge_allowed, !rule.opens_charge);
  EXPECT_EQ(bench_.out.report.is_discharge_allowed, !rule.opens_discharge);
  if (rule.opens_charge) {
    EXPECT_EQ(bench_.out.report.ccl_mA, 0u);
  }
  if (rule.opens_discharge) {
    EXPECT_EQ(bench_.out.report.dcl_mA, 0u);
  }
  EXPECT_EQ(bench_.out.report.state, BMS_STATE_PROTECTION);
}

TEST_P(EachRule, stays_between_trip_and_release) {
  trip();
  apply(protection().release + GetParam().outwards);
  bench_.run_ms(10000);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
}

TEST_P(EachRule, releases_at_its_release_value_after_exactly_its_delay) {
  trip();
  apply(protection().release - margin());
  bench_.run_ms(protection().release_delay_ms);
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
  bench_.step();
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EachRule, keeps_its_delay_when_steps_are_no_whole_milliseconds) {
  bench_.dt_us = 300;
  apply(protection().trip + margin());
  bench_.step();
  for (int i = 1; i < 3334; ++i) bench_.step();  // 3333 steps later: 999.9 ms
  EXPECT_FALSE(bench_.is_protecting(GetParam().rule));
  bench_.step();  // 1000.2 ms
  EXPECT_TRUE(bench_.is_protecting(GetParam().rule));
}

TEST_P(EachRule, warns_without_opening_anything) {
  enable_only(bench_.config, BMS_RULE_COUNT);
  const bms_threshold_t& warning = bench_.config.rules[GetParam().rule].warning;
  bench_.config.rules[GetParam().rule].warning.is_enabled = true;
  bench_.start();
  apply(warning.trip + margin());
  bench_.run_ms(warning.trip_delay_ms);
  EXPECT_EQ(bench_.out.report.warnings, 0u);
  bench_.step();
  EXPECT_EQ(bench_.out.report.warnings, BMS_RULE_BIT(GetParam().rule));
  EXPECT_EQ(bench_.out.report.protections, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
  apply(warning.release - margin());
  bench_.run_ms(warning.release_delay_ms);
  EXPECT_EQ(bench_.out.report.warnings, BMS_RULE_BIT(GetParam().rule));
  bench_.step();
  EXPECT_EQ(bench_.out.report.warnings, 0u);
}

TEST_P(EachRule, does_nothing_when_disabled) {
  enable_only(bench_.config, BMS_RULE_COUNT);
  bench_.start();
  apply(protection().trip + 2 * margin());
  bench_.run_ms(5000);
  EXPECT_EQ(bench_.out.report.protections | bench_.out.report.warnings, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EachRule, has_its_word) {
  EXPECT_STREQ(bms_rule_name(GetParam().rule), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Rules, EachRule, testing::ValuesIn(kAnalogue), [](const auto& each) {
  std::string name = each.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace bms_test
