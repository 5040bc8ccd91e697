/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of panel.c. */
#ifndef BMS_SRC_PANEL_H
#define BMS_SRC_PANEL_H

#include "bms/types.h"

/* Written by panel.c. Times are uptimes. */
typedef struct {
  uint64_t failures; /* as drawn, like the following */
  uint32_t protections;
  uint32_t warnings;
  uint32_t flags;
  uint16_t soc_permille;
  uint8_t state;
  uint32_t drawn_ms;
  uint32_t still_ms; /* no lamp changes by itself within that time */
  uint32_t tick;
  bool was_paired;
  bool is_showing;
  uint8_t show; /* bms_show_t */
  uint32_t show_ms;
  bool is_reading_out;
  uint8_t code; /* index of the one being shown */
  uint32_t code_ms;
  uint32_t beep_ms;
  bool has_frames;
  uint32_t frames; /* counter of the inverter's */
  uint32_t frame_ms;
} panel_t;

#endif
