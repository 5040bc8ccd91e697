/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Does the other side keep to what it was told? It may take a while, and it may be a little off.
 *
 * What counts is the highest limit of the last one to two reaction times, so that an inverter that
 * follows a falling limit late is not blamed. The delay of the failure comes on top. A reading at the
 * rail of its amplifier blames the sensor and nobody else. */
#include "core.h"

static uint32_t higher(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

static void remember_told(core_t* self) {
  told_t* told = &self->diagnosis.told;
  const bms_report_t* report = &self->out.report;
  if (report->uptime_ms - told->since_ms >= self->config->diagnosis.limit_reaction_ms) {
    told->since_ms = report->uptime_ms;
    told->last_ccl_mA = told->ccl_mA;
    told->last_dcl_mA = told->dcl_mA;
    told->ccl_mA = 0;
    told->dcl_mA = 0;
  }
  told->ccl_mA = higher(told->ccl_mA, report->ccl_mA);
  told->dcl_mA = higher(told->dcl_mA, report->dcl_mA);
}

static bool is_beyond(const core_t* self, signal_t signal, uint32_t limit_mA) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const uint64_t tolerance_mA =
      config->limit_tolerance_mA + (uint64_t)limit_mA * config->limit_tolerance_permille / 1000u;
  return (uint32_t)self->measured.signals[signal] > limit_mA + tolerance_mA;
}

/* With a scan of the cells: limits change no faster. */
void bms_diagnose_limits(core_t* self) {
  const told_t* told = &self->diagnosis.told;
  remember_told(self);
  const bool charges = is_beyond(self, SIGNAL_CHARGE_mA, higher(told->ccl_mA, told->last_ccl_mA));
  const bool discharges =
      is_beyond(self, SIGNAL_DISCHARGE_mA, higher(told->dcl_mA, told->last_dcl_mA));
  bms_find(self, BMS_FAILURE_LIMIT_IGNORED,
           (charges || discharges) && !bms_is_current_at_rail(self));
}
