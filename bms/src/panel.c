/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Lamps and buzzer: draws what the configuration says when an alarm or the state changes, and every
 * 10 ms if anything else of the picture can have changed. */
#include "core.h"

#define TICK_ms 10u
#define LAMPS 16u
#define ALL_LAMPS 0xFFFFu

/* What is claimed already, and what of it is lit; for how long none of its rhythms changes. */
typedef struct {
  uint32_t claimed;
  uint32_t lit;
  uint32_t still_ms;
} picture_t;

static void claim(picture_t* picture, uint32_t lamps, bool is_lit) {
  if (is_lit) picture->lit |= lamps & ~picture->claimed;
  picture->claimed |= lamps;
}

static bool is_pattern_lit(const bms_pattern_t* pattern, uint32_t at_ms) {
  if (pattern->period_ms == 0) return true;
  if (pattern->count > 0) {
    at_ms %= pattern->cycle_ms;
    if (at_ms >= (uint32_t)pattern->count * pattern->period_ms) return false;
  }
  return at_ms % pattern->period_ms < pattern->on_ms;
}

/* How long it stays as it is, at least. */
static uint32_t find_still_ms(const bms_pattern_t* pattern, uint32_t at_ms) {
  if (pattern->period_ms == 0) return UINT32_MAX;
  if (pattern->count > 0) {
    at_ms %= pattern->cycle_ms;
    if (at_ms >= (uint32_t)pattern->count * pattern->period_ms) return pattern->cycle_ms - at_ms;
  }
  const uint32_t into_ms = at_ms % pattern->period_ms;
  return (into_ms < pattern->on_ms ? pattern->on_ms : pattern->period_ms) - into_ms;
}

static const bms_panel_config_t* find_panel(const core_t* self) {
  const bms_panel_config_t* panel = &self->config->panel;
  return panel->row_count > 0 ? panel : bms_default_panel();
}

/* ---- shows ----------------------------------------------------------------------------------- */

static uint32_t count_lamps(uint32_t lamps) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < LAMPS; ++i) count += (lamps >> i) & 1u;
  return count;
}

/* The `index`th lamp of a set, counted from the lowest bit. */
static uint32_t pick_lamp(uint32_t lamps, uint32_t index) {
  for (; index > 0; --index) lamps &= lamps - 1u; /* without its lowest one */
  return lamps & (~lamps + 1u);
}

static void begin_show(core_t* self, bms_show_t show) {
  panel_t* panel = &self->panel;
  if (find_panel(self)->shows[show].lamps == 0) return;
  panel->is_showing = true;
  panel->show = (uint8_t)show;
  panel->show_ms = self->out.report.uptime_ms;
}

static void draw_show(core_t* self, picture_t* picture) {
  panel_t* panel = &self->panel;
  if (!panel->is_showing) return;
  const bms_panel_show_t* show = &find_panel(self)->shows[panel->show];
  const uint32_t running_ms = show->running_ms * count_lamps(show->lamps);
  const uint32_t at_ms = self->out.report.uptime_ms - panel->show_ms;
  const uint32_t flashing_ms = (uint32_t)show->pattern.count * show->pattern.period_ms;
  if (at_ms >= running_ms + flashing_ms) {
    panel->is_showing = false;
    return;
  }
  if (at_ms < running_ms)
    claim(picture, pick_lamp(show->lamps, at_ms / show->running_ms), true);
  else
    claim(picture, show->lamps,
          (at_ms - running_ms) % show->pattern.period_ms < show->pattern.on_ms);
  claim(picture, show->is_alone ? ALL_LAMPS : show->lamps, false);
}

/* ---- error codes ----------------------------------------------------------------------------- */

static bool is_code_active(const core_t* self, const bms_panel_code_t* code) {
  const bms_report_t* report = &self->out.report;
  return (code->failures & report->failures) != 0 || (code->protections & report->protections) != 0;
}

/* The first active one from `index` on; code_count when there is none. */
static uint8_t find_code(const core_t* self, uint8_t index) {
  const bms_panel_config_t* config = find_panel(self);
  while (index < config->code_count && !is_code_active(self, &config->codes[index])) ++index;
  return index;
}

static void show_error_code(core_t* self) {
  const bms_panel_config_t* config = find_panel(self);
  const uint8_t first = find_code(self, 0);
  self->out.report.error_code = first < config->code_count ? config->codes[first].code : 0;
}

/* To the next active code, or to the end of the read-out. */
static void go_to_code(core_t* self, uint8_t index) {
  panel_t* panel = &self->panel;
  panel->code = find_code(self, index);
  panel->code_ms = self->out.report.uptime_ms;
  panel->is_reading_out = panel->code < find_panel(self)->code_count;
}

static void draw_readout(core_t* self, picture_t* picture) {
  panel_t* panel = &self->panel;
  if (!panel->is_reading_out) return;
  const bms_panel_config_t* config = find_panel(self);
  const bms_panel_readout_t* readout = &config->readout;
  const uint32_t flashing_ms = (uint32_t)config->codes[panel->code].code * readout->period_ms;
  const uint32_t at_ms = self->out.report.uptime_ms - panel->code_ms;
  if (at_ms >= flashing_ms + readout->pause_ms) {
    go_to_code(self, (uint8_t)(panel->code + 1u));
    if (!panel->is_reading_out) return;
  }
  const uint32_t into_ms = self->out.report.uptime_ms - panel->code_ms;
  const bool is_flash = into_ms < (uint32_t)config->codes[panel->code].code * readout->period_ms &&
                        into_ms % readout->period_ms < readout->on_ms;
  const bool is_beep = self->out.report.uptime_ms - panel->beep_ms < readout->beep_ms;
  claim(picture, readout->flashing, is_flash);
  claim(picture, readout->lit, true);
  if (is_beep) claim(picture, BMS_PANEL_BUZZER, true);
  claim(picture, ALL_LAMPS & ~(uint32_t)BMS_PANEL_BUZZER, false);
}

static void watch_reset(core_t* self) {
  const bms_panel_config_t* config = find_panel(self);
  const bms_panel_readout_t* readout = &config->readout;
  if (!(self->buttons.released & BMS_BUTTON_RESET)) return;
  const uint32_t held_ms = bms_held_ms(self, BMS_BUTTON_RESET);
  if (readout->press_ms > 0 && held_ms >= readout->press_ms && held_ms < readout->press_below_ms) {
    self->panel.beep_ms = self->out.report.uptime_ms;
    go_to_code(self, 0);
  }
  if (config->reset_shows_self_test && find_code(self, 0) == config->code_count)
    begin_show(self, BMS_SHOW_SELF_TEST);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static uint32_t find_flags(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t idle_mA = self->config->idle_current_mA;
  const panel_t* panel = &self->panel;
  const uint32_t frame_age_ms = self->out.report.uptime_ms - panel->frame_ms;
  uint32_t flags = BMS_PANEL_IDLE;
  if ((uint32_t)signals[SIGNAL_CHARGE_mA] > idle_mA) flags = BMS_PANEL_CHARGING;
  if ((uint32_t)signals[SIGNAL_DISCHARGE_mA] > idle_mA) flags = BMS_PANEL_DISCHARGING;
  flags |= self->out.report.is_full ? BMS_PANEL_FULL : BMS_PANEL_NOT_FULL;
  if (panel->has_frames && frame_age_ms < find_panel(self)->com_ms) flags |= BMS_PANEL_COM;
  return flags;
}

static bool is_alarm_met(const bms_panel_row_t* row, const bms_report_t* report) {
  if (row->failures == 0 && row->protections == 0 && row->warnings == 0) return true;
  return (row->failures & report->failures) != 0 || (row->protections & report->protections) != 0 ||
         (row->warnings & (report->warnings | report->limitings)) != 0;
}

static bool does_row_hold(const bms_panel_row_t* row, const bms_report_t* report, uint32_t flags) {
  if (row->states != 0 && !(row->states & (UINT32_C(1) << report->state))) return false;
  if (row->flags & ~flags) return false;
  if (report->soc_permille < row->soc_from_permille) return false;
  if (row->soc_below_permille > 0 && report->soc_permille >= row->soc_below_permille) return false;
  return is_alarm_met(row, report);
}

static void draw_rows(const core_t* self, picture_t* picture, uint32_t flags) {
  const bms_panel_config_t* config = find_panel(self);
  const bms_report_t* report = &self->out.report;
  for (uint8_t i = 0; i < config->row_count && picture->claimed != ALL_LAMPS; ++i) {
    const bms_panel_row_t* row = &config->rows[i];
    if (!does_row_hold(row, report, flags)) continue;
    const uint32_t still_ms = find_still_ms(&row->pattern, report->uptime_ms);
    if (still_ms < picture->still_ms) picture->still_ms = still_ms;
    claim(picture, row->lamps, is_pattern_lit(&row->pattern, report->uptime_ms));
    if (row->is_alone) claim(picture, ALL_LAMPS, false);
  }
}

/* ---- the panel ------------------------------------------------------------------------------- */

static void watch_frames(core_t* self, uint32_t frames) {
  panel_t* panel = &self->panel;
  if (frames == panel->frames) return;
  panel->has_frames = true;
  panel->frames = frames;
  panel->frame_ms = self->out.report.uptime_ms;
}

static void watch_events(core_t* self) {
  panel_t* panel = &self->panel;
  const uint8_t state = (uint8_t)self->out.report.state;
  if (state != panel->state && state == BMS_STATE_SELF_TEST) begin_show(self, BMS_SHOW_SELF_TEST);
  if (state != panel->state && state == BMS_STATE_SHUTDOWN) begin_show(self, BMS_SHOW_SHUTDOWN);
  if (self->bank.is_paired && !panel->was_paired) begin_show(self, BMS_SHOW_PAIRED);
  panel->was_paired = self->bank.is_paired;
  watch_reset(self);
}

/* What must be drawn at once. */
static bool has_changed(core_t* self) {
  const bms_report_t* report = &self->out.report;
  panel_t* panel = &self->panel;
  const uint32_t warnings = report->warnings | report->limitings;
  const bool is_same = (uint8_t)report->state == panel->state &&
                       report->failures == panel->failures && warnings == panel->warnings &&
                       report->protections == panel->protections;
  panel->state = (uint8_t)report->state;
  panel->failures = report->failures;
  panel->protections = report->protections;
  panel->warnings = warnings;
  return !is_same;
}

/* What the next tick may find. */
static bool is_still(const core_t* self, uint32_t flags) {
  const panel_t* panel = &self->panel;
  const bms_report_t* report = &self->out.report;
  return !panel->is_showing && !panel->is_reading_out && flags == panel->flags &&
         report->soc_permille == panel->soc_permille &&
         report->uptime_ms - panel->drawn_ms < panel->still_ms;
}

static void draw(core_t* self, uint32_t flags) {
  panel_t* panel = &self->panel;
  picture_t picture = {0, 0, UINT32_MAX};
  show_error_code(self);
  draw_show(self, &picture);
  draw_readout(self, &picture);
  draw_rows(self, &picture, flags);
  self->out.leds = picture.lit & ~(uint32_t)BMS_PANEL_BUZZER;
  self->out.buzzer = (picture.lit & BMS_PANEL_BUZZER) != 0;
  panel->flags = flags;
  panel->soc_permille = self->out.report.soc_permille;
  panel->drawn_ms = self->out.report.uptime_ms;
  panel->still_ms = picture.still_ms;
}

void bms_light_panel(core_t* self, const bms_inputs_t* in) {
  watch_frames(self, in->bus.inverter_frames);
  watch_events(self);
  const uint32_t tick = self->out.report.uptime_ms / TICK_ms;
  const bool is_tick = tick != self->panel.tick;
  const bool is_urgent = has_changed(self);
  self->panel.tick = tick;
  if (!is_urgent && !is_tick) return;
  const uint32_t flags = find_flags(self);
  if (is_urgent || !is_still(self, flags)) draw(self, flags);
}

/* ---- validation ------------------------------------------------------------------------------ */

static bool is_pattern_valid(const bms_pattern_t* pattern) {
  if (pattern->period_ms == 0) return pattern->count == 0;
  if (pattern->on_ms == 0 || pattern->on_ms > pattern->period_ms) return false;
  return pattern->count == 0 || pattern->cycle_ms >= (uint32_t)pattern->count * pattern->period_ms;
}

static bool is_show_valid(const bms_panel_show_t* show) {
  const bms_pattern_t* pattern = &show->pattern;
  if (show->lamps == 0) return true;
  return pattern->on_ms > 0 && pattern->on_ms <= pattern->period_ms && pattern->count > 0;
}

static bool is_readout_valid(const bms_panel_readout_t* readout) {
  if (readout->press_ms == 0) return true;
  return readout->press_below_ms > readout->press_ms && readout->on_ms > 0 &&
         readout->on_ms <= readout->period_ms;
}

static bool is_row_valid(const bms_panel_row_t* row) {
  const bool has_range =
      row->soc_below_permille == 0 || row->soc_below_permille > row->soc_from_permille;
  return has_range && is_pattern_valid(&row->pattern);
}

bms_status_t bms_check_panel(const bms_panel_config_t* config) {
  const bool has_counts =
      config->row_count <= BMS_MAX_PANEL_ROWS && config->code_count <= BMS_MAX_PANEL_CODES;
  if (!has_counts || !is_readout_valid(&config->readout))
    return (bms_status_t){BMS_ERROR_PANEL, config->row_count};
  for (uint8_t i = 0; i < BMS_SHOW_COUNT; ++i)
    if (!is_show_valid(&config->shows[i])) return (bms_status_t){BMS_ERROR_PANEL, i};
  for (uint8_t i = 0; i < config->row_count; ++i)
    if (!is_row_valid(&config->rows[i])) return (bms_status_t){BMS_ERROR_PANEL, i};
  for (uint8_t i = 0; i < config->code_count; ++i)
    if (config->codes[i].code == 0) return (bms_status_t){BMS_ERROR_PANEL, i};
  return (bms_status_t){BMS_OK, 0};
}
