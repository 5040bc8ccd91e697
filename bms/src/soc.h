/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of soc.c. */
#ifndef BMS_SRC_SOC_H
#define BMS_SRC_SOC_H

#include "hold.h"

/* Written by soc.c. */
typedef struct {
  int64_t remaining_uAus;  /* beyond report.remaining_mAh, 0 <= x < 1 mAh */
  int64_t discharged_uAus; /* likewise beyond discharged_mAh */
  uint32_t discharged_mAh; /* since the last whole cycle */
  hold_t full;
  hold_t empty;
  uint64_t anchored_us; /* when the pack was last seen full */
} soc_t;

#endif
