/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* From findings to failures: delays, latches, and what a failure opens.
 *
 * Whoever finds something tells it by bms_find, as often as it likes, and says so again when it is
 * gone; in between the finding stands. A finding that stood for its delay is a failure. One that
 * does not latch ends when its cause has been gone for the delay; a latched one ends by what its
 * latch says, and only while its cause is not there. */
#include "core.h"

static void summarise(core_t* self) {
  diagnosis_t* diagnosis = &self->diagnosis;
  diagnosis->opens = 0;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    if (diagnosis->active & BMS_FAILURE_BIT(i)) diagnosis->opens |= self->config->failures[i].opens;
  }
  self->kept.latched_failures = diagnosis->active & diagnosis->repairs;
  self->out.report.failures = diagnosis->active;
}

/* Findings that are about to become, or to end, a failure. */
static uint64_t find_pending(const diagnosis_t* diagnosis) {
  return (diagnosis->found ^ diagnosis->active) & ~(diagnosis->active & diagnosis->latching);
}

static void settle(core_t* self, uint8_t failure) {
  diagnosis_t* diagnosis = &self->diagnosis;
  const uint32_t passed_ms = self->out.report.uptime_ms - diagnosis->since_ms[failure];
  if (passed_ms < self->config->failures[failure].delay_ms) return;
  diagnosis->active ^= BMS_FAILURE_BIT(failure);
  summarise(self);
}

void bms_find(core_t* self, bms_failure_t failure, bool is_found) {
  diagnosis_t* diagnosis = &self->diagnosis;
  const uint64_t bit = BMS_FAILURE_BIT(failure);
  const uint64_t found = is_found ? diagnosis->enabled & bit : 0;
  if ((diagnosis->found & bit) == found) return;
  diagnosis->found ^= bit;
  diagnosis->since_ms[failure] = self->out.report.uptime_ms;
  if (find_pending(diagnosis) & bit) settle(self, (uint8_t)failure);
}

static void settle_pending(core_t* self) {
  uint64_t pending = find_pending(&self->diagnosis);
  for (uint8_t i = 0; pending; ++i, pending >>= 1) {
    if (pending & 1u) settle(self, i);
  }
}

static void clear_latches(core_t* self, bms_latch_t latch) {
  diagnosis_t* diagnosis = &self->diagnosis;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    const uint64_t bit = BMS_FAILURE_BIT(i) & diagnosis->latching & ~diagnosis->found;
    if (self->config->failures[i].latch == latch) diagnosis->active &= ~bit;
  }
  summarise(self);
}

bms_error_t bms_check_failure(bms_failure_t failure, const bms_config_t* config) {
  const bms_failure_config_t* row = &config->failures[failure];
  const uint8_t anything = BMS_OPENS_ALL_PATHS | BMS_OPENS_SUPPLY;
  const bool is_valid = row->latch <= BMS_LATCH_REPAIR && !(row->opens & ~anything);
  return is_valid ? BMS_OK : BMS_ERROR_FAILURE;
}

/* A latch that only a repair ends is there again after a loss of power. */
void bms_prepare_diagnosis(core_t* self) {
  diagnosis_t* diagnosis = &self->diagnosis;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    const bms_failure_config_t* row = &self->config->failures[i];
    const uint64_t bit = BMS_FAILURE_BIT(i);
    if (!row->is_enabled) continue;
    diagnosis->enabled |= bit;
    if (row->is_latched) diagnosis->latching |= bit;
    if (row->is_latched && row->latch == BMS_LATCH_REPAIR) diagnosis->repairs |= bit;
  }
  diagnosis->active = self->kept.latched_failures & diagnosis->repairs;
  summarise(self);
}

void bms_diagnose(core_t* self, const bms_inputs_t* in, uint32_t dt_us) {
  (void)in;
  (void)dt_us;
  if (self->reset.is_pressed) clear_latches(self, BMS_LATCH_BUTTON);
  if (self->reset.is_service) clear_latches(self, BMS_LATCH_REPAIR);
  settle_pending(self);
}
