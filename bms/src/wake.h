/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of wake.c: who wants the pack on. */
#ifndef BMS_SRC_WAKE_H
#define BMS_SRC_WAKE_H

#include "hold.h"

typedef enum {
  SOURCE_BUTTON, /* POWER or WAKE */
  SOURCE_SWITCH,
  SOURCE_PINS,
  SOURCE_TERMINALS, /* a voltage in the window */
  SOURCE_CHARGER,   /* where there is no window */
  SOURCE_COUNT
} source_t;

#define SOURCE_BIT(source) (1u << (source))

/* Written by wake.c. Sets of SOURCE_BIT. */
typedef struct {
  uint32_t armed;   /* was not there at some time since the core went to sleep */
  uint32_t present; /* armed, and there now */
  uint32_t meant;   /* there for long enough */
  bool is_nothing;  /* no source for not_meant_ms */
  hold_t there[SOURCE_COUNT];
  hold_t nothing;
} wake_t;

#endif
