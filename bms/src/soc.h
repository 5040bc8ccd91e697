/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of soc.c. */
#ifndef BMS_SRC_SOC_H
#define BMS_SRC_SOC_H

#include "hold.h"

/* The end of the last anchor, from which a capacity is being measured. */
typedef enum { SINCE_POWER_UP, SINCE_FULL, SINCE_EMPTY } since_t;

/* Written by soc.c. */
typedef struct {
  int64_t remaining_uAus;  /* beyond report.remaining_mAh, 0 <= x < 1 mAh */
  int64_t discharged_uAus; /* likewise beyond discharged_mAh */
  uint32_t discharged_mAh; /* since the last whole cycle */
  int64_t moved_uAus;      /* likewise beyond moved_mAh */
  int32_t moved_mAh;       /* net, since the last anchor at an end; not corrected by anything */
  since_t since;
  bool is_unknown; /* memory was no help: the first quiet OCV will do */
  hold_t full;
  hold_t empty;
  hold_t rest;
  uint64_t anchored_us; /* when the pack was last seen full; before power-up: wraps below 0 */
} soc_t;

#endif
