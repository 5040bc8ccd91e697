/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

#include "core.h"

void bms_watch_buttons(core_t* self, const bms_inputs_t* in) {
  buttons_t* buttons = &self->buttons;
  buttons->pressed = in->buttons & ~buttons->down;
  buttons->released = buttons->down & ~in->buttons;
  buttons->down = in->buttons;
  if (buttons->pressed == 0) return;
  for (uint8_t i = 0; i < BUTTONS; ++i) {
    if (buttons->pressed & (UINT32_C(1) << i)) buttons->pressed_ms[i] = self->out.report.uptime_ms;
  }
}

uint32_t bms_held_ms(const core_t* self, bms_button_t button) {
  const uint32_t concerned = (self->buttons.down | self->buttons.released) & (uint32_t)button;
  for (uint8_t i = 0; i < BUTTONS; ++i) {
    if (concerned == UINT32_C(1) << i)
      return self->out.report.uptime_ms - self->buttons.pressed_ms[i];
  }
  return 0;
}
