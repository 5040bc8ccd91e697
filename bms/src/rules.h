/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of rules.c. */
#ifndef BMS_SRC_RULES_H
#define BMS_SRC_RULES_H

#include "bms/types.h"

/* One level (warning or protection) of every rule. Written by rules.c. */
typedef struct {
  uint32_t enabled; /* sets of BMS_RULE_BIT */
  uint32_t active;
  uint32_t pending; /* about to change sides: the delay runs since `since_us` */
  uint64_t since_us[BMS_RULE_COUNT];
} level_t;

typedef struct {
  uint32_t opens_charge; /* the table's columns as sets of BMS_RULE_BIT */
  uint32_t opens_discharge;
  uint32_t lets_reverse;
  level_t warning;
  level_t protection;
  uint32_t latched;
  uint32_t buttons_before;
  uint8_t retries[BMS_RULE_COUNT];
  uint64_t released_us[BMS_RULE_COUNT];
} rules_t;

#endif
