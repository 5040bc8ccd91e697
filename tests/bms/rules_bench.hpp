// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Each rule on a bench of its own, enabled alone.
#pragma once

#include <ostream>
#include <string>

#include "bench.hpp"

namespace bms_test {

// What each rule must do, written from the fault matrix, not from the core's table.
struct RuleCase {
  bms_rule_t rule;
  const char* name;
  void (*apply)(Bench&, int32_t value);  // puts the rule's signal at `value`, in the rule's unit
  int32_t outwards;                      // the smallest step towards the trip that is surely seen
  bool opens_charge;
  bool opens_discharge;
  bms_fresh_t group;          // the readings it needs
  bool lets_reverse = false;  // current the other way may close its one gate

  friend std::ostream& operator<<(std::ostream& stream, const RuleCase& self) {
    return stream << self.name;
  }
};

inline void apply_highest_cell(Bench& bench, int32_t mV) {
  bench.set_cell_mV(5, static_cast<uint32_t>(mV));
}
inline void apply_pack(Bench& bench, int32_t mV) {
  bench.set_pack_mV(static_cast<uint32_t>(mV));
}
inline void apply_charge(Bench& bench, int32_t mA) {
  bench.set_current_mA(mA);
}
inline void apply_discharge(Bench& bench, int32_t mA) {
  bench.set_current_mA(-mA);
}
inline void apply_ntc(Bench& bench, int32_t ddegC) {
  bench.set_ntc_degC(2, ddegC / 10.0);
}

inline void apply_spread(Bench& bench, int32_t mV) {
  bench.set_cell_mV(5, static_cast<uint32_t>(3300 + mV));
}
inline void apply_t_spread(Bench& bench, int32_t ddegC) {
  bench.set_ntc_degC(2, 25 + ddegC / 10.0);
}
inline void apply_mosfet(Bench& bench, int32_t ddegC) {
  bench.in.mosfet_ntc_adc = ntc_counts(ntc_Ohm(ddegC / 10.0));
}
inline void apply_insulation(Bench& bench, int32_t kOhm) {
  bench.in.insulation_kOhm = static_cast<uint16_t>(kOhm);
}

// NTC steps are 0.5 K: table, fit and counts agree to about 0.2 K.
inline const RuleCase kAnalogue[] = {
    {BMS_RULE_CELL_OV, "cell-ov", apply_highest_cell, 1, true, false, BMS_FRESH_CELLS, true},
    {BMS_RULE_CELL_UV, "cell-uv", apply_highest_cell, -1, false, true, BMS_FRESH_CELLS, true},
    {BMS_RULE_PACK_OV, "pack-ov", apply_pack, 1, true, false, BMS_FRESH_CELLS, true},
    {BMS_RULE_PACK_UV, "pack-uv", apply_pack, -1, false, true, BMS_FRESH_CELLS, true},
    {BMS_RULE_OCC, "occ", apply_charge, 1, true, false, BMS_FRESH_CURRENT},
    {BMS_RULE_OCD, "ocd", apply_discharge, 1, false, true, BMS_FRESH_CURRENT},
    {BMS_RULE_OCD2, "ocd2", apply_discharge, 1, false, true, BMS_FRESH_CURRENT},
    {BMS_RULE_OTC, "otc", apply_ntc, 5, true, false, BMS_FRESH_NTCS, true},
    {BMS_RULE_OTD, "otd", apply_ntc, 5, false, true, BMS_FRESH_NTCS, true},
    {BMS_RULE_UTC, "utc", apply_ntc, -5, true, false, BMS_FRESH_NTCS, true},
    {BMS_RULE_UTD, "utd", apply_ntc, -5, false, true, BMS_FRESH_NTCS, true},
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
inline void add_rules(Bench& bench) {
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

inline void enable_only(bms_config_t& config, bms_rule_t only) {
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    config.rules[i].warning.is_enabled = false;
    config.rules[i].protection.is_enabled = i == only;
  }
}

class RuleTest : public testing::TestWithParam<RuleCase> {
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

inline std::string name_of(const testing::TestParamInfo<RuleCase>& each) {
  std::string name = each.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace bms_test
