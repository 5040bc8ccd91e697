// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// What each rule does beside tripping: gates, limits, warnings, words.
#include "rules_bench.hpp"

namespace bms_test {
namespace {

class EffectOfEachRule : public RuleTest {};

TEST_P(EffectOfEachRule, opens_its_gates_and_tells_the_inverter) {
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

TEST_P(EffectOfEachRule, warns_without_opening_anything) {
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

TEST_P(EffectOfEachRule, does_nothing_when_disabled) {
  enable_only(bench_.config, BMS_RULE_COUNT);
  bench_.start();
  apply(protection().trip + 2 * margin());
  bench_.run_ms(5000);
  EXPECT_EQ(bench_.out.report.protections | bench_.out.report.warnings, 0u);
  EXPECT_TRUE(bench_.are_gates(true, true));
}

TEST_P(EffectOfEachRule, has_its_word) {
  EXPECT_STREQ(bms_rule_name(GetParam().rule), GetParam().name);
}

// Also where it opens one gate only.
TEST_P(EffectOfEachRule, spares_the_body_diode_or_not) {
  const RuleCase& rule = GetParam();
  bms_rule_config_t& row = bench_.config.rules[rule.rule];
  row.opens = rule.opens_charge ? BMS_OPENS_CHARGE : BMS_OPENS_DISCHARGE;
  bench_.start();
  trip();
  bench_.in.fresh = BMS_FRESH_CURRENT;
  bench_.set_current_mA(rule.opens_charge ? -20000 : 20000);
  bench_.run_ms(100);
  EXPECT_EQ(bench_.are_gates(true, true), rule.lets_reverse);
}

INSTANTIATE_TEST_SUITE_P(Rules, EffectOfEachRule, testing::ValuesIn(kAnalogue), name_of);

}  // namespace
}  // namespace bms_test
