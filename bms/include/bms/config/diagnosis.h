/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Diagnostics of senses, muscles, surroundings and the core itself. */
#ifndef BMS_CONFIG_DIAGNOSIS_H
#define BMS_CONFIG_DIAGNOSIS_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One row per failure, indexed by bms_failure_t. */
typedef struct {
  bool is_enabled;
  bool is_latched;   /* otherwise it clears when its cause has been gone for `delay_ms` */
  uint8_t latch;     /* bms_latch_t, of a latched one */
  uint8_t opens;     /* set of bms_opens_t */
  uint32_t delay_ms; /* how long the finding must stand */
} bms_failure_config_t;

#ifdef __cplusplus
}
#endif

#endif
