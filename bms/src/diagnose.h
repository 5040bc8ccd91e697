/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of diagnose.c and of what it calls. */
#ifndef BMS_SRC_DIAGNOSE_H
#define BMS_SRC_DIAGNOSE_H

#include "bms/types.h"

/* Written by diagnose.c. */
typedef struct {
  uint64_t enabled; /* sets of BMS_FAILURE_BIT, from the configuration */
  uint64_t latching;
  uint64_t repairs;                     /* those with BMS_LATCH_REPAIR */
  uint64_t found;                       /* as told last by bms_find */
  uint64_t active;                      /* found for its delay, or latched */
  uint32_t since_ms[BMS_FAILURE_COUNT]; /* when `found` changed last */
  uint8_t opens;                        /* set of bms_opens_t: what the active failures open */
  uint32_t suspect_cells;               /* bit i: the reading of cell i is not to be believed */
  uint32_t suspect_ntcs;
} diagnosis_t;

#endif
