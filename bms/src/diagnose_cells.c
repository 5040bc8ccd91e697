/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Cell readings against each other and against the divider.
 *
 * A cell is stuck when most cells moved within a window and this one stood still, in three such
 * windows in a row. The window is too short for a cell to run empty or full; only a change of
 * current moves most of them so fast, and it moves every cell. While nothing moves nothing can be
 * told, and the last finding stands. */
#include "core.h"

#define WINDOWS 3u

static void check_sum(core_t* self) {
  const bms_report_t* report = &self->out.report;
  bms_find(self, BMS_FAILURE_SUM,
           bms_distance((int32_t)report->stack_mV, (int32_t)report->pack_mV) >
               self->config->diagnosis.sum_tolerance_mV);
}

static void judge_window(core_t* self) {
  const bms_report_t* report = &self->out.report;
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  cells_t* cells = &self->diagnosis.cells;
  uint32_t still = 0;
  uint8_t moved = 0;
  for (uint8_t i = 0; i < report->cell_count; ++i) {
    const uint32_t moved_mV = bms_distance(report->cell_mV[i], cells->reference_mV[i]);
    if (moved_mV <= config->cell_still_mV) still |= UINT32_C(1) << i;
    if (moved_mV >= config->cell_move_mV) ++moved;
    cells->reference_mV[i] = report->cell_mV[i];
  }
  if (moved * 2u <= report->cell_count) return;
  cells->suspects = cells->windows == 0 ? still : cells->suspects & still;
  if (cells->suspects == 0)
    cells->windows = 0;
  else if (cells->windows < WINDOWS)
    ++cells->windows;
}

static void check_stuck(core_t* self) {
  cells_t* cells = &self->diagnosis.cells;
  const uint32_t now_ms = self->out.report.uptime_ms;
  if (now_ms - cells->since_ms < self->config->diagnosis.cell_window_ms) return;
  cells->since_ms = now_ms;
  judge_window(self);
  bms_find(self, BMS_FAILURE_CELL_STUCK, cells->windows == WINDOWS);
}

void bms_diagnose_cells(core_t* self) {
  check_sum(self);
  if (self->diagnosis.enabled & BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK)) check_stuck(self);
}
