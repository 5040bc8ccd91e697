/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of charge and of health. */
#ifndef BMS_CONFIG_SOC_H
#define BMS_CONFIG_SOC_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t capacity_mAh;
  uint16_t full_cell_mV;   /* full: every cell measured, the highest at or above this ... */
  uint32_t full_taper_mA;  /* ... while the charge current is below this ... */
  uint32_t full_delay_ms;  /* ... for this long */
  uint16_t empty_cell_mV;  /* empty: lowest cell at or below this ... */
  uint32_t empty_delay_ms; /* ... for this long: SOC is corrected to 0 */
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
