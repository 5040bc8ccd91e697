/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* From findings to failures: delays, latches, and what a failure opens.
 *
 * Whoever finds something tells it by bms_find, as often as it likes, and says so again when it is
 * gone; in between the finding stands. A finding that stood for its delay is a failure. One that
 * does not latch ends when its cause has been gone for the delay; a latched one ends by what its
 * latch says, and only while its cause is not there. */
#include "core.h"

#define OF_CELLS (BMS_FAILURE_BIT(BMS_FAILURE_SUM) | BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK))
#define OF_NTCS                                                                       \
  (BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK) | \
   BMS_FAILURE_BIT(BMS_FAILURE_NTCS_DEAD) | BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC))
#define OF_SELF                                                                         \
  (BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT) | \
   BMS_FAILURE_BIT(BMS_FAILURE_CLOCK) | BMS_FAILURE_BIT(BMS_FAILURE_TASK) |             \
   BMS_FAILURE_BIT(BMS_FAILURE_CONFIG))
#define OF_MUSCLES                                                                          \
  (BMS_FAILURE_BIT(BMS_FAILURE_SHUNT) | BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_CLOSED) | \
   BMS_FAILURE_BIT(BMS_FAILURE_CHARGE_MOSFET_OPEN) |                                        \
   BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_CLOSED) |                                   \
   BMS_FAILURE_BIT(BMS_FAILURE_DISCHARGE_MOSFET_OPEN) |                                     \
   BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_WELDED) | BMS_FAILURE_BIT(BMS_FAILURE_MAIN_1_OPEN) |  \
   BMS_FAILURE_BIT(BMS_FAILURE_MAIN_2_WELDED) | BMS_FAILURE_BIT(BMS_FAILURE_MAIN_2_OPEN) |  \
   BMS_FAILURE_BIT(BMS_FAILURE_BREAKER))

static void summarise(core_t* self) {
  diagnosis_t* diagnosis = &self->diagnosis;
  diagnosis->opens = 0;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    if (diagnosis->active & BMS_FAILURE_BIT(i)) diagnosis->opens |= self->config->failures[i].opens;
  }
  self->kept.failure_latches = diagnosis->active & diagnosis->repairs;
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

static bool has_thresholds(bms_failure_t failure, const bms_diagnosis_config_t* config) {
  switch (failure) {
    case BMS_FAILURE_SENSE_WIRE:
      return config->wire_collapse_mV != 0 && config->wire_low_mV < config->wire_high_mV;
    case BMS_FAILURE_SUM:
      return config->sum_tolerance_mV != 0;
    case BMS_FAILURE_CELL_STUCK:
      return config->cell_still_mV < config->cell_move_mV;
    case BMS_FAILURE_AFE_CORRUPT:
      return config->afe_errors != 0;
    case BMS_FAILURE_CHARGE_MOSFET_CLOSED:
    case BMS_FAILURE_DISCHARGE_MOSFET_CLOSED:
      return config->mosfet_mA != 0;
    case BMS_FAILURE_CHARGE_MOSFET_OPEN:
    case BMS_FAILURE_DISCHARGE_MOSFET_OPEN:
      return config->mosfet_mA != 0 && config->mosfet_diode_mV != 0 &&
             config->mosfet_diode_mV <= config->mosfet_block_mV;
    case BMS_FAILURE_CLOCK:
      return config->clock_tolerance_ms < config->clock_window_ms;
    case BMS_FAILURE_TASK:
      return config->task_us != 0;
    default:
      return true;
  }
}

bms_error_t bms_check_failure(bms_failure_t failure, const bms_config_t* config) {
  const bms_failure_config_t* row = &config->failures[failure];
  const uint8_t anything = BMS_OPENS_ALL_PATHS | BMS_OPENS_SUPPLY;
  if (row->latch > BMS_LATCH_REPAIR || (row->opens & ~anything)) return BMS_ERROR_FAILURE;
  const bool is_complete = !row->is_enabled || has_thresholds(failure, &config->diagnosis);
  return is_complete ? BMS_OK : BMS_ERROR_FAILURE;
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
  bms_prepare_shunt(self);
  bms_prepare_self(self);
  diagnosis->active = self->kept.failure_latches & diagnosis->repairs;
  summarise(self);
}

static bool is_any_enabled(const core_t* self, uint64_t failures) {
  return (self->diagnosis.enabled & failures) != 0;
}

/* After a wrong sum nobody knows which cell it is. */
static uint32_t find_suspect_cells(const diagnosis_t* diagnosis) {
  if (diagnosis->found & BMS_FAILURE_BIT(BMS_FAILURE_SUM)) return UINT32_MAX;
  const bool is_stuck = (diagnosis->found & BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK)) != 0;
  return diagnosis->wires.suspects | (is_stuck ? diagnosis->cells.suspects : 0);
}

/* What needs a scan of the cells, or hands one to nobody else. */
static void diagnose_scan(core_t* self, const bms_inputs_t* in) {
  const bool is_for_all = (self->measured.fresh & BMS_FRESH_CELLS) != 0;
  const bool is_shunt = is_any_enabled(self, BMS_FAILURE_BIT(BMS_FAILURE_SHUNT));
  const bool is_limit = is_any_enabled(self, BMS_FAILURE_BIT(BMS_FAILURE_LIMIT_IGNORED));
  if (is_for_all && is_any_enabled(self, OF_MUSCLES)) bms_diagnose_muscles(self, in);
  if (is_for_all && is_shunt) bms_diagnose_shunt(self);
  if (is_for_all && is_any_enabled(self, OF_CELLS)) bms_diagnose_cells(self);
  if (is_for_all && is_limit) bms_diagnose_limits(self);
  if (is_any_enabled(self, BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE))) bms_diagnose_wires(self, in);
  self->diagnosis.suspect_cells = find_suspect_cells(&self->diagnosis);
}

void bms_diagnose(core_t* self, const bms_inputs_t* in, uint32_t dt_us) {
  const uint32_t fresh = self->measured.fresh;
  if (self->diagnosis.enabled == 0) return;
  if (self->reset.is_pressed || self->reset.is_wake_pressed) clear_latches(self, BMS_LATCH_BUTTON);
  if (self->reset.is_service) clear_latches(self, BMS_LATCH_REPAIR);
  if (is_any_enabled(self, OF_SELF)) bms_diagnose_self(self, in, dt_us);
  if (fresh & BMS_FRESH_CURRENT) bms_watch_shunt(self, in->shunt_adc);
  if (in->fresh & BMS_FRESH_CELLS) diagnose_scan(self, in);
  if (is_any_enabled(self, OF_NTCS) && (fresh & BMS_FRESH_NTCS)) bms_diagnose_ntcs(self);
  settle_pending(self);
}
