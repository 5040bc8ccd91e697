/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of quiet.c. */
#ifndef BMS_SRC_QUIET_H
#define BMS_SRC_QUIET_H

#include <stdint.h>

/* Written by quiet.c. What the slow stages had before them when they last ran. */
typedef struct {
  uint64_t until_us; /* when one of them must run again; 0: now */
  uint64_t failures;
  uint32_t warnings;
  uint32_t limitings;
  uint32_t remaining_mAh;
  uint32_t full_mAh;
  uint32_t inverter_frames;
  uint32_t buttons;
  uint32_t wake;
  uint8_t dip;
  uint8_t state;
} quiet_t;

#endif
