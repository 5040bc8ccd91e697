/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of charge: coulombs counted, corrected at full, at empty and at the steep ends of the OCV.
 *
 * The charge is kept exactly: whole mAh, and below them uA x us in 64 bits. Nothing is rounded, so
 * a million small steps add up to what one large step gives. Currents below idle count as well, so
 * the offset of the current sensor adds up until an anchor: nothing hides it. No anchor looks at a
 * pack with a suspect reading. */
#include "core.h"

#define UAUS_PER_MAH INT64_C(3600000000000) /* uA x us in one mAh */
#define PERMILLE 1000u
#define PPM 1000000u
#define US_PER_S 1000000u
#define NO_LONGER_FULL_permille 990u /* estimate: what stands overnight stays full */

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

/* For the capacity: on its own, because the remaining charge stops at its ends. */
static void count_moved(core_t* self, int64_t moved_uAus) {
  self->soc.moved_uAus += moved_uAus;
  self->soc.moved_mAh += take_whole_charge(&self->soc.moved_uAus);
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

static bool can_judge_cells(const core_t* self) {
  return self->measured.seen == ALL_FRESH && self->diagnosis.suspect_cells == 0;
}

static bool is_idle(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t idle_mA = self->config->idle_current_mA;
  return (uint32_t)signals[SIGNAL_CHARGE_mA] <= idle_mA &&
         (uint32_t)signals[SIGNAL_DISCHARGE_mA] <= idle_mA;
}

/* Full needs cells that are high while little flows in: high under a large current is resistance,
 * and while discharging it is a rest of the surface charge. */
static bool looks_full(const core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  const int32_t* signals = self->measured.signals;
  return can_judge_cells(self) && signals[SIGNAL_HIGHEST_CELL_mV] >= config->full_cell_mV &&
         (uint32_t)signals[SIGNAL_CHARGE_mA] < config->full_taper_mA &&
         (uint32_t)signals[SIGNAL_DISCHARGE_mA] <= self->config->idle_current_mA;
}

static bool looks_empty(const core_t* self) {
  return can_judge_cells(self) &&
         self->measured.signals[SIGNAL_LOWEST_CELL_mV] <= self->config->soc.empty_cell_mV;
}

/* ---- state of health ------------------------------------------------------------------------- */

static void show_health(core_t* self, uint32_t full_mAh) {
  const uint64_t rounded = (uint64_t)full_mAh * PERMILLE + self->config->soc.capacity_mAh / 2u;
  self->out.report.full_mAh = full_mAh;
  self->out.report.soh_permille = (uint16_t)(rounded / self->config->soc.capacity_mAh);
}

/* Between a quarter and five quarters of the nameplate: anything else is a miscount. */
static bool is_plausible(uint32_t measured_mAh, uint32_t capacity_mAh) {
  return measured_mAh >= capacity_mAh / 4u && measured_mAh <= capacity_mAh + capacity_mAh / 4u;
}

/* SOH never rises above 100 %, although a new pack may hold more than its nameplate. */
static void learn_capacity(core_t* self, since_t end) {
  const uint32_t capacity_mAh = self->config->soc.capacity_mAh;
  const int32_t moved_mAh = self->soc.moved_mAh;
  const uint32_t measured_mAh = (uint32_t)(moved_mAh < 0 ? -moved_mAh : moved_mAh);
  if (!is_plausible(measured_mAh, capacity_mAh)) return;
  const int64_t known_mAh = self->out.report.full_mAh;
  const int64_t weight = self->config->soc.learn_weight_permille;
  const int64_t learned_mAh = known_mAh + (measured_mAh - known_mAh) * weight / (int64_t)PERMILLE;
  show_health(self, learned_mAh < capacity_mAh ? (uint32_t)learned_mAh : capacity_mAh);
  show_remaining(self, end == SINCE_FULL ? self->out.report.full_mAh : 0);
}

static bool is_warm(const core_t* self) {
  return self->measured.signals[SIGNAL_COLDEST_ddegC] >= self->config->soc.learn_coldest_ddegC;
}

/* An end was reached: from the other one, this is a measurement. Too cold an empty end is none, and
 * none may begin there either. */
static void reach_end(core_t* self, since_t end) {
  soc_t* soc = &self->soc;
  const bool is_crossing = soc->since != SINCE_POWER_UP && soc->since != end;
  const bool is_valid = end == SINCE_FULL || is_warm(self);
  if (is_crossing && is_valid) learn_capacity(self, end);
  soc->since = is_valid ? end : SINCE_POWER_UP;
  soc->moved_mAh = 0;
  soc->moved_uAus = 0;
}

/* ---- anchors --------------------------------------------------------------------------------- */

static void correct_at_ends(core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  bms_report_t* report = &self->out.report;
  soc_t* soc = &self->soc;
  if (bms_has_held(&soc->full, looks_full(self), self->now_us, config->full_delay_ms)) {
    reach_end(self, SINCE_FULL);
    anchor(self, report->full_mAh);
    soc->anchored_us = self->now_us;
    soc->is_unknown = false;
    report->is_full = true;
  }
  if (bms_has_held(&soc->empty, looks_empty(self), self->now_us, config->empty_delay_ms)) {
    reach_end(self, SINCE_EMPTY);
    anchor(self, 0);
    soc->is_unknown = false;
  }
  report->is_full = report->is_full && report->soc_permille >= NO_LONGER_FULL_permille;
}

static uint32_t soc_of_ocv(const bms_ocv_t* ocv, int32_t cell_mV) {
  if (cell_mV <= ocv->point[0].cell_mV) return ocv->point[0].soc_permille;
  for (uint8_t i = 1; i < ocv->count; ++i) {
    if (cell_mV > ocv->point[i].cell_mV) continue;
    const uint32_t span = (uint32_t)(ocv->point[i].cell_mV - ocv->point[i - 1].cell_mV);
    const uint32_t along = (uint32_t)cell_mV - ocv->point[i - 1].cell_mV;
    const uint32_t rise = (uint32_t)(ocv->point[i].soc_permille - ocv->point[i - 1].soc_permille);
    return ocv->point[i - 1].soc_permille + rise * along / span;
  }
  return ocv->point[ocv->count - 1].soc_permille;
}

static void anchor_at_permille(core_t* self, uint32_t soc_permille) {
  anchor(self, (uint32_t)((uint64_t)self->out.report.full_mAh * soc_permille / PERMILLE));
  self->soc.is_unknown = false;
}

/* A pack with one cell at each end is unbalanced: neither tells its SOC. */
static void correct_at_rest(core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  const uint32_t low = soc_of_ocv(&config->ocv, self->measured.signals[SIGNAL_LOWEST_CELL_mV]);
  const uint32_t high = soc_of_ocv(&config->ocv, self->measured.signals[SIGNAL_HIGHEST_CELL_mV]);
  const bool is_low = low <= config->ocv_low_permille;
  const bool is_high = high >= config->ocv_high_permille;
  if (is_low && !is_high) anchor_at_permille(self, low);
  if (is_high && !is_low) anchor_at_permille(self, high);
}

/* Once per rest, and again after each further rest of that length. */
static void watch_rest(core_t* self) {
  const bms_soc_config_t* config = &self->config->soc;
  soc_t* soc = &self->soc;
  if (config->ocv.count == 0) return;
  const bool is_quiet = can_judge_cells(self) && is_idle(self);
  if (is_quiet && soc->is_unknown)
    anchor_at_permille(self,
                       soc_of_ocv(&config->ocv, self->measured.signals[SIGNAL_LOWEST_CELL_mV]));
  if (!bms_has_held(&soc->rest, is_quiet, self->now_us, config->ocv_rest_ms)) return;
  soc->rest.is_running = false;
  correct_at_rest(self);
}

void bms_prepare_soc(core_t* self) {
  const kept_t* kept = &self->kept;
  const uint32_t capacity_mAh = self->config->soc.capacity_mAh;
  bms_report_t* report = &self->out.report;
  uint64_t full_mAh = (uint64_t)capacity_mAh * kept->factory.soh_permille / PERMILLE;
  if (kept->full_mAh > 0) full_mAh = kept->full_mAh;
  report->full_mAh = full_mAh > 0 ? (uint32_t)full_mAh : 1; /* a divisor */
  report->soh_permille = kept->factory.soh_permille;
  report->cycle_count = kept->factory.cycle_count;
  self->soc.discharged_mAh = kept->discharged_mAh;
  self->soc.anchored_us = 0u - (uint64_t)kept->since_full_s * US_PER_S;
  self->soc.is_unknown = self->memory.origin != ORIGIN_RECORD;
  show_remaining(self, (uint32_t)((uint64_t)report->full_mAh * kept->soc_ppm / PPM));
}

void bms_count_charge(core_t* self, uint32_t dt_us) {
  const int64_t moved_uAus = self->measured.current_uA * dt_us;
  count_remaining(self, moved_uAus);
  count_moved(self, moved_uAus);
  count_cycles(self, moved_uAus);
  correct_at_ends(self);
  watch_rest(self);
}

static bool is_ocv_valid(const bms_ocv_t* ocv) {
  if (ocv->count == 0) return true;
  if (ocv->count == 1 || ocv->count > BMS_MAX_OCV_POINTS) return false;
  for (uint8_t i = 1; i < ocv->count; ++i) {
    if (ocv->point[i].cell_mV <= ocv->point[i - 1].cell_mV) return false;
    if (ocv->point[i].soc_permille <= ocv->point[i - 1].soc_permille) return false;
  }
  return ocv->point[ocv->count - 1].soc_permille <= PERMILLE;
}

bms_error_t bms_check_soc(const bms_soc_config_t* config) {
  if (config->capacity_mAh == 0 || config->learn_weight_permille > PERMILLE) return BMS_ERROR_SOC;
  if (!is_ocv_valid(&config->ocv)) return BMS_ERROR_SOC;
  if (config->ocv.count > 0 && config->ocv_low_permille >= config->ocv_high_permille)
    return BMS_ERROR_SOC;
  return BMS_OK;
}
