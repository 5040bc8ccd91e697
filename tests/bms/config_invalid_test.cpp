// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Every number that contradicts another one is found before the first step.
#include <array>
#include <ostream>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

struct InvalidCase {
  const char* name;
  void (*spoil)(bms_config_t&);
  bms_error_t error;
  uint8_t index;

  friend std::ostream& operator<<(std::ostream& stream, const InvalidCase& self) {
    return stream << self.name;
  }
};

using C = bms_config_t;

void spoil_ocv(C& config, std::array<uint16_t, 2> cell_mV, std::array<uint16_t, 2> soc_permille) {
  config.soc.ocv.count = 2;
  config.soc.ocv_high_permille = 900;
  for (std::size_t i = 0; i < 2; ++i) config.soc.ocv.point[i] = {cell_mV[i], soc_permille[i]};
}

void spoil_row(C& config, bms_pattern_t pattern) {
  config.panel.row_count = 2;
  config.panel.rows[1].pattern = pattern;
}

void spoil_bank(C& config, uint32_t period_ms, uint32_t lost_ms, uint32_t forget_ms,
                uint8_t master_address) {
  config.bank.kind = BMS_BANK_DIP;
  config.bank.period_ms = period_ms;
  config.bank.lost_ms = lost_ms;
  config.bank.forget_ms = forget_ms;
  config.bank.master_address = master_address;
}

const InvalidCase kInvalid[] = {
    {"no_cells", [](C& c) { c.cell_count = 0; }, BMS_ERROR_CELL_COUNT, 0},
    {"too_many_cells", [](C& c) { c.cell_count = BMS_MAX_CELLS + 1; }, BMS_ERROR_CELL_COUNT, 0},
    {"no_ntcs", [](C& c) { c.ntc_count = 0; }, BMS_ERROR_NTC_COUNT, 0},
    {"too_many_ntcs", [](C& c) { c.ntc_count = BMS_MAX_NTCS + 1; }, BMS_ERROR_NTC_COUNT, 0},
    {"cell_scale_zero", [](C& c) { c.sensing.cell_uV_per_count = 0; }, BMS_ERROR_SENSING, 0},
    {"cell_scale_large", [](C& c) { c.sensing.cell_uV_per_count = 10001; }, BMS_ERROR_SENSING, 0},
    {"pack_scale_zero", [](C& c) { c.sensing.pack_uV_per_count = 0; }, BMS_ERROR_SENSING, 0},
    {"pack_scale_large", [](C& c) { c.sensing.pack_uV_per_count = 1000001; }, BMS_ERROR_SENSING, 0},
    {"terminal_scale_zero", [](C& c) { c.sensing.terminal_uV_per_count = 0; }, BMS_ERROR_SENSING,
     0},
    {"terminal_scale_large", [](C& c) { c.sensing.terminal_uV_per_count = 1000001; },
     BMS_ERROR_SENSING, 0},
    {"shunt_scale_zero", [](C& c) { c.sensing.shunt_uA_per_count = 0; }, BMS_ERROR_SENSING, 0},
    {"shunt_scale_large", [](C& c) { c.sensing.shunt_uA_per_count = 1000001; }, BMS_ERROR_SENSING,
     0},
    {"ntc_full_scale_zero", [](C& c) { c.sensing.ntc_full_scale_counts = 0; }, BMS_ERROR_SENSING,
     0},
    {"ntc_pullup_zero", [](C& c) { c.sensing.ntc_pullup_Ohm = 0; }, BMS_ERROR_SENSING, 0},
    {"ov_release_at_trip", [](C& c) { c.rules[BMS_RULE_CELL_OV].protection.release = 3650; },
     BMS_ERROR_RULE, BMS_RULE_CELL_OV},
    {"uv_release_at_trip", [](C& c) { c.rules[BMS_RULE_PACK_UV].protection.release = 43200; },
     BMS_ERROR_RULE, BMS_RULE_PACK_UV},
    {"warning_release_beyond_trip", [](C& c) { c.rules[BMS_RULE_UTD].warning.release = -101; },
     BMS_ERROR_RULE, BMS_RULE_UTD},
    {"ov_warning_beyond_protection", [](C& c) { c.rules[BMS_RULE_OTC].warning.trip = 501; },
     BMS_ERROR_RULE, BMS_RULE_OTC},
    {"uv_warning_beyond_protection", [](C& c) { c.rules[BMS_RULE_CELL_UV].warning.trip = 2499; },
     BMS_ERROR_RULE, BMS_RULE_CELL_UV},
    {"limiting_release_at_trip",
     [](C& c) { c.rules[BMS_RULE_OTC].limiting = {true, 470, 470, 0, 0}; }, BMS_ERROR_RULE,
     BMS_RULE_OTC},
    {"warning_beyond_limiting",
     [](C& c) { c.rules[BMS_RULE_OTC].limiting = {true, 449, 440, 0, 0}; }, BMS_ERROR_RULE,
     BMS_RULE_OTC},
    {"limiting_beyond_protection",
     [](C& c) { c.rules[BMS_RULE_OTC].limiting = {true, 501, 440, 0, 0}; }, BMS_ERROR_RULE,
     BMS_RULE_OTC},
    {"rule_latch", [](C& c) { c.rules[BMS_RULE_SCD].latch = BMS_LATCH_REPAIR + 1; }, BMS_ERROR_RULE,
     BMS_RULE_SCD},
    {"rule_opens", [](C& c) { c.rules[BMS_RULE_OCC].opens = 0x10; }, BMS_ERROR_RULE, BMS_RULE_OCC},
    {"limited_ccl", [](C& c) { c.rules[BMS_RULE_OCC].limited_ccl_permille = 1001; }, BMS_ERROR_RULE,
     BMS_RULE_OCC},
    {"limited_dcl", [](C& c) { c.rules[BMS_RULE_OCC].limited_dcl_permille = 1001; }, BMS_ERROR_RULE,
     BMS_RULE_OCC},
    {"failure_latch", [](C& c) { c.failures[BMS_FAILURE_NVM].latch = BMS_LATCH_REPAIR + 1; },
     BMS_ERROR_FAILURE, BMS_FAILURE_NVM},
    {"failure_opens", [](C& c) { c.failures[BMS_FAILURE_SUM].opens = 0x10; }, BMS_ERROR_FAILURE,
     BMS_FAILURE_SUM},
    {"curve_empty", [](C& c) { c.limits.ccl_over_ddegC.count = 0; }, BMS_ERROR_CURVE, 0},
    {"curve_too_long", [](C& c) { c.limits.dcl_over_ddegC.count = BMS_MAX_CURVE_POINTS + 1; },
     BMS_ERROR_CURVE, 1},
    {"curve_not_rising", [](C& c) { c.limits.ccl_over_cell_mV.point[1].x = 3450; }, BMS_ERROR_CURVE,
     2},
    {"curve_factor", [](C& c) { c.limits.dcl_over_cell_mV.point[1].factor_permille = 1001; },
     BMS_ERROR_CURVE, 3},
    {"cvl_at_discharge_limit", [](C& c) { c.limits.cvl_mV = 47000; }, BMS_ERROR_LIMITS, 0},
    {"soc_curve_too_long", [](C& c) { c.limits.ccl_over_soc.count = BMS_MAX_CURVE_POINTS + 1; },
     BMS_ERROR_CURVE, 4},
    {"soc_curve_factor", [](C& c) { c.limits.dcl_over_soc = make_curve({{0, 1001}}); },
     BMS_ERROR_CURVE, 5},
    {"cvl_floor_above_cvl", [](C& c) { c.limits.cvl_floor_mV = 56801; }, BMS_ERROR_LIMITS, 0},
    {"balancing_stop_at_start", [](C& c) { c.balancing.stop_delta_mV = 30; }, BMS_ERROR_BALANCING,
     0},
    {"capacity_zero", [](C& c) { c.soc.capacity_mAh = 0; }, BMS_ERROR_SOC, 0},
    {"force_charge", [](C& c) { c.limits.force_charge_permille = 1001; }, BMS_ERROR_SOC, 0},
    {"force_charge2", [](C& c) { c.limits.force_charge2_permille = 1001; }, BMS_ERROR_SOC, 0},
    {"button_and_switch", [](C& c) { c.sequence.has_power_button = c.sequence.has_switch = true; },
     BMS_ERROR_SEQUENCE, 0},
    {"window_upside_down",
     [](C& c) {
       c.sequence.activation_low_mV = 60001;
       c.sequence.activation_high_mV = 60000;
       c.sequence.not_meant_ms = 500;
     },
     BMS_ERROR_SEQUENCE, 0},
    {"window_without_time", [](C& c) { c.sequence.activation_high_mV = 60000; }, BMS_ERROR_SEQUENCE,
     0},
    {"smallest_window_without_time", [](C& c) { c.sequence.activation_high_mV = 1; },
     BMS_ERROR_SEQUENCE, 0},
    {"supply_back_at_low",
     [](C& c) { c.sequence.supply_low_mV = c.sequence.supply_back_mV = 35000; }, BMS_ERROR_SEQUENCE,
     0},
    {"supply_back_at_the_lowest_low",
     [](C& c) { c.sequence.supply_low_mV = c.sequence.supply_back_mV = 1; }, BMS_ERROR_SEQUENCE, 0},
    {"contacts_without_time",
     [](C& c) {
       c.sequence.has_contacts = true;
       c.sequence.precharge_ms = 500;
     },
     BMS_ERROR_SEQUENCE, 0},
    {"precharge_as_short_as_a_contact",
     [](C& c) {
       c.sequence.has_contacts = true;
       c.sequence.precharge_ms = c.sequence.contact_ms = 20;
     },
     BMS_ERROR_SEQUENCE, 0},
    {"precharge_as_short_as_the_fastest",
     [](C& c) {
       c.sequence.has_contacts = true;
       c.sequence.contact_ms = 20;
       c.sequence.precharge_ms = c.sequence.precharge_fast_ms = 50;
     },
     BMS_ERROR_SEQUENCE, 0},
    {"ocv_of_one_point", [](C& c) { spoil_ocv(c, {3000, 3400}, {0, 1000}), c.soc.ocv.count = 1; },
     BMS_ERROR_SOC, 0},
    {"ocv_too_long",
     [](C& c) {
       c.soc.ocv.count = BMS_MAX_OCV_POINTS + 1;
       c.soc.ocv_high_permille = 900;
     },
     BMS_ERROR_SOC, 0},
    {"ocv_voltage_falls", [](C& c) { spoil_ocv(c, {3000, 3000}, {0, 1000}); }, BMS_ERROR_SOC, 0},
    {"ocv_soc_falls", [](C& c) { spoil_ocv(c, {3000, 3400}, {500, 500}); }, BMS_ERROR_SOC, 0},
    {"ocv_soc_high", [](C& c) { spoil_ocv(c, {3000, 3400}, {0, 1001}); }, BMS_ERROR_SOC, 0},
    {"ocv_ends_meet",
     [](C& c) {
       spoil_ocv(c, {3000, 3400}, {0, 1000});
       c.soc.ocv_low_permille = c.soc.ocv_high_permille = 500;
     },
     BMS_ERROR_SOC, 0},
    {"learn_weight", [](C& c) { c.soc.learn_weight_permille = 1001; }, BMS_ERROR_SOC, 0},
    {"too_many_rows", [](C& c) { c.panel.row_count = BMS_MAX_PANEL_ROWS + 1; }, BMS_ERROR_PANEL,
     BMS_MAX_PANEL_ROWS + 1},
    {"too_many_codes", [](C& c) { c.panel.code_count = BMS_MAX_PANEL_CODES + 1; }, BMS_ERROR_PANEL,
     0},
    {"never_lit", [](C& c) { spoil_row(c, {1000, 0, 0, 0}); }, BMS_ERROR_PANEL, 1},
    {"lit_too_long", [](C& c) { spoil_row(c, {1000, 1001, 0, 0}); }, BMS_ERROR_PANEL, 1},
    {"burst_without_period", [](C& c) { spoil_row(c, {0, 0, 0, 3}); }, BMS_ERROR_PANEL, 1},
    {"burst_too_long", [](C& c) { spoil_row(c, {1000, 500, 2999, 3}); }, BMS_ERROR_PANEL, 1},
    {"soc_band_empty",
     [](C& c) {
       spoil_row(c, {});
       c.panel.rows[1].soc_from_permille = c.panel.rows[1].soc_below_permille = 300;
     },
     BMS_ERROR_PANEL, 1},
    {"show_without_flashes", [](C& c) { c.panel.shows[2] = {1, 0, true, {500, 250, 0, 0}}; },
     BMS_ERROR_PANEL, 2},
    {"show_without_period", [](C& c) { c.panel.shows[2] = {1, 0, true, {0, 0, 0, 3}}; },
     BMS_ERROR_PANEL, 2},
    {"show_never_lit", [](C& c) { c.panel.shows[2] = {1, 0, true, {500, 0, 0, 3}}; },
     BMS_ERROR_PANEL, 2},
    {"show_lit_too_long", [](C& c) { c.panel.shows[2] = {1, 0, true, {500, 501, 0, 3}}; },
     BMS_ERROR_PANEL, 2},
    {"readout_window", [](C& c) { c.panel.readout = {1000, 1000, 0, 1, 0, 600, 300, 0}; },
     BMS_ERROR_PANEL, 0},
    {"readout_never_lit", [](C& c) { c.panel.readout = {1000, 3000, 0, 1, 0, 600, 0, 0}; },
     BMS_ERROR_PANEL, 0},
    {"readout_lit_too_long", [](C& c) { c.panel.readout = {1000, 3000, 0, 1, 0, 600, 601, 0}; },
     BMS_ERROR_PANEL, 0},
    {"code_zero", [](C& c) { c.panel.code_count = 1; }, BMS_ERROR_PANEL, 0},
    {"bank_kind",
     [](C& c) {
       spoil_bank(c, 100, 1000, 0, 0);
       c.bank.kind = BMS_BANK_STACK + 1;
     },
     BMS_ERROR_BANK, 0},
    {"bank_period", [](C& c) { spoil_bank(c, 0, 1000, 0, 0); }, BMS_ERROR_BANK, 0},
    {"bank_lost_at_period", [](C& c) { spoil_bank(c, 100, 100, 0, 0); }, BMS_ERROR_BANK, 0},
    {"bank_forgotten_when_lost", [](C& c) { spoil_bank(c, 100, 1000, 1000, 0); }, BMS_ERROR_BANK,
     0},
    {"bank_forgotten_at_once", [](C& c) { spoil_bank(c, 100, 1000, 1, 0); }, BMS_ERROR_BANK, 0},
    {"bank_master_address", [](C& c) { spoil_bank(c, 100, 1000, 0, BMS_MAX_PACKS); },
     BMS_ERROR_BANK, 0},
};

class InvalidConfig : public testing::TestWithParam<InvalidCase> {};

TEST_P(InvalidConfig, is_named) {
  Bench bench;
  GetParam().spoil(bench.config);
  const bms_status_t status = bench.power_up();
  EXPECT_EQ(status.error, GetParam().error);
  EXPECT_EQ(status.index, GetParam().index);
}

INSTANTIATE_TEST_SUITE_P(Each, InvalidConfig, testing::ValuesIn(kInvalid),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace bms_test
