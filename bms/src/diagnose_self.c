/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The front end, the clock, the task and the configuration.
 *
 * A group of readings that was never converted is silent since power-up. The clock is held against
 * the real-time clock, of another oscillator. The checksum of the configuration is computed anew
 * all the time, one byte in a step. */
#include "core.h"

static void check_afe_silent(core_t* self, uint32_t fresh) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const uint32_t now_ms = self->out.report.uptime_ms;
  watch_t* watch = &self->diagnosis.watch;
  if (fresh & BMS_FRESH_CURRENT) watch->current_ms = now_ms;
  if (fresh & BMS_FRESH_CELLS) watch->cells_ms = now_ms;
  if (fresh & BMS_FRESH_NTCS) watch->ntcs_ms = now_ms;
  const bool is_silent =
      (config->afe_current_ms != 0 && now_ms - watch->current_ms >= config->afe_current_ms) ||
      (config->afe_cells_ms != 0 && now_ms - watch->cells_ms >= config->afe_cells_ms) ||
      (config->afe_ntcs_ms != 0 && now_ms - watch->ntcs_ms >= config->afe_ntcs_ms);
  bms_find(self, BMS_FAILURE_AFE_SILENT, is_silent);
}

/* Found within a window, gone after a good one. */
static void check_afe_corrupt(core_t* self, uint32_t errors) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const uint32_t now_ms = self->out.report.uptime_ms;
  watch_t* watch = &self->diagnosis.watch;
  const bool is_corrupt = errors - watch->errors >= config->afe_errors;
  const bool is_over = now_ms - watch->errors_ms >= config->afe_window_ms;
  if (is_corrupt || is_over) bms_find(self, BMS_FAILURE_AFE_CORRUPT, is_corrupt);
  if (!is_over) return;
  watch->errors_ms = now_ms;
  watch->errors = errors;
}

static void check_clock(core_t* self, uint32_t rtc_ms) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const uint32_t now_ms = self->out.report.uptime_ms;
  watch_t* watch = &self->diagnosis.watch;
  const uint32_t passed_ms = now_ms - watch->clock_ms;
  if (watch->is_rtc_known && passed_ms < config->clock_window_ms) return;
  const int32_t ahead_ms = (int32_t)(rtc_ms - watch->rtc_ms - passed_ms);
  const bool is_off = bms_distance(ahead_ms, 0) > config->clock_tolerance_ms;
  bms_find(self, BMS_FAILURE_CLOCK, watch->is_rtc_known && is_off);
  watch->is_rtc_known = true;
  watch->clock_ms = now_ms;
  watch->rtc_ms = rtc_ms;
}

static void check_config(core_t* self) {
  const unsigned char* bytes = (const unsigned char*)self->config;
  watch_t* watch = &self->diagnosis.watch;
  watch->crc = bms_crc_add(watch->crc, bytes[watch->crc_bytes]);
  if (++watch->crc_bytes < offsetof(bms_config_t, crc32)) return;
  bms_find(self, BMS_FAILURE_CONFIG, ~watch->crc != self->config->crc32);
  watch->crc_bytes = 0;
  watch->crc = UINT32_MAX;
}

void bms_prepare_self(core_t* self) {
  self->diagnosis.watch.crc = UINT32_MAX;
}

void bms_diagnose_self(core_t* self, const bms_inputs_t* in, uint32_t dt_us) {
  const uint64_t enabled = self->diagnosis.enabled;
  if (enabled & BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT)) check_afe_silent(self, in->fresh);
  if (enabled & BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT)) check_afe_corrupt(self, in->afe_errors);
  if (enabled & BMS_FAILURE_BIT(BMS_FAILURE_CLOCK)) check_clock(self, in->rtc_ms);
  if (enabled & BMS_FAILURE_BIT(BMS_FAILURE_CONFIG)) check_config(self);
  bms_find(self, BMS_FAILURE_TASK, dt_us > self->config->diagnosis.task_us);
}
