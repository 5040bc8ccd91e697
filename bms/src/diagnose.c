/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What was found broken. */
#include "core.h"

void bms_find(core_t* self, bms_failure_t failure, bool is_found) {
  const uint64_t bit = BMS_FAILURE_BIT(failure);
  if (is_found)
    self->out.report.failures |= bit;
  else
    self->out.report.failures &= ~bit;
}
