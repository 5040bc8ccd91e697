/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The panel of a product that says nothing about its own. */
#include "bms/config/panel.h"

#define STATE(name) (1u << BMS_STATE_##name)
#define FAST {.period_ms = 1500, .on_ms = 500}
#define SLOW {.period_ms = 3500, .on_ms = 500}

/* A quarter begins just above the end of the one before. */
#define QUARTER(lamp_, after, up_to)                   \
  {.flags = BMS_PANEL_CHARGING,                        \
   .soc_from_permille = (after) + 1,                   \
   .soc_below_permille = (up_to) + 1,                  \
   .lamps = (lamp_),                                   \
   .pattern = FAST},                                   \
  {                                                    \
    .soc_from_permille = (after) + 1, .lamps = (lamp_) \
  }

const bms_panel_config_t* bms_default_panel(void) {
  static const bms_panel_config_t panel = {
      .row_count = 14,
      .rows =
          {
              {.states = STATE(OFF) | STATE(ACTIVATION) | STATE(SELF_TEST) | STATE(STORAGE) |
                         STATE(DEEP_SLEEP) | STATE(SUPPLY_LOSS) | STATE(SHUTDOWN),
               .is_alone = true},
              {.states = STATE(PROTECTION) | STATE(FAILURE),
               .lamps = BMS_LED_ALARM | BMS_PANEL_BUZZER,
               .is_alone = true},
              {.flags = BMS_PANEL_CHARGING, .lamps = BMS_LED_RUN},
              {.flags = BMS_PANEL_DISCHARGING, .lamps = BMS_LED_RUN, .pattern = FAST},
              {.lamps = BMS_LED_RUN, .pattern = SLOW},
              {.warnings = UINT32_MAX, .lamps = BMS_LED_ALARM, .pattern = FAST},
              QUARTER(BMS_LED_SOC1, 0, 250),
              QUARTER(BMS_LED_SOC2, 250, 500),
              QUARTER(BMS_LED_SOC3, 500, 750),
              QUARTER(BMS_LED_SOC4, 750, 1000),
          },
  };
  return &panel;
}
