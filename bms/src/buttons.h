/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* How long buttons are held. */
#ifndef BMS_SRC_BUTTONS_H
#define BMS_SRC_BUTTONS_H

#include "bms/types.h"

#define BUTTONS 4u /* members of bms_button_t */

/* Written by buttons.c. A button that is held at power-up counts as pressed then. */
typedef struct {
  uint32_t down;                /* sets of bms_button_t */
  uint32_t pressed;             /* in this step */
  uint32_t released;            /* in this step */
  uint32_t pressed_ms[BUTTONS]; /* uptime of the last press */
} buttons_t;

#endif
