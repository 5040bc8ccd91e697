/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Scales of the measuring hardware. */
#ifndef BMS_CONFIG_SENSING_H
#define BMS_CONFIG_SENSING_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one count means. Nominal values; the tolerance of the real parts is not known to firmware. */
typedef struct {
  uint32_t cell_uV_per_count;     /* 1..10000 */
  uint32_t pack_uV_per_count;     /* 1..1000000 */
  uint32_t terminal_uV_per_count; /* 1..1000000 */
  uint32_t shunt_uA_per_count;    /* 1..1000000 */
  uint16_t ntc_full_scale_counts; /* reading with the NTC open */
  bool has_mosfet_ntc;
  uint32_t ntc_pullup_Ohm; /* from the reference to the NTC */
} bms_sensing_t;

#ifdef __cplusplus
}
#endif

#endif
