/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of the diagnosis. */
#ifndef BMS_SRC_DIAGNOSE_H
#define BMS_SRC_DIAGNOSE_H

#include "bms/types.h"

typedef struct {
  uint8_t opens;          /* set of bms_opens_t of every active failure */
  uint32_t suspect_cells; /* bit i: the reading of cell i is not to be trusted */
} diagnosis_t;

#endif
