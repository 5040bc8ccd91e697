/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of charge and of health. */
#ifndef BMS_CONFIG_SOC_H
#define BMS_CONFIG_SOC_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Open-circuit voltage of a rested cell over SOC: piecewise linear, both rising. */
#define BMS_MAX_OCV_POINTS 12
typedef struct {
  uint8_t count; /* 0: no anchor by OCV; else 2..BMS_MAX_OCV_POINTS */
  struct {
    uint16_t cell_mV;
    uint16_t soc_permille;
  } point[BMS_MAX_OCV_POINTS];
} bms_ocv_t;

typedef struct {
  uint32_t capacity_mAh;
  uint16_t full_cell_mV;   /* full: every cell measured, the highest at or above this ... */
  uint32_t full_taper_mA;  /* ... while the charge current is below this ... */
  uint32_t full_delay_ms;  /* ... for this long */
  uint16_t empty_cell_mV;  /* empty: lowest cell at or below this ... */
  uint32_t empty_delay_ms; /* ... for this long: SOC is corrected to 0 */
  /* Rested: no current beyond idle for this long. SOC then becomes that of the OCV table, but only
   * at the steep ends of an LFP cell's curve: at or below `ocv_low_permille` by the lowest cell, at
   * or above `ocv_high_permille` by the highest; between them 1 mV is several percent. */
  bms_ocv_t ocv;
  uint32_t ocv_rest_ms;
  uint16_t ocv_low_permille;
  uint16_t ocv_high_permille;
  /* What is counted between a full and an empty anchor, either way, without a power-up in between,
   * is the capacity: it moves the learned one by this share of the difference. 0: off. */
  uint16_t learn_weight_permille;
  int16_t learn_coldest_ddegC; /* not at an empty anchor colder than this: cold hides capacity */
} bms_soc_config_t;

/* What the end of the production line writes into non-volatile memory. */
typedef struct {
  uint16_t soc_permille; /* 0..1000 */
  uint16_t soh_permille; /* 0..1000 */
  uint16_t cycle_count;
  uint32_t serial_number;
} bms_factory_t;

#ifdef __cplusplus
}
#endif

#endif
