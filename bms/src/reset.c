/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The RESET button, as latches see it: its press, and the service gesture of holding it; and the press
 * of WAKE, which ends what is left of a failed try. Each counts once: a jammed button must not turn a
 * latch into endless retries. */
#include "core.h"

#define SERVICE_ms 10000u

void bms_watch_reset(core_t* self, const bms_inputs_t* in) {
  reset_t* reset = &self->reset;
  const bool is_down = (in->buttons & BMS_BUTTON_RESET) != 0;
  const bool is_long = bms_has_held(&reset->held, is_down, self->now_us, SERVICE_ms);
  reset->is_pressed = is_down && !reset->was_down;
  reset->is_service = is_long && !reset->was_service;
  const bool is_wake_down = (in->buttons & BMS_BUTTON_WAKE) != 0;
  reset->is_wake_pressed = is_wake_down && !reset->was_wake_down;
  reset->was_down = is_down;
  reset->was_wake_down = is_wake_down;
  reset->was_service = is_long;
}
