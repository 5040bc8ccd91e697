/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Passive balancing: which cells bleed.
 *
 * A cell starts when it is high and far above the lowest, stops when it has come close, and keeps
 * its state in between. In idle and in charge only: under discharge the order of the voltages shows
 * resistance, not charge. Not while the pack is too hot either, for a bleeder is a heater. */
#include "core.h"

/*@ requires is_sound(self);
    assigns \nothing;
    ensures \result != 0 ==> self->is_started != 0; */
static bool is_balancing_wise(const core_t* self) {
  const uint32_t hot = BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD);
  const uint32_t discharge_mA = (uint32_t)self->measured.signals[SIGNAL_DISCHARGE_mA];
  return self->is_started && discharge_mA <= self->config->idle_current_mA &&
         !(self->out.report.protections & hot);
}

/*@ requires \valid_read(config);
    assigns \nothing; */
static bool bleeds(const bms_balancing_t* config, bool bled, uint32_t cell_mV, uint32_t delta_mV) {
  if (cell_mV < config->start_mV || delta_mV <= config->stop_delta_mV) return false;
  return bled || delta_mV >= config->start_delta_mV;
}

void bms_balance_cells(core_t* self) {
  if (!is_balancing_wise(self)) {
    self->out.bleeders = 0;
    return;
  }
  if (!(self->measured.fresh & BMS_FRESH_CELLS)) return;
  const bms_report_t* report = &self->out.report;
  const uint32_t lowest_mV = (uint32_t)self->measured.signals[SIGNAL_LOWEST_CELL_mV];
  uint32_t bleeders = 0;
  /*@ loop invariant 0 <= i <= report->cell_count;
      loop assigns i, bleeders;
      loop variant report->cell_count - i; */
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    const uint32_t bit = UINT32_C(1) << i;
    const bool bled = (self->out.bleeders & bit) != 0;
    const uint32_t cell_mV = report->cell_mV[i];
    if (bleeds(&self->config->balancing, bled, cell_mV, cell_mV - lowest_mV)) bleeders |= bit;
  }
  self->out.bleeders = bleeders;
}
