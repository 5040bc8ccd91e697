/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* From findings to failures. */
#include "core.h"

static uint8_t find_opens(const core_t* self) {
  uint8_t opens = 0;
  for (uint8_t i = 0; i < BMS_FAILURE_COUNT; ++i) {
    if (self->out.report.failures & BMS_FAILURE_BIT(i)) opens |= self->config->failures[i].opens;
  }
  return opens;
}

void bms_find(core_t* self, bms_failure_t failure, bool is_found) {
  const bms_failure_config_t* config = &self->config->failures[failure];
  if (!config->is_enabled || (!is_found && config->is_latched)) return;
  if (is_found)
    self->out.report.failures |= BMS_FAILURE_BIT(failure);
  else
    self->out.report.failures &= ~BMS_FAILURE_BIT(failure);
  self->diagnosis.opens = find_opens(self);
}
