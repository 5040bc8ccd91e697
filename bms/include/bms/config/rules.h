/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Thresholds of the protection rules, and what follows from them. */
#ifndef BMS_CONFIG_RULES_H
#define BMS_CONFIG_RULES_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Threshold with hysteresis. `trip` and `release` share the unit of the rule's signal: mV, mA,
 * ddegC, kOhm or permille; currents are magnitudes. A reading at the value trips or releases; a
 * condition must hold for the whole delay, and between two readings the last one stands. SCD trips
 * by the flag of its comparator: its delays count, its trip and release values belong to the AFE. */
typedef struct {
  bool is_enabled;
  int32_t trip;
  int32_t release;
  uint32_t trip_delay_ms;
  uint32_t release_delay_ms;
} bms_threshold_t;

/* What a protection or a failure opens. Contacts open after the MOSFETs, without current. */
typedef enum {
  BMS_OPENS_CHARGE = 1 << 0,    /* the CHG MOSFET */
  BMS_OPENS_DISCHARGE = 1 << 1, /* the DSG MOSFET */
  BMS_OPENS_CONTACTS = 1 << 2,  /* the relays */
  BMS_OPENS_SUPPLY = 1 << 3,    /* the core shuts down */
} bms_opens_t;

#define BMS_OPENS_ALL_PATHS (BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE | BMS_OPENS_CONTACTS)

/* What clears a latch. What it opened closes again only once the cause is gone. */
typedef enum {
  BMS_LATCH_BUTTON,      /* RESET (its press, not its being held) or a power cycle; of a failure
                            WAKE, too: one more try */
  BMS_LATCH_POWER_CYCLE, /* nothing but a power cycle */
  BMS_LATCH_REPAIR,      /* kept in non-volatile memory: RESET held for 10 s, the service gesture */
} bms_latch_t;

/* One row per rule, indexed by bms_rule_t. */
typedef struct {
  bms_threshold_t warning;       /* tells the bus, changes nothing */
  bms_threshold_t limiting;      /* lowers the limits told to the inverter */
  bms_threshold_t protection;    /* opens */
  uint8_t max_retries;           /* automatic releases before the rule latches;
                                 BMS_RETRY_FOREVER: never latches. 60 s without a trip forgive */
  uint8_t latch;                 /* bms_latch_t */
  uint8_t opens;                 /* set of bms_opens_t; 0: as bms_rule_default_opens says */
  bool is_failure;               /* its protection is a failure of the pack: everything opens */
  uint8_t asks;                  /* set of bms_request_t, from the warning on */
  uint16_t limited_ccl_permille; /* 0..1000, what `limiting` leaves */
  uint16_t limited_dcl_permille;
} bms_rule_config_t;

#define BMS_RETRY_FOREVER 255

#ifdef __cplusplus
}
#endif

#endif
