/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Configuration of the protection core: one const struct per product, the same on the
 * microcontroller (in flash) and on the host (filled from the product file). */
#ifndef BMS_CONFIG_H
#define BMS_CONFIG_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Scales of the measuring hardware: what one count means. Nominal values; the tolerance of the
 * real parts is not known to firmware. */
typedef struct {
  uint32_t cell_uV_per_count;     /* 1..10000 */
  uint32_t pack_uV_per_count;     /* 1..1000000 */
  uint32_t terminal_uV_per_count; /* 1..1000000 */
  uint32_t shunt_uA_per_count;    /* 1..1000000 */
  uint16_t ntc_full_scale_counts; /* reading with the NTC open */
  uint32_t ntc_pullup_Ohm;        /* from the reference to the NTC */
} bms_sensing_t;

/* Threshold with hysteresis. `trip` and `release` share the unit of the rule's signal: mV, mA or
 * ddegC; currents are magnitudes. A reading at the value trips or releases; a condition must hold
 * for the whole delay, and between two readings the last one stands. SCD trips by the flag of its
 * comparator: its delays count, its trip and release values belong to the AFE. */
typedef struct {
  bool is_enabled;
  int32_t trip;
  int32_t release;
  uint32_t trip_delay_ms;
  uint32_t release_delay_ms;
} bms_threshold_t;

/* One row per rule, indexed by bms_rule_t. */
typedef struct {
  bms_threshold_t warning;    /* tells the bus, changes nothing */
  bms_threshold_t protection; /* opens the rule's gates */
  uint8_t max_retries;        /* automatic releases before the rule latches until the RESET button;
                                 BMS_RETRY_FOREVER: never latches. 60 s without a trip forgive */
} bms_rule_config_t;

#define BMS_RETRY_FOREVER 255

/* A derating curve: piecewise linear over x, flat outside. Points in rising x. */
#define BMS_MAX_CURVE_POINTS 8
typedef struct {
  uint8_t count; /* 1..BMS_MAX_CURVE_POINTS */
  struct {
    int32_t x;
    uint16_t factor_permille; /* 0..1000 */
  } point[BMS_MAX_CURVE_POINTS];
} bms_curve_t;

typedef struct {
  uint32_t cvl_mV;
  uint32_t discharge_voltage_limit_mV;
  uint32_t ccl_mA;
  uint32_t dcl_mA;
  bms_curve_t ccl_over_ddegC;   /* factor over the coldest and the hottest NTC, the lower counts */
  bms_curve_t dcl_over_ddegC;   /* likewise */
  bms_curve_t ccl_over_cell_mV; /* factor over the highest cell */
  bms_curve_t dcl_over_cell_mV; /* factor over the lowest cell */
  uint16_t force_charge_permille;  /* SOC at or below which charging is demanded now */
  uint16_t force_charge2_permille; /* SOC at or below which charging is asked for */
} bms_limits_t;

typedef struct {
  uint16_t start_mV;       /* no bleeding below this cell voltage */
  uint16_t start_delta_mV; /* start this far above the lowest cell */
  uint16_t stop_delta_mV;  /* stop this close to the lowest cell */
} bms_balancing_t;

typedef struct {
  uint32_t capacity_mAh;
  uint16_t full_cell_mV;   /* full: every cell measured, the highest at or above this ... */
  uint32_t full_taper_mA;  /* ... while the charge current is below this ... */
  uint32_t full_delay_ms;  /* ... for this long */
  uint16_t empty_cell_mV;  /* empty: lowest cell at or below this ... */
  uint32_t empty_delay_ms; /* ... for this long: SOC is corrected to 0 */
} bms_soc_config_t;

typedef struct {
  uint8_t cell_count; /* 1..BMS_MAX_CELLS */
  uint8_t ntc_count;  /* 1..BMS_MAX_NTCS */
  bms_sensing_t sensing;
  bms_rule_config_t rules[BMS_RULE_COUNT];
  uint32_t idle_current_mA; /* below this magnitude the pack neither charges nor discharges */
  bms_limits_t limits;
  bms_balancing_t balancing;
  bms_soc_config_t soc;
} bms_config_t;

/* What non-volatile memory holds at power-up. */
typedef struct {
  uint16_t soc_permille; /* 0..1000 */
  uint16_t soh_permille; /* 0..1000 */
  uint16_t cycle_count;
} bms_nvm_t;

#ifdef __cplusplus
}
#endif

#endif
