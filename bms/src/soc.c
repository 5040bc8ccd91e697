/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of charge: coulombs counted, corrected at full and at empty.
 *
 * The charge is kept exactly: whole mAh, and below them uA x us in 64 bits. Nothing is rounded, so
 * a million small steps add up to what one large step gives. Currents below idle count as well. */
#include "core.h"

#define UAUS_PER_MAH INT64_C(3600000000000) /* uA x us in one mAh */
#define PERMILLE 1000u

/* Moves whole mAh, of either sign, out of `fraction_uAus`, which ends within 0..1 mAh. */
static int32_t take_whole_charge(int64_t* fraction_uAus) {
  if (*fraction_uAus >= 0 && *fraction_uAus < UAUS_PER_MAH) return 0;
  int64_t whole_mAh = *fraction_uAus / UAUS_PER_MAH;
  if (*fraction_uAus % UAUS_PER_MAH < 0) --whole_mAh;
  *fraction_uAus -= whole_mAh * UAUS_PER_MAH;
  return (int32_t)whole_mAh;
}

static void show_remaining(core_t* self, uint32_t remaining_mAh) {
  bms_report_t* report = &self->out.report;
  const uint64_t permille =
      ((uint64_t)remaining_mAh * PERMILLE + report->full_mAh / 2u) / report->full_mAh;
  report->remaining_mAh = remaining_mAh;
  report->soc_permille = (uint16_t)permille;
}

static void anchor(core_t* self, uint32_t remaining_mAh) {
  self->soc.remaining_uAus = 0;
  if (remaining_mAh != self->out.report.remaining_mAh) show_remaining(self, remaining_mAh);
}

/* Never below 0 and never above full, whatever the current sensor's offset adds up to. */
static void count_remaining(core_t* self, int64_t moved_uAus) {
  self->soc.remaining_uAus += moved_uAus;
  const int32_t moved_mAh = take_whole_charge(&self->soc.remaining_uAus);
  const int64_t full_mAh = self->out.report.full_mAh;
  const int64_t remaining_mAh = (int64_t)self->out.report.remaining_mAh + moved_mAh;
  if (remaining_mAh < 0)
    anchor(self, 0);
  else if (remaining_mAh >= full_mAh)
    anchor(self, (uint32_t)full_mAh);
  else if (moved_mAh != 0)
    show_remaining(self, (uint32_t)remaining_mAh);
}

/* A cycle is one nominal capacity discharged, in however many pieces. */
static void count_cycles(core_t* self, int64_t moved_uAus) {
  if (moved_uAus >= 0) return;
  self->soc.discharged_uAus -= moved_uAus;
  const int32_t discharged_mAh = take_whole_charge(&self->soc.discharged_uAus);
  if (discharged_mAh == 0) return;
  const uint32_t capacity_mAh = self->config->soc.capacity_mAh;
  const uint64_t total_mAh = (uint64_t)self->soc.discharged_mAh + (uint32_t)discharged_mAh;
  const uint64_t cycles = self->out.report.cycle_count + total_mAh / capacity_mAh;
  self->soc.discharged_mAh = (uint32_t)(total_mAh % capacity_mAh);
  self->out.report.cycle_count = cycles < UINT16_MAX ? (uint16_t)cycles : UINT16_MAX;
}

/* Full needs cells that are high while little flows in: high under a large current is resistance,
 * and while discharging it is a rest of the surface charge. */
static bool looks_full(const core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  const int32_t* signals = self->measured.signals;
  return self->measured.seen == ALL_FRESH &&
         signals[SIGNAL_HIGHEST_CELL_mV] >= config->full_cell_mV &&
         (uint32_t)signals[SIGNAL_CHARGE_mA] < config->full_taper_mA &&
         (uint32_t)signals[SIGNAL_DISCHARGE_mA] <= self->config->idle_current_mA;
}

static bool looks_empty(const core_t* self) {
  return self->measured.seen == ALL_FRESH &&
         self->measured.signals[SIGNAL_LOWEST_CELL_mV] <= self->config->soc.empty_cell_mV;
}

static void correct_at_ends(core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  soc_t* soc = &self->soc;
  if (bms_has_held(&soc->full, looks_full(self), self->now_us, config->full_delay_ms)) {
    anchor(self, self->out.report.full_mAh);
    soc->anchored_us = self->now_us;
  }
  if (bms_has_held(&soc->empty, looks_empty(self), self->now_us, config->empty_delay_ms))
    anchor(self, 0);
}

void bms_prepare_soc(core_t* self) {
  const bms_factory_t* kept = &self->kept.factory;
  bms_report_t* report = &self->out.report;
  const uint64_t full_mAh =
      (uint64_t)self->config->soc.capacity_mAh * kept->soh_permille / PERMILLE;
  report->full_mAh = full_mAh > 0 ? (uint32_t)full_mAh : 1; /* a divisor */
  report->soh_permille = kept->soh_permille;
  report->cycle_count = kept->cycle_count;
  show_remaining(self, (uint32_t)((uint64_t)report->full_mAh * kept->soc_permille / PERMILLE));
}

void bms_count_charge(core_t* self, uint32_t dt_us) {
  const int64_t moved_uAus = self->measured.current_uA * dt_us;
  count_remaining(self, moved_uAus);
  count_cycles(self, moved_uAus);
  correct_at_ends(self);
}
