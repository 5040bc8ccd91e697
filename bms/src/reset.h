/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of reset.c: what the RESET and WAKE buttons ask for. */
#ifndef BMS_SRC_RESET_H
#define BMS_SRC_RESET_H

#include "hold.h"

/* Written by reset.c. */
typedef struct {
  hold_t held;
  bool is_pressed; /* in this step it went down: clears BMS_LATCH_BUTTON */
  bool is_service; /* in this step it has been down for 10 s: clears BMS_LATCH_REPAIR */
  bool was_down;
  bool was_service;
  bool is_wake_pressed; /* in this step WAKE went down: one more try after a failure */
  bool was_wake_down;
} reset_t;

#endif
