/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Who wants the pack on, and whether it is meant.
 *
 * The hardware powers the core up on a touch of the button, a spike on the WAKE pins or any voltage
 * at the terminals. What counts is what lasts: the button for its press length, a voltage inside
 * its window for activation_ms. A source that was already there when the core went to sleep does
 * not wake it before it has been away: the rest of the link's charge is no charger, and the press
 * that switched off does not switch on again. */
#include "core.h"

#define BOUNCE_ms 20u /* of a toggle; estimate, most are still after 5 ms */

static bool is_in_window(const core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint32_t terminal_mV = self->out.report.terminal_mV;
  return (self->measured.seen & BMS_FRESH_CELLS) && terminal_mV >= config->activation_low_mV &&
         terminal_mV <= config->activation_high_mV;
}

/* A toggle that is off overrules everybody. */
static uint32_t find_sources(const core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint32_t touch = (uint32_t)BMS_BUTTON_POWER | BMS_BUTTON_WAKE;
  uint32_t sources = 0;
  if (config->has_switch) {
    if (!(in->buttons & BMS_BUTTON_SWITCH)) return 0;
    sources |= SOURCE_BIT(SOURCE_SWITCH);
  }
  if (in->buttons & touch) sources |= SOURCE_BIT(SOURCE_BUTTON);
  if (in->wake & BMS_WAKE_PINS) sources |= SOURCE_BIT(SOURCE_PINS);
  if (config->activation_high_mV > 0) {
    if (is_in_window(self)) sources |= SOURCE_BIT(SOURCE_TERMINALS);
  } else if (in->wake & BMS_WAKE_CHARGER) {
    sources |= SOURCE_BIT(SOURCE_CHARGER);
  }
  return sources;
}

void bms_arm_wake(core_t* self) {
  self->wake.armed = UINT32_MAX;
}

void bms_disarm_wake(core_t* self) {
  self->wake.armed = 0;
}

void bms_watch_wake(core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint32_t delays_ms[SOURCE_COUNT] = {config->press_on_ms, BOUNCE_ms, config->activation_ms,
                                            config->activation_ms, config->activation_ms};
  wake_t* wake = &self->wake;
  const uint32_t sources = find_sources(self, in);
  wake->present = sources & wake->armed;
  wake->armed |= ~sources;
  wake->meant = 0;
  for (uint8_t i = 0; i < SOURCE_COUNT; ++i) {
    const bool is_there = (wake->present & SOURCE_BIT(i)) != 0;
    if (bms_has_held(&wake->there[i], is_there, self->now_us, delays_ms[i]))
      wake->meant |= SOURCE_BIT(i);
  }
  wake->is_nothing =
      bms_has_held(&wake->nothing, wake->present == 0, self->now_us, config->not_meant_ms);
}
