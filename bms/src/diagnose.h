/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of the diagnostics. */
#ifndef BMS_SRC_DIAGNOSE_H
#define BMS_SRC_DIAGNOSE_H

#include "bms/types.h"

typedef struct {
  uint8_t opens;          /* set of bms_opens_t */
  uint32_t suspect_cells; /* bit i: do not trust the reading of cell i */
} diagnosis_t;

#endif
