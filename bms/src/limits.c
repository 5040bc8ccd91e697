/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the inverter is told: voltage and current limits, and requests. */
#include "core.h"

#define PERMILLE 1000u
#define ANCHOR_WANTED_us (UINT64_C(30) * 24 * 3600 * 1000000)

static uint32_t factor_permille(const bms_curve_t* curve, int32_t x) {
  if (x <= curve->point[0].x) return curve->point[0].factor_permille;
  for (uint8_t i = 1; i < curve->count; ++i) {
    if (x > curve->point[i].x) continue;
    const int64_t span = (int64_t)curve->point[i].x - curve->point[i - 1].x;
    const int64_t along = (int64_t)x - curve->point[i - 1].x;
    const int32_t start = curve->point[i - 1].factor_permille;
    const int32_t rise = curve->point[i].factor_permille - start;
    return (uint32_t)(start + (int32_t)(rise * along / span));
  }
  return curve->point[curve->count - 1].factor_permille;
}

static uint32_t lower(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static uint32_t derate(const core_t* self, uint32_t limit_mA, const bms_curve_t* over_ddegC,
                       const bms_curve_t* over_cell_mV, int32_t cell_mV) {
  const int32_t* signals = self->measured.signals;
  uint32_t factor = factor_permille(over_cell_mV, cell_mV);
  factor = lower(factor, factor_permille(over_ddegC, signals[SIGNAL_COLDEST_ddegC]));
  factor = lower(factor, factor_permille(over_ddegC, signals[SIGNAL_HOTTEST_ddegC]));
  return (uint32_t)((uint64_t)limit_mA * factor / PERMILLE);
}

static void derate_limits(core_t* self) {
  const bms_limits_t* limits = &self->config->limits;
  const int32_t* signals = self->measured.signals;
  self->derated_ccl_mA = derate(self, limits->ccl_mA, &limits->ccl_over_ddegC,
                                &limits->ccl_over_cell_mV, signals[SIGNAL_HIGHEST_CELL_mV]);
  self->derated_dcl_mA = derate(self, limits->dcl_mA, &limits->dcl_over_ddegC,
                                &limits->dcl_over_cell_mV, signals[SIGNAL_LOWEST_CELL_mV]);
}

static uint32_t find_requests(const core_t* self) {
  const bms_limits_t* limits = &self->config->limits;
  const bms_report_t* report = &self->out.report;
  const uint32_t low = BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV);
  const bool is_low = ((report->warnings | report->protections) & low) != 0;
  uint32_t requests = self->rules.asks;
  if (is_low || report->soc_permille <= limits->force_charge_permille)
    requests |= BMS_REQUEST_FORCE_CHARGE;
  if (report->soc_permille <= limits->force_charge2_permille) requests |= BMS_REQUEST_FORCE_CHARGE2;
  if (self->now_us - self->soc.anchored_us >= ANCHOR_WANTED_us) requests |= BMS_REQUEST_FULL_CHARGE;
  return requests;
}

void bms_set_limits(core_t* self) {
  bms_report_t* report = &self->out.report;
  if (self->measured.fresh & (BMS_FRESH_CELLS | BMS_FRESH_NTCS)) derate_limits(self);
  report->ccl_mA = report->is_charge_allowed ? self->derated_ccl_mA : 0;
  report->dcl_mA = report->is_discharge_allowed ? self->derated_dcl_mA : 0;
  report->requests = find_requests(self);
}
