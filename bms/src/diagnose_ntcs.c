/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Thermistors: open, shorted, and those that tell a plausible temperature that is not theirs.
 *
 *   adrift  far from the median of all
 *   stuck   two others moved, it did not
 *   cold    the pack had rested, then carried a lot of current, and it did not move at all; the only
 *           check that a single thermistor can fail, and the only one that sees all of them freeze
 *
 * What is not valid takes no part. */
#include "core.h"

static uint8_t find_valid(const bms_report_t* report) {
  uint8_t valid = 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    if (report->ntc_ddegC[i] != BMS_NTC_INVALID_DDEGC) valid |= (uint8_t)(1u << i);
  }
  return valid;
}

/* Those that are within `still` of where they were. */
static uint8_t find_still(const core_t* self, const int16_t* reference_ddegC, uint8_t valid) {
  const bms_report_t* report = &self->out.report;
  uint8_t still = 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    const uint32_t moved_ddegC = bms_distance(report->ntc_ddegC[i], reference_ddegC[i]);
    if (moved_ddegC <= self->config->diagnosis.ntc_still_ddegC) still |= (uint8_t)(1u << i);
  }
  return still & valid;
}

static void refer(core_t* self, int16_t* reference_ddegC) {
  for (uint8_t i = 0; i < BMS_MAX_NTCS; ++i) reference_ddegC[i] = self->out.report.ntc_ddegC[i];
}

/* The one of which as many valid ones are colder as are hotter, or one more. */
static bool is_median(const bms_report_t* report, uint8_t valid, int16_t ddegC) {
  uint8_t below = 0, not_above = 0, all = 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    if (!(valid & (1u << i))) continue;
    ++all;
    if (report->ntc_ddegC[i] < ddegC) ++below;
    if (report->ntc_ddegC[i] <= ddegC) ++not_above;
  }
  return all >= 3 && below * 2u < all && not_above * 2u >= all;
}

static uint8_t find_far(const core_t* self, uint8_t valid, int16_t median_ddegC) {
  const bms_report_t* report = &self->out.report;
  uint8_t far = 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    const uint32_t away_ddegC = bms_distance(report->ntc_ddegC[i], median_ddegC);
    if (away_ddegC > self->config->diagnosis.ntc_drift_ddegC) far |= (uint8_t)(1u << i);
  }
  return far & valid;
}

/* Nobody is farther from the median than all are from each other. */
static uint8_t find_adrift(const core_t* self, uint8_t valid) {
  const bms_report_t* report = &self->out.report;
  const uint16_t drift_ddegC = self->config->diagnosis.ntc_drift_ddegC;
  if (drift_ddegC == 0 || self->measured.signals[SIGNAL_SPREAD_ddegC] <= drift_ddegC) return 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    if ((valid & (1u << i)) && is_median(report, valid, report->ntc_ddegC[i]))
      return find_far(self, valid, report->ntc_ddegC[i]);
  }
  return 0;
}

static void check_stuck(core_t* self, uint8_t valid) {
  const bms_report_t* report = &self->out.report;
  const uint16_t move_ddegC = self->config->diagnosis.ntc_move_ddegC;
  ntcs_t* ntcs = &self->diagnosis.ntcs;
  uint8_t moved = 0;
  for (uint8_t i = 0; i < report->ntc_count; ++i) {
    const uint32_t moved_ddegC = bms_distance(report->ntc_ddegC[i], ntcs->reference_ddegC[i]);
    if ((valid & (1u << i)) && moved_ddegC >= move_ddegC) ++moved;
  }
  if (moved < 2) return;
  ntcs->stuck = find_still(self, ntcs->reference_ddegC, valid);
  refer(self, ntcs->reference_ddegC);
}

static bool is_idle(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t magnitude_mA =
      (uint32_t)signals[SIGNAL_CHARGE_mA] | (uint32_t)signals[SIGNAL_DISCHARGE_mA];
  return magnitude_mA <= self->config->idle_current_mA;
}

static void enter(core_t* self, heat_t heat) {
  ntcs_t* ntcs = &self->diagnosis.ntcs;
  ntcs->heat = heat;
  ntcs->since_ms = self->out.report.uptime_ms;
  ntcs->heat_A2ms = 0;
}

static void run(core_t* self, uint8_t valid, uint32_t passed_ms) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  ntcs_t* ntcs = &self->diagnosis.ntcs;
  const int64_t current_A = self->out.report.current_mA / 1000;
  ntcs->heat_A2ms += (uint64_t)(current_A * current_A) * passed_ms;
  if (ntcs->heat_A2ms >= (uint64_t)config->ntc_heat_A2s * 1000u) {
    ntcs->cold = find_still(self, ntcs->cold_ddegC, valid);
    enter(self, HEAT_BUSY);
  } else if (self->out.report.uptime_ms - ntcs->since_ms >= config->ntc_heat_ms) {
    enter(self, HEAT_BUSY);
  }
}

/* A short rest within a run cools nothing: the run goes on. */
static void check_heat(core_t* self, uint8_t valid) {
  ntcs_t* ntcs = &self->diagnosis.ntcs;
  const uint32_t now_ms = self->out.report.uptime_ms;
  const uint32_t passed_ms = now_ms - ntcs->counted_ms;
  ntcs->counted_ms = now_ms;
  if (ntcs->heat == HEAT_RUNNING) {
    run(self, valid, passed_ms);
  } else if (ntcs->heat == HEAT_BUSY) {
    if (!is_idle(self)) ntcs->since_ms = now_ms;
    if (now_ms - ntcs->since_ms >= self->config->diagnosis.ntc_rest_ms) enter(self, HEAT_RESTED);
  } else if (is_idle(self)) {
    refer(self, ntcs->cold_ddegC);
  } else {
    enter(self, HEAT_RUNNING);
  }
}

/* One that comes back has nothing to be compared with. */
static void begin_anew(core_t* self, uint8_t valid) {
  self->diagnosis.ntcs.valid = valid;
  refer(self, self->diagnosis.ntcs.reference_ddegC);
}

void bms_diagnose_ntcs(core_t* self) {
  ntcs_t* ntcs = &self->diagnosis.ntcs;
  const bms_report_t* report = &self->out.report;
  const uint8_t valid = find_valid(report);
  const uint8_t all = (uint8_t)(UINT8_MAX >> (BMS_MAX_NTCS - report->ntc_count));
  bms_find(self, BMS_FAILURE_NTC_BROKEN, valid != all);
  bms_find(self, BMS_FAILURE_NTCS_DEAD, valid == 0);
  bms_find(self, BMS_FAILURE_MOSFET_NTC,
           self->config->sensing.has_mosfet_ntc && report->mosfet_ddegC == BMS_NTC_INVALID_DDEGC);
  if (!(self->diagnosis.enabled & BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK))) return;
  if (ntcs->valid != valid) begin_anew(self, valid);
  ntcs->adrift = find_adrift(self, valid);
  if (self->config->diagnosis.ntc_move_ddegC != 0) check_stuck(self, valid);
  if (self->config->diagnosis.ntc_heat_A2s != 0) check_heat(self, valid);
  bms_find(self, BMS_FAILURE_NTC_STUCK, (ntcs->adrift | ntcs->stuck | ntcs->cold) != 0);
}
