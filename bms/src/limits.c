/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the inverter is told: voltage and current limits, and requests.
 *
 * A current limit is the product's, times the lowest factor of its curves and of the limiting
 * level of the rules. It is 0 while its path is open, at once; otherwise it moves no faster than its
 * ramps.
 *
 * The CVL holds back for the highest cell: it is the pack voltage at which that cell would be at
 * cvl_cell_mV if all cells moved alike, so a string in balance is charged to the configured CVL and
 * one cell that runs ahead brings the charger down smoothly, by a string's worth of millivolts for
 * each of its own. */
#include "core.h"

#define PERMILLE 1000u
#define FULL_CHARGE_DAYS 30u /* engineering estimate: SOC drifts some 5 % in that time */
#define DAY_us (UINT64_C(24) * 3600 * 1000000)
#define RAMP_us 100000u /* limits on a ramp move in tenths of a second: ten times a CAN period */

/* ---- checks ----------------------------------------------------------------------------------- */

/*@ requires \valid_read(curve);
    assigns \nothing;
    ensures \result ==> is_curve(curve); */
static bool is_curve_valid(const bms_curve_t* curve) {
  if (curve->count > BMS_MAX_CURVE_POINTS) return false;
  /*@ loop invariant 0 <= i <= curve->count;
      loop invariant \forall integer k; 0 <= k < i ==> curve->point[k].factor_permille <= PERMILLE;
      loop invariant \forall integer k; 0 < k < i ==> curve->point[k - 1].x < curve->point[k].x;
      loop assigns i;
      loop variant curve->count - i; */
  for (uint8_t i = 0; i < curve->count; ++i) {
    if (curve->point[i].factor_permille > PERMILLE) return false;
    if (i > 0 && curve->point[i].x <= curve->point[i - 1].x) return false;
  }
  return true;
}

/*@ requires \valid_read(limits);
    assigns \nothing;
    ensures \result.error == BMS_OK ==> are_limits(limits); */
bms_status_t bms_check_limits(const bms_limits_t* limits) {
  const bms_curve_t* const curves[] = {&limits->ccl_over_ddegC,   &limits->dcl_over_ddegC,
                                       &limits->ccl_over_cell_mV, &limits->dcl_over_cell_mV,
                                       &limits->ccl_over_soc,     &limits->dcl_over_soc};
  const uint8_t required = 4;
  /*@ loop invariant 0 <= i <= 6;
      loop invariant \forall integer k; 0 <= k < i ==> is_curve((bms_curve_t*)curves[k]);
      loop assigns i;
      loop variant 6 - i; */
  for (uint8_t i = 0; i < sizeof curves / sizeof curves[0]; ++i) {
    if (!is_curve_valid(curves[i]) || (i < required && curves[i]->count == 0))
      return (bms_status_t){BMS_ERROR_CURVE, i};
  }
  if (limits->cvl_mV <= limits->discharge_voltage_limit_mV || limits->cvl_floor_mV > limits->cvl_mV)
    return (bms_status_t){BMS_ERROR_LIMITS, 0};
  return (bms_status_t){BMS_OK, 0};
}

/* ---- currents --------------------------------------------------------------------------------- */

/*@ requires \valid_read(curve) && is_curve(curve);
    assigns \nothing;
    ensures \result <= PERMILLE; */
static uint32_t factor_permille(const bms_curve_t* curve, int32_t x) {
  if (curve->count == 0) return PERMILLE;
  if (x <= curve->point[0].x) return curve->point[0].factor_permille;
  /*@ loop invariant 1 <= i <= curve->count;
      loop invariant x > curve->point[i - 1].x;
      loop assigns i;
      loop variant curve->count - i; */
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

/*@ assigns \nothing;
    ensures \result <= a && \result <= b; */
static uint32_t lower(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

/*@ requires permille <= PERMILLE;
    assigns \nothing;
    ensures no_more: \result <= whole; */
static uint32_t share_of(uint32_t whole, uint32_t permille) {
  //@ assert whole * permille <= whole * PERMILLE;
  return (uint32_t)((uint64_t)whole * permille / PERMILLE);
}

/* Of the curves over temperature and SOC, which both directions have alike. */
/*@ requires is_sound(self) && \valid_read(over_ddegC) && is_curve(over_ddegC);
    requires \valid_read(over_soc) && is_curve(over_soc);
    assigns \nothing;
    ensures \result <= PERMILLE; */
static uint32_t find_factor(const core_t* self, const bms_curve_t* over_ddegC,
                            const bms_curve_t* over_soc) {
  const int32_t* signals = self->measured.signals;
  uint32_t factor = factor_permille(over_soc, self->out.report.soc_permille);
  factor = lower(factor, factor_permille(over_ddegC, signals[SIGNAL_COLDEST_ddegC]));
  return lower(factor, factor_permille(over_ddegC, signals[SIGNAL_HOTTEST_ddegC]));
}

/*@ requires is_sound(self);
    assigns self->derated;
    ensures is_sound(self); */
static void derate_limits(core_t* self) {
  const bms_limits_t* limits = &self->config->limits;
  const int32_t* signals = self->measured.signals;
  const uint32_t limitings = self->out.report.limitings;
  uint32_t ccl = find_factor(self, &limits->ccl_over_ddegC, &limits->ccl_over_soc);
  uint32_t dcl = find_factor(self, &limits->dcl_over_ddegC, &limits->dcl_over_soc);
  ccl = lower(ccl, factor_permille(&limits->ccl_over_cell_mV, signals[SIGNAL_HIGHEST_CELL_mV]));
  dcl = lower(dcl, factor_permille(&limits->dcl_over_cell_mV, signals[SIGNAL_LOWEST_CELL_mV]));
  /*@ loop invariant 0 <= i <= BMS_RULE_COUNT;
      loop invariant ccl <= PERMILLE && dcl <= PERMILLE;
      loop assigns i, ccl, dcl;
      loop variant BMS_RULE_COUNT - i; */
  for (uint8_t i = 0; limitings != 0 && i < BMS_RULE_COUNT; ++i) {
    if (!(limitings & BMS_RULE_BIT(i))) continue;
    ccl = lower(ccl, self->config->rules[i].limited_ccl_permille);
    dcl = lower(dcl, self->config->rules[i].limited_dcl_permille);
  }
  self->derated.ccl_mA = share_of(limits->ccl_mA, ccl);
  self->derated.dcl_mA = share_of(limits->dcl_mA, dcl);
  self->derated.limitings = limitings;
  self->derated.soc_permille = self->out.report.soc_permille;
}

/*@ requires is_sound(self);
    assigns \nothing; */
static bool is_derating_due(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  return (self->measured.fresh & ((uint32_t)BMS_FRESH_CELLS | BMS_FRESH_NTCS)) ||
         report->limitings != self->derated.limitings ||
         report->soc_permille != self->derated.soc_permille;
}

/* A tenth of a second's worth of ramp from `told` towards `wanted`. */
/*@ requires \valid_read(limits);
    assigns \nothing;
    ensures \min(told_mA, wanted_mA) <= \result <= \max(told_mA, wanted_mA); */
static uint32_t approach(const bms_limits_t* limits, uint32_t told_mA, uint32_t wanted_mA,
                         bool is_tick) {
  const bool is_rise = wanted_mA > told_mA;
  const uint32_t rate_mA_per_s = is_rise ? limits->rise_mA_per_s : limits->fall_mA_per_s;
  if (rate_mA_per_s == 0) return wanted_mA;
  if (!is_tick) return told_mA;
  const uint32_t gap_mA = is_rise ? wanted_mA - told_mA : told_mA - wanted_mA;
  const uint32_t move_mA = lower(gap_mA, (rate_mA_per_s + 9u) / 10u);
  return is_rise ? told_mA + move_mA : told_mA - move_mA;
}

/*@ requires is_sound(self);
    assigns self->derated.ramp_us, self->out.report.ccl_mA, self->out.report.dcl_mA;
    ensures is_sound(self);
    ensures no_charge_without_permission:
      !self->out.report.is_charge_allowed ==> self->out.report.ccl_mA == 0;
    ensures no_discharge_without_permission:
      !self->out.report.is_discharge_allowed ==> self->out.report.dcl_mA == 0; */
static void tell_currents(core_t* self) {
  bms_report_t* report = &self->out.report;
  const bms_limits_t* limits = &self->config->limits;
  const derated_t* derated = &self->derated;
  const bool is_tick = self->now_us - derated->ramp_us >= RAMP_us;
  if (is_tick) self->derated.ramp_us += RAMP_us;
  report->ccl_mA =
      report->is_charge_allowed ? approach(limits, report->ccl_mA, derated->ccl_mA, is_tick) : 0;
  report->dcl_mA =
      report->is_discharge_allowed ? approach(limits, report->dcl_mA, derated->dcl_mA, is_tick) : 0;
}

/* ---- voltage and requests --------------------------------------------------------------------- */

/*@ requires is_sound(self);
    assigns self->out.report.cvl_mV;
    ensures is_sound(self); */
static void tell_voltage(core_t* self) {
  const bms_limits_t* limits = &self->config->limits;
  if (limits->cvl_cell_mV == 0) return;
  bms_report_t* report = &self->out.report;
  const uint32_t floor_mV =
      limits->cvl_floor_mV > 0 ? limits->cvl_floor_mV : limits->discharge_voltage_limit_mV;
  const int32_t headroom_mV =
      (int32_t)limits->cvl_cell_mV - self->measured.signals[SIGNAL_HIGHEST_CELL_mV];
  //@ assert -UINT16_MAX <= headroom_mV <= UINT16_MAX;
  //@ assert -BMS_MAX_CELLS * UINT16_MAX <= report->cell_count * headroom_mV;
  //@ assert report->cell_count * headroom_mV <= BMS_MAX_CELLS * UINT16_MAX;
  const int32_t held_mV = (int32_t)report->pack_mV + report->cell_count * headroom_mV;
  const uint32_t cvl_mV = held_mV > 0 ? lower((uint32_t)held_mV, limits->cvl_mV) : 0;
  report->cvl_mV = cvl_mV > floor_mV ? cvl_mV : floor_mV;
}

uint64_t bms_next_ramp_us(const core_t* self) {
  return self->derated.ramp_us + RAMP_us;
}

uint64_t bms_next_full_charge_us(const core_t* self) {
  const uint32_t configured = self->config->limits.full_charge_days;
  const uint32_t days = configured > 0 ? configured : FULL_CHARGE_DAYS;
  return self->soc.anchored_us + days * DAY_us;
}

/*@ requires is_sound(self);
    assigns \nothing; */
static uint32_t find_requests(const core_t* self) {
  const bms_limits_t* limits = &self->config->limits;
  const bms_report_t* report = &self->out.report;
  const uint32_t low = BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV);
  const bool is_low = ((report->warnings | report->protections) & low) != 0;
  const uint32_t days = limits->full_charge_days > 0 ? limits->full_charge_days : FULL_CHARGE_DAYS;
  uint32_t requests = self->rules.asks;
  if (is_low || report->soc_permille <= limits->force_charge_permille)
    requests |= BMS_REQUEST_FORCE_CHARGE;
  if (report->soc_permille <= limits->force_charge2_permille) requests |= BMS_REQUEST_FORCE_CHARGE2;
  if (self->now_us - self->soc.anchored_us >= days * DAY_us) requests |= BMS_REQUEST_FULL_CHARGE;
  return requests;
}

void bms_set_limits(core_t* self) {
  if (is_derating_due(self)) derate_limits(self);
  tell_currents(self);
  if (self->measured.fresh & BMS_FRESH_CELLS) tell_voltage(self);
  self->out.report.requests = find_requests(self);
}
