/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the front panel shows, as data. */
#ifndef BMS_CONFIG_PANEL_H
#define BMS_CONFIG_PANEL_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t soc_lamps; /* 0 for none, up to 6: BMS_LED_SOC1 and the bits after it */
} bms_panel_config_t;

#ifdef __cplusplus
}
#endif

#endif
