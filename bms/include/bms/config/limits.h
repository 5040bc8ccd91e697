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
  bms_curve_t ccl_over_soc;     /* factor over the SOC in permille. No points: no such factor */
  bms_curve_t dcl_over_soc;
  uint16_t force_charge_permille;  /* SOC at or below which charging is demanded now */
  uint16_t force_charge2_permille; /* SOC at or below which charging is asked for */
  uint16_t full_charge_days; /* not anchored for this long: a full charge is asked for. 0: 30 */
  uint16_t cvl_cell_mV; /* the CVL falls to hold the highest cell at this voltage. 0: it does not */
  uint32_t cvl_floor_mV;  /* lowest CVL ever told. 0: the discharge voltage limit */
  uint32_t rise_mA_per_s; /* how fast CCL and DCL follow their curves. 0: at once. A path that opens
                              always takes its limit to 0 at once */
  uint32_t fall_mA_per_s;
} bms_limits_t;

typedef struct {
  uint16_t start_mV;       /* no bleeding below this cell voltage */
  uint16_t start_delta_mV; /* start this far above the lowest cell */
  uint16_t stop_delta_mV;  /* stop this close to the lowest cell */
  int16_t hottest_ddegC;   /* no bleeding while an NTC, also the MOSFETs', is above. 0: no limit */
  uint8_t max_bleeders;    /* at a time, the highest cells first. 0: any number */
  bool only_in_charge;     /* not in idle either */
  bool is_alternating;     /* every other cell only, swapped with each scan: for an AFE whose
                              bleeders share their sense wires with the neighbours */
} bms_balancing_t;

#ifdef __cplusplus
}
#endif

#endif
