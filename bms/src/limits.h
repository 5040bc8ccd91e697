/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of limits.c and balance.c. */
#ifndef BMS_SRC_LIMITS_H
#define BMS_SRC_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Written by limits.c. */
typedef struct {
  uint32_t ccl_mA; /* before asking whether the path is open, and how fast the limit may move */
  uint32_t dcl_mA;
  uint32_t limitings; /* what the two were worked out for */
  uint16_t soc_permille;
  uint64_t ramp_us; /* since when the limits told have not moved, in steps of RAMP_us */
} derated_t;

/* Written by balance.c. */
typedef struct {
  uint32_t wanted; /* bit i: cell i has not come close enough yet */
  bool is_odd;     /* whose turn it is */
} balance_t;

#endif
