// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Panels for the core's tests, which see no files: those of two products (tests/sim compares them with
// scenarios/products) and of two dialects that have no product yet; sources: fault matrix sections 0 and 1 and the seeds
// it names. Where those give no number ("flashes", "flickers"), 1 s and half of it lit are estimates.
#pragma once

#include "bench.hpp"

namespace bms_test {

template <typename... Bits>
constexpr uint16_t lamps(Bits... bits) {
  return static_cast<uint16_t>((static_cast<uint32_t>(bits) | ...));
}
template <typename... States>
constexpr uint16_t states(States... list) {
  return static_cast<uint16_t>(((1u << list) | ...));
}

inline constexpr bms_pattern_t kSolid{};
inline constexpr uint16_t kSocLamps = lamps(BMS_LED_SOC1, BMS_LED_SOC2, BMS_LED_SOC3, BMS_LED_SOC4);
inline constexpr uint16_t kTripped = states(BMS_STATE_PROTECTION, BMS_STATE_FAILURE);
inline constexpr uint16_t kWorking = states(BMS_STATE_PRECHARGE, BMS_STATE_STANDBY,
                                            BMS_STATE_CHARGE, BMS_STATE_DISCHARGE, BMS_STATE_LIMIT);
inline constexpr uint16_t kDark = static_cast<uint16_t>(((1u << BMS_STATE_COUNT) - 1) &
                                                        ~uint32_t{kTripped} & ~uint32_t{kWorking});

constexpr bms_pattern_t flash(uint16_t period_ms) {
  return {period_ms, static_cast<uint16_t>(period_ms / 2), 0, 0};
}
constexpr bms_pattern_t burst(uint8_t count, uint16_t cycle_ms) {
  return {500, 250, cycle_ms, count};
}

class PanelBuilder {
 public:
  bms_panel_config_t panel{};

  bms_panel_row_t& row(uint16_t lit, bms_pattern_t pattern = kSolid) {
    bms_panel_row_t& row = panel.rows[panel.row_count++];
    row.lamps = lit;
    row.pattern = pattern;
    return row;
  }
  void dark() {
    bms_panel_row_t& all_off = row(0);
    all_off.states = kDark;
    all_off.is_alone = true;
  }
  void flagged(uint16_t flags, uint16_t lit, bms_pattern_t pattern = kSolid, uint16_t in = 0) {
    bms_panel_row_t& when = row(lit, pattern);
    when.flags = flags;
    when.states = in;
  }
  void warned(uint16_t lit, bms_pattern_t pattern) { row(lit, pattern).warnings = UINT32_MAX; }
  void in_charge(uint16_t from, uint16_t below, uint16_t lit, bms_pattern_t pattern) {
    bms_panel_row_t& band = row(lit, pattern);
    band.flags = BMS_PANEL_CHARGING;
    band.soc_from_permille = from;
    band.soc_below_permille = below;
  }
  void above(uint16_t from, uint16_t lit) { row(lit).soc_from_permille = from; }
  void code(uint8_t number, std::initializer_list<bms_failure_t> failures,
            std::initializer_list<bms_rule_t> rules = {}) {
    bms_panel_code_t& code = panel.codes[panel.code_count++];
    code.code = number;
    for (const auto failure : failures) code.failures |= BMS_FAILURE_BIT(failure);
    for (const auto rule : rules) code.protections |= BMS_RULE_BIT(rule);
  }
};

// Seed 002: one lamp of three colours, here RUN (green), ALARM (amber) and ERROR (red).
inline bms_panel_config_t us_tricolour() {
  PanelBuilder builder;
  builder.dark();
  bms_panel_row_t& red = builder.row(BMS_LED_ERROR);
  red.states = kTripped;
  red.is_alone = true;
  bms_panel_row_t& amber = builder.row(BMS_LED_ALARM);
  amber.warnings = UINT32_MAX;
  amber.is_alone = true;
  builder.flagged(BMS_PANEL_IDLE, BMS_LED_RUN);
  builder.row(BMS_LED_RUN, flash(1000));
  return builder.panel;
}

// Seed 000, BX51100: DYN-L1, DYN-P1..P7.
inline bms_panel_config_t dyness_bx() {
  PanelBuilder builder;
  builder.panel.com_ms = 5000;  // estimate
  builder.dark();
  builder.row(lamps(BMS_LED_ALARM, BMS_PANEL_BUZZER)).states = kTripped;
  builder.flagged(BMS_PANEL_FULL, BMS_LED_RUN);
  builder.row(BMS_LED_RUN, flash(1000));
  builder.flagged(BMS_PANEL_COM, BMS_LED_COM);
  builder.above(1, BMS_LED_SOC1);
  builder.above(251, BMS_LED_SOC2);
  builder.above(501, BMS_LED_SOC3);
  builder.above(751, BMS_LED_SOC4);
  return builder.panel;
}

// Seed 000, Tower: module errors 01..12 as report.error_code.
inline bms_panel_config_t dyness_tower() {
  PanelBuilder builder;
  builder.dark();
  builder.row(BMS_LED_ALARM).states = kTripped;
  builder.row(BMS_LED_RUN, flash(1000));
  builder.code(1, {BMS_FAILURE_NTC_BROKEN, BMS_FAILURE_NTC_STUCK, BMS_FAILURE_NTCS_DEAD});
  builder.code(5, {BMS_FAILURE_CHARGE_MOSFET_CLOSED, BMS_FAILURE_CHARGE_MOSFET_OPEN,
                   BMS_FAILURE_DISCHARGE_MOSFET_CLOSED, BMS_FAILURE_DISCHARGE_MOSFET_OPEN});
  builder.code(6, {BMS_FAILURE_BREAKER});
  builder.code(7, {BMS_FAILURE_ADDRESS});
  builder.code(8, {BMS_FAILURE_MEMBER_LOST});
  builder.code(9, {BMS_FAILURE_SERIAL});
  builder.code(10, {BMS_FAILURE_MASTER_LOST});
  builder.code(11, {BMS_FAILURE_VERSION});
  builder.code(12, {BMS_FAILURE_TWO_MASTERS});
  return builder.panel;
}

// Seed 004: TEL-L1..L3, TEL-W, TEL-P, TEL-E.
inline bms_panel_config_t telecom() {
  PanelBuilder builder;
  bms_panel_config_t& panel = builder.panel;
  const uint16_t all = lamps(BMS_LED_ERROR, BMS_LED_RUN, BMS_LED_ALARM, kSocLamps);
  panel.shows[BMS_SHOW_SELF_TEST] = {all, 150, true, {600, 300, 0, 3}};
  panel.reset_shows_self_test = true;
  panel.readout = {1000, 3000, 200, BMS_LED_ERROR, BMS_LED_RUN, 600, 300, 1500};
  builder.code(1, {BMS_FAILURE_SENSE_WIRE, BMS_FAILURE_SUM, BMS_FAILURE_CELL_STUCK});
  builder.code(2, {BMS_FAILURE_NTC_BROKEN, BMS_FAILURE_NTC_STUCK, BMS_FAILURE_NTCS_DEAD});
  builder.code(3, {BMS_FAILURE_CHARGE_MOSFET_CLOSED, BMS_FAILURE_CHARGE_MOSFET_OPEN});
  builder.code(4, {BMS_FAILURE_DISCHARGE_MOSFET_CLOSED, BMS_FAILURE_DISCHARGE_MOSFET_OPEN});
  builder.code(5, {}, {BMS_RULE_CELL_FAILURE_HIGH, BMS_RULE_CELL_FAILURE_LOW});
  builder.code(6, {BMS_FAILURE_AFE_SILENT, BMS_FAILURE_AFE_CORRUPT});
  const bms_panel_code_t* codes = panel.codes;
  const uint32_t scd = BMS_RULE_BIT(BMS_RULE_SCD);
  builder.dark();
  builder.row(BMS_PANEL_BUZZER, burst(4, 15000)).protections = scd;
  builder.row(BMS_PANEL_BUZZER, burst(3, 15000)).protections = codes[4].protections;
  builder.row(BMS_PANEL_BUZZER, burst(2, 15000)).failures = codes[0].failures | codes[1].failures;
  builder.row(BMS_PANEL_BUZZER, burst(1, 15000)).failures = codes[2].failures | codes[3].failures;
  bms_panel_row_t& red = builder.row(BMS_LED_ERROR);
  red.failures = UINT64_MAX;
  red.protections = scd | codes[4].protections;
  builder.row(BMS_LED_ALARM).protections = (BMS_RULE_BIT(BMS_RULE_COUNT) - 1) & ~red.protections;
  builder.warned(BMS_LED_ALARM, flash(1000));
  builder.flagged(BMS_PANEL_FULL, BMS_LED_RUN);
  builder.flagged(BMS_PANEL_CHARGING, BMS_LED_RUN, flash(2000));
  builder.flagged(BMS_PANEL_DISCHARGING, BMS_LED_RUN, flash(500));
  builder.row(BMS_LED_RUN);
  builder.in_charge(0, 250, BMS_LED_SOC1, flash(2000));
  builder.in_charge(250, 500, BMS_LED_SOC2, flash(2000));
  builder.in_charge(500, 750, BMS_LED_SOC3, flash(2000));
  builder.in_charge(750, 1000, BMS_LED_SOC4, flash(2000));
  builder.above(0, BMS_LED_SOC1);
  builder.above(250, BMS_LED_SOC2);
  builder.above(500, BMS_LED_SOC3);
  builder.above(750, BMS_LED_SOC4);
  return panel;
}

}  // namespace bms_test
