/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Open sense wires.
 *
 * By test: the AFE draws its test current from every other line, so that the two lines beside a
 * tested one stay where they are. A healthy line is moved by the drop over its filter, an open one
 * falls to the line below: the cell below it reads nothing. Three scans are of no use to anybody
 * else, and measure.c keeps them from everybody; therefore no test begins while a delay of a rule
 * on cells runs.
 *
 * By symptom: the leakage of the AFE does the same in seconds, a bleeder at once and in either
 * direction. One of two neighbours reads next to nothing, the other both voltages. The topmost line
 * has no cell above it; there the divider knows better.
 *
 * The line at B- is not tested: the AFE's ground is there, and its test current has no effect. */
#include "core.h"

#define ODD_LINES UINT32_C(0xAAAAAAAA)

static uint32_t all_cells(const core_t* self) {
  return UINT32_MAX >> (BMS_MAX_CELLS - self->config->cell_count);
}

static uint32_t tested_lines(const core_t* self) {
  return all_cells(self) & (self->diagnosis.wires.is_odd ? ODD_LINES : ~ODD_LINES);
}

/* Line k, counted from 0 at B-, is the one above cell k - 1. */
static void pull(core_t* self, uint32_t lines) {
  self->out.pull_downs = (uint64_t)lines << 1;
}

static bool may_begin(const core_t* self) {
  const rules_t* rules = &self->rules;
  const uint32_t period_ms = self->config->diagnosis.wire_period_ms;
  const uint32_t pending =
      rules->warning.pending | rules->limiting.pending | rules->protection.pending;
  return period_ms != 0 &&
         self->out.report.uptime_ms - self->diagnosis.wires.ended_ms >= period_ms &&
         !(pending & rules->of_cells);
}

/* Compares with the scan before the test, which is still in the report. Between a tested line and
 * the one above it a cell can only rise. */
static uint32_t find_fallen(const core_t* self, const bms_inputs_t* in) {
  const bms_report_t* report = &self->out.report;
  uint32_t fallen = 0;
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    const uint32_t cell_mV =
        bms_thousandths(in->cell_adc[i], self->config->sensing.cell_uV_per_count);
    const bool has_fallen = cell_mV + self->config->diagnosis.wire_collapse_mV < report->cell_mV[i];
    if (has_fallen) fallen |= UINT32_C(1) << i;
  }
  return fallen;
}

/* A short circuit moves cells as far as an open wire; its test tells nothing. */
static void judge_test(core_t* self, const bms_inputs_t* in) {
  wires_t* wires = &self->diagnosis.wires;
  const uint32_t tested = tested_lines(self);
  if (in->comparator_flags) return;
  wires->open_lines = (wires->open_lines & ~tested) | find_fallen(self, in);
}

static void go_on_testing(core_t* self, const bms_inputs_t* in) {
  wires_t* wires = &self->diagnosis.wires;
  if (wires->scan == WIRES_UNTOUCHED) {
    if (!may_begin(self)) return;
    pull(self, tested_lines(self));
    wires->scan = WIRES_FALLING;
  } else if (wires->scan == WIRES_FALLING) {
    wires->scan = WIRES_PULLED;
  } else if (wires->scan == WIRES_PULLED) {
    judge_test(self, in);
    pull(self, 0);
    wires->scan = WIRES_RISING;
  } else {
    wires->is_odd = !wires->is_odd;
    wires->ended_ms = self->out.report.uptime_ms;
    wires->scan = WIRES_UNTOUCHED;
  }
}

static uint32_t find_symptoms(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const uint8_t top = (uint8_t)(report->cell_count - 1u);
  uint32_t symptoms = 0;
  for (uint8_t i = 0; i < top; ++i) {
    const uint16_t a_mV = report->cell_mV[i], b_mV = report->cell_mV[i + 1];
    const bool falls = a_mV < config->wire_low_mV && b_mV > config->wire_high_mV;
    const bool rises = a_mV > config->wire_high_mV && b_mV < config->wire_low_mV;
    if (falls || rises) symptoms |= UINT32_C(1) << i;
  }
  const bool is_missing = report->stack_mV > report->pack_mV + config->wire_collapse_mV;
  if (report->cell_mV[top] < config->wire_low_mV && is_missing) symptoms |= UINT32_C(1) << top;
  return symptoms;
}

/* Every symptom has a cell that reads next to nothing. */
static void look_for_symptoms(core_t* self) {
  wires_t* wires = &self->diagnosis.wires;
  const bool is_one_low =
      self->measured.signals[SIGNAL_LOWEST_CELL_mV] < self->config->diagnosis.wire_low_mV;
  if (is_one_low || wires->symptoms) wires->symptoms = find_symptoms(self);
}

void bms_diagnose_wires(core_t* self, const bms_inputs_t* in) {
  wires_t* wires = &self->diagnosis.wires;
  if (self->measured.fresh & BMS_FRESH_CELLS) look_for_symptoms(self);
  go_on_testing(self, in);
  const uint32_t open = wires->open_lines | wires->symptoms;
  wires->suspects = (open | open << 1) & all_cells(self);
  wires->left_out = wires->suspects == all_cells(self) ? 0 : wires->suspects;
  bms_find(self, BMS_FAILURE_SENSE_WIRE, open != 0);
}
