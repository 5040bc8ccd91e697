// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The last value that is still valid, for every bound of the configuration.
#include <ostream>
#include <string>

#include "bench.hpp"

namespace bms_test {
namespace {

using C = bms_config_t;

struct ValidCase {
  const char* name;
  void (*set)(C&);

  friend std::ostream& operator<<(std::ostream& stream, const ValidCase& self) {
    return stream << self.name;
  }
};

void set_ocv(C& c) {
  c.soc.ocv.count = BMS_MAX_OCV_POINTS;
  for (uint16_t i = 0; i < BMS_MAX_OCV_POINTS; ++i)
    c.soc.ocv.point[i] = {static_cast<uint16_t>(3000 + i), static_cast<uint16_t>(989 + i)};
  c.soc.ocv_low_permille = 499;
  c.soc.ocv_high_permille = 500;
}

const ValidCase kValid[] = {
    {"one_cell_and_one_ntc", [](C& c) { c.cell_count = c.ntc_count = 1; }},
    {"most_cells_and_ntcs", [](C& c) { c.cell_count = BMS_MAX_CELLS, c.ntc_count = BMS_MAX_NTCS; }},
    {"smallest_scales", [](C& c) { c.sensing = {1, 1, 1, 1, 1, false, 1}; }},
    {"largest_scales",
     [](C& c) { c.sensing = {10000, 1000000, 1000000, 1000000, UINT16_MAX, true, UINT32_MAX}; }},
    {"levels_that_meet",
     [](C& c) {
       c.rules[BMS_RULE_CELL_OV].warning.trip = 3650;
       c.rules[BMS_RULE_CELL_OV].limiting = {true, 3650, 3649, 0, 0};
     }},
    {"levels_that_meet_below",
     [](C& c) {
       c.rules[BMS_RULE_CELL_UV].warning.trip = 2500;
       c.rules[BMS_RULE_CELL_UV].limiting = {true, 2500, 2501, 0, 0};
     }},
    {"no_limitation",
     [](C& c) {
       c.rules[BMS_RULE_OTC].limited_ccl_permille = 1000;
       c.rules[BMS_RULE_OTC].limited_dcl_permille = 1000;
       c.rules[BMS_RULE_OTC].latch = BMS_LATCH_REPAIR;
       c.rules[BMS_RULE_OTC].opens = BMS_OPENS_ALL_PATHS | BMS_OPENS_SUPPLY;
     }},
    {"longest_curve",
     [](C& c) {
       bms_curve_t& curve = c.limits.ccl_over_soc;
       curve.count = BMS_MAX_CURVE_POINTS;
       for (int i = 0; i < BMS_MAX_CURVE_POINTS; ++i) curve.point[i] = {i, 1000};
     }},
    {"cvl_just_above", [](C& c) { c.limits.cvl_mV = 47001; }},
    {"cvl_floor_at_cvl", [](C& c) { c.limits.cvl_floor_mV = c.limits.cvl_mV; }},
    {"requests_at_full",
     [](C& c) { c.limits.force_charge_permille = c.limits.force_charge2_permille = 1000; }},
    {"balancing_stops_just_below", [](C& c) { c.balancing.stop_delta_mV = 29; }},
    {"smallest_capacity", [](C& c) { c.soc.capacity_mAh = 1, c.soc.learn_weight_permille = 1000; }},
    {"longest_ocv", set_ocv},
    {"ocv_of_two_points",
     [](C& c) {
       set_ocv(c);
       c.soc.ocv.count = 2;
     }},
    {"window_of_one_mV",
     [](C& c) {
       c.sequence.activation_low_mV = c.sequence.activation_high_mV = 50000;
       c.sequence.not_meant_ms = 1;
     }},
    {"button_alone", [](C& c) { c.sequence.has_power_button = true; }},
    {"switch_alone", [](C& c) { c.sequence.has_switch = true; }},
    {"supply_back_just_above",
     [](C& c) { c.sequence.supply_low_mV = 35000, c.sequence.supply_back_mV = 35001; }},
    {"supply_of_one_mV", [](C& c) { c.sequence.supply_low_mV = 1, c.sequence.supply_back_mV = 2; }},
    {"shortest_precharge",
     [](C& c) {
       c.sequence.has_contacts = true;
       c.sequence.contact_ms = 1;
       c.sequence.precharge_fast_ms = 1;
       c.sequence.precharge_ms = 2;
     }},
    {"most_rows_and_codes",
     [](C& c) {
       c.panel.row_count = BMS_MAX_PANEL_ROWS;
       c.panel.code_count = BMS_MAX_PANEL_CODES;
       for (auto& code : c.panel.codes) code.code = 1;
     }},
    {"patterns_at_their_ends",
     [](C& c) {
       c.panel.row_count = 3;
       c.panel.rows[0].pattern = {1, 1, 0, 0};
       c.panel.rows[1].pattern = {500, 500, 1500, 3};
       c.panel.rows[2].soc_from_permille = 300;
       c.panel.rows[2].soc_below_permille = 301;
       c.panel.shows[BMS_SHOW_PAIRED] = {1, 0, false, {1, 1, 0, 1}};
       c.panel.readout = {1, 2, 0, 1, 0, 1, 1, 0};
     }},
    {"shortest_bank",
     [](C& c) {
       c.bank.kind = BMS_BANK_STACK;
       c.bank.period_ms = 1;
       c.bank.lost_ms = 2;
       c.bank.forget_ms = 3;
       c.bank.master_address = BMS_MAX_PACKS - 1;
     }},
    {"no_bank", [](C& c) { c.bank.master_address = 255; }},
    {"wires_that_need_little",
     [](C& c) {
       c.failures[BMS_FAILURE_SENSE_WIRE].is_enabled = true;
       c.diagnosis.wire_collapse_mV = 1;
       c.diagnosis.wire_low_mV = c.diagnosis.wire_high_mV - 1;
     }},
    {"smallest_thresholds",
     [](C& c) {
       for (auto& failure : c.failures) failure.is_enabled = true;
       bms_diagnosis_config_t& d = c.diagnosis;
       d.sum_tolerance_mV = d.afe_errors = d.mosfet_mA = d.task_us = 1;
       d.mosfet_diode_mV = d.mosfet_block_mV = 1;
       d.cell_still_mV = 0, d.cell_move_mV = 1;
       d.clock_tolerance_ms = 0, d.clock_window_ms = 1;
     }},
};

class ValidConfig : public testing::TestWithParam<ValidCase> {};

TEST_P(ValidConfig, is_accepted) {
  Bench bench;
  GetParam().set(bench.config);
  EXPECT_EQ(bench.power_up().error, BMS_OK);
}

INSTANTIATE_TEST_SUITE_P(Each, ValidConfig, testing::ValuesIn(kValid),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace bms_test
