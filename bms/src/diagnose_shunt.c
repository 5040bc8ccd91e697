/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The current sensor.
 *
 *   rail    every sample of a scan was where the amplifier saturates
 *   steps   all cells stepped together, as under a load, while its samples stood still; three times
 *           in a row. A number that never changes proves nothing: at rest it is right
 *   offset  current while every gate is open. A large one, with stack and terminals on one voltage,
 *           is a MOSFET that conducts: see diagnose_muscles.c
 *
 * The cells of a scan are converted one after the other, so a step of the current shows in two of
 * them; the samples of three scans are looked at. Bleeders move the cells as well: a scan in which
 * they changed tells nothing. */
#include "core.h"

#define STEPS 3u
#define SETTLED_ms 1000u

static bool is_at_rail(const core_t* self) {
  const shunt_t* shunt = &self->diagnosis.shunt;
  const int64_t rail = self->config->diagnosis.shunt_rail_counts;
  return rail != 0 && (shunt->low[0] >= rail || shunt->high[0] <= -rail);
}

/* A reading that the amplifier cannot exceed is none: whoever judges others by the current waits. */
bool bms_is_current_at_rail(const core_t* self) {
  const uint64_t rail_uA = (uint64_t)self->config->diagnosis.shunt_rail_counts *
                           self->config->sensing.shunt_uA_per_count;
  const uint64_t current_mA = bms_distance(self->out.report.current_mA, 0);
  return rail_uA != 0 && (current_mA + 1u) * 1000u > rail_uA; /* rounded towards zero */
}

static bool stood_still(const core_t* self) {
  const shunt_t* shunt = &self->diagnosis.shunt;
  int32_t low = shunt->low[0], high = shunt->high[0];
  for (uint8_t i = 1; i < SHUNT_SCANS; ++i) {
    if (shunt->low[i] < low) low = shunt->low[i];
    if (shunt->high[i] > high) high = shunt->high[i];
  }
  const uint64_t span_uA =
      (uint64_t)bms_distance(low, high) * self->config->sensing.shunt_uA_per_count;
  return span_uA <= (uint64_t)self->config->diagnosis.shunt_still_mA * 1000u;
}

/* Lowest and highest cell took at least half of their share, both in the direction of the sum: a
 * loose link, or one cell's wire, moves one cell only. */
static bool have_cells_stepped(const core_t* self) {
  const shunt_t* shunt = &self->diagnosis.shunt;
  const int32_t* signals = self->measured.signals;
  const int32_t step_mV = (int32_t)self->config->diagnosis.shunt_step_mV;
  const int32_t half_mV = step_mV / (2 * self->config->cell_count);
  const int32_t pack_mV = signals[SIGNAL_PACK_mV] - (int32_t)shunt->pack_mV;
  const int32_t lowest_mV = signals[SIGNAL_LOWEST_CELL_mV] - shunt->lowest_mV;
  const int32_t highest_mV = signals[SIGNAL_HIGHEST_CELL_mV] - shunt->highest_mV;
  if (pack_mV >= step_mV) return lowest_mV >= half_mV && highest_mV >= half_mV;
  if (-pack_mV >= step_mV) return -lowest_mV >= half_mV && -highest_mV >= half_mV;
  return false;
}

static void count_steps(core_t* self) {
  shunt_t* shunt = &self->diagnosis.shunt;
  const bool is_comparable = shunt->scans == SHUNT_SCANS && shunt->bleeders == self->out.bleeders;
  if (self->config->diagnosis.shunt_step_mV == 0 || !is_comparable) return;
  if (!have_cells_stepped(self)) return;
  if (!stood_still(self))
    shunt->steps = 0;
  else if (shunt->steps < STEPS)
    ++shunt->steps;
}

/* While a gate is closed nothing can be told: the last finding stands. */
static void look_for_offset(core_t* self) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const bms_report_t* report = &self->out.report;
  const muscles_t* muscles = &self->diagnosis.muscles;
  if (config->shunt_offset_mA == 0 || self->out.charge_gate || self->out.discharge_gate) return;
  if (report->uptime_ms - muscles->gates_ms < SETTLED_ms) return;
  const uint32_t current_mA = bms_distance(report->current_mA, 0);
  const bool is_apart = bms_distance((int32_t)report->stack_mV, (int32_t)report->terminal_mV) >
                        config->mosfet_block_mV;
  self->diagnosis.shunt.has_offset =
      current_mA >= config->shunt_offset_mA && (is_apart || current_mA < config->mosfet_mA);
}

static void keep_scan(core_t* self) {
  const int32_t* signals = self->measured.signals;
  shunt_t* shunt = &self->diagnosis.shunt;
  shunt->pack_mV = (uint32_t)signals[SIGNAL_PACK_mV];
  shunt->lowest_mV = signals[SIGNAL_LOWEST_CELL_mV];
  shunt->highest_mV = signals[SIGNAL_HIGHEST_CELL_mV];
  shunt->bleeders = self->out.bleeders;
  if (shunt->scans < SHUNT_SCANS) ++shunt->scans;
  for (uint8_t i = SHUNT_SCANS - 1; i > 0; --i) {
    shunt->low[i] = shunt->low[i - 1];
    shunt->high[i] = shunt->high[i - 1];
  }
  shunt->low[0] = INT32_MAX;
  shunt->high[0] = INT32_MIN;
}

void bms_prepare_shunt(core_t* self) {
  self->diagnosis.shunt.low[0] = INT32_MAX;
  self->diagnosis.shunt.high[0] = INT32_MIN;
}

/* In every step with a current; the rest comes with a scan of the cells. A scan without any current
 * leaves the extremes as they were made, which is no rail and no standing still. */
void bms_watch_shunt(core_t* self, int32_t shunt_adc) {
  shunt_t* shunt = &self->diagnosis.shunt;
  if (shunt_adc < shunt->low[0]) shunt->low[0] = shunt_adc;
  if (shunt_adc > shunt->high[0]) shunt->high[0] = shunt_adc;
}

void bms_diagnose_shunt(core_t* self) {
  shunt_t* shunt = &self->diagnosis.shunt;
  count_steps(self);
  look_for_offset(self);
  const bool is_found = is_at_rail(self) || shunt->steps == STEPS || shunt->has_offset;
  keep_scan(self);
  bms_find(self, BMS_FAILURE_SHUNT, is_found);
}
