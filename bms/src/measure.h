/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of measure.c: what the counts mean. */
#ifndef BMS_SRC_MEASURE_H
#define BMS_SRC_MEASURE_H

#include "bms/types.h"

/* What the rules look at. Written by measure.c. */
typedef enum {
  SIGNAL_HIGHEST_CELL_mV,
  SIGNAL_LOWEST_CELL_mV,
  SIGNAL_PACK_mV,
  SIGNAL_CHARGE_mA,    /* magnitude, 0 in discharge */
  SIGNAL_DISCHARGE_mA, /* magnitude, 0 in charge */
  SIGNAL_SHORT,        /* comparator flag: INT32_MAX when set, INT32_MIN when clear */
  SIGNAL_HOTTEST_ddegC,
  SIGNAL_COLDEST_ddegC,
  SIGNAL_SPREAD_mV,
  SIGNAL_SPREAD_ddegC,
  SIGNAL_MOSFET_ddegC,
  SIGNAL_INSULATION_kOhm,
  SIGNAL_SOC_permille,
  SIGNAL_COUNT
} signal_t;

#define ALL_FRESH ((uint32_t)BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS)

/* Resistances the NTC table knows; see measure.c. */
#define NTC_POINTS 20

/* counts * scale / 1000, rounded, without leaving 32 bits for any scale up to 1,000,000. */
static inline uint32_t bms_thousandths(uint16_t counts, uint32_t scale) {
  return counts * (scale / 1000u) + (counts * (scale % 1000u) + 500u) / 1000u;
}

/* Written by measure.c. */
typedef struct {
  uint32_t ntc_counts_x256[NTC_POINTS]; /* the NTC table as this hardware reads it, falling */
  uint32_t seen;                        /* set of bms_fresh_t that came at least once */
  uint32_t fresh; /* set of bms_fresh_t that came in this step, and count: while
                                           the sense wires are tested cells do not */
  int64_t current_uA;
  int32_t signals[SIGNAL_COUNT];
} measured_t;

#endif
