/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the inverter is told, and balancing. */
#ifndef BMS_CONFIG_LIMITS_H
#define BMS_CONFIG_LIMITS_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
