/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Passive balancing: which cells bleed.
 *
 * A cell starts when it is high and far above the lowest, stops when it has come close, and keeps
 * its state in between. In idle and in charge only: under discharge the order of the voltages shows
 * resistance, not charge. Not while the pack is too hot either, for a bleeder is a heater, and never
 * on a reading that the diagnostics do not trust. Of the cells that want it only the highest get it,
 * if the heat of all would be too much. */
#include "core.h"

#define EVEN_CELLS UINT32_C(0x55555555)

bms_error_t bms_check_balancing(const bms_balancing_t* config) {
  return config->stop_delta_mV < config->start_delta_mV ? BMS_OK : BMS_ERROR_BALANCING;
}

static bool is_cool(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const int32_t hottest_ddegC = self->config->balancing.hottest_ddegC;
  const uint32_t hot = BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD);
  if (self->out.report.protections & hot) return false;
  return hottest_ddegC == 0 || (signals[SIGNAL_HOTTEST_ddegC] <= hottest_ddegC &&
                                signals[SIGNAL_MOSFET_ddegC] <= hottest_ddegC);
}

static bool is_balancing_wise(const core_t* self) {
  const uint32_t idle_mA = self->config->idle_current_mA;
  const int32_t* signals = self->measured.signals;
  const bool is_charging = (uint32_t)signals[SIGNAL_CHARGE_mA] > idle_mA;
  return bms_is_working(self) && (uint32_t)signals[SIGNAL_DISCHARGE_mA] <= idle_mA &&
         (is_charging || !self->config->balancing.only_in_charge) && is_cool(self);
}

/*@ requires \valid_read(config);
    assigns \nothing; */
static bool bleeds(const bms_balancing_t* config, bool bled, uint32_t cell_mV, uint32_t delta_mV) {
  if (cell_mV < config->start_mV || delta_mV <= config->stop_delta_mV) return false;
  return bled || delta_mV >= config->start_delta_mV;
}

static uint32_t find_wanted(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  const uint32_t lowest_mV = (uint32_t)self->measured.signals[SIGNAL_LOWEST_CELL_mV];
  uint32_t wanted = 0;
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    const uint32_t bit = UINT32_C(1) << i;
    const bool bled = (self->balance.wanted & bit) != 0;
    const uint32_t cell_mV = report->cell_mV[i];
    if (bleeds(&self->config->balancing, bled, cell_mV, cell_mV - lowest_mV)) wanted |= bit;
  }
  return wanted & ~self->diagnosis.suspect_cells;
}

static uint32_t highest_of(const bms_report_t* report, uint32_t cells) {
  uint32_t highest_mV = 0, highest = 0;
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    const uint32_t bit = UINT32_C(1) << i;
    if (!(cells & bit) || report->cell_mV[i] <= highest_mV) continue;
    highest_mV = report->cell_mV[i];
    highest = bit;
  }
  return highest;
}

static uint32_t pick_highest(const core_t* self, uint32_t cells) {
  const uint8_t most = self->config->balancing.max_bleeders;
  if (most == 0) return cells;
  uint32_t picked = 0;
  for (uint8_t i = 0; i < most && picked != cells; ++i)
    picked |= highest_of(&self->out.report, cells & ~picked);
  return picked;
}

void bms_balance_cells(core_t* self) {
  balance_t* balance = &self->balance;
  if (!is_balancing_wise(self)) {
    balance->wanted = 0;
    self->out.bleeders = 0;
    return;
  }
  if (!(self->measured.fresh & BMS_FRESH_CELLS)) return;
  balance->wanted = find_wanted(self);
  balance->is_odd = !balance->is_odd;
  uint32_t cells = balance->wanted;
  if (self->config->balancing.is_alternating) cells &= balance->is_odd ? ~EVEN_CELLS : EVEN_CELLS;
  self->out.bleeders = pick_highest(self, cells);
}
