/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of rules.c. */
#ifndef BMS_SRC_RULES_H
#define BMS_SRC_RULES_H

#include "bms/types.h"

/* One level (warning, limiting or protection) of every rule. Written by rules.c. */
typedef struct {
  uint32_t enabled; /* sets of BMS_RULE_BIT */
  uint32_t active;
  uint32_t pending; /* about to change sides: the delay runs since `since_us` */
  uint64_t since_us[BMS_RULE_COUNT];
} level_t;

/* Written by rules.c. What follows from the configuration comes first. */
typedef struct {
  uint32_t opens_charge; /* sets of BMS_RULE_BIT: which rules open what */
  uint32_t opens_discharge;
  uint32_t opens_contacts;
  uint32_t opens_supply;
  uint32_t lets_reverse; /* their gate may close for current the other way: see gates.c */
  uint32_t are_failures;
  uint32_t of_current; /* which rules look at a group of readings */
  uint32_t of_cells;
  uint32_t of_ntcs;
  uint32_t of_insulation;
  int32_t calm_mA; /* no rule trips below this magnitude */

  level_t warning;
  level_t limiting;
  level_t protection;
  uint32_t latched;
  uint8_t retries[BMS_RULE_COUNT];
  uint64_t released_us[BMS_RULE_COUNT];

  uint8_t opens;    /* set of bms_opens_t: what the active protections open */
  uint8_t asks;     /* set of bms_request_t: what the active rules of any level ask for */
  bool has_failure; /* one of the active protections is a failure of the pack */
} rules_t;

#endif
