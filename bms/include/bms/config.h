/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Configuration of the protection core: one const struct per product, the same on the
 * microcontroller (in flash) and on the host (filled from the product file). No pointers, so that
 * it can be written to a file, hashed and compared. */
#ifndef BMS_CONFIG_H
#define BMS_CONFIG_H

#include "bms/config/bank.h"
#include "bms/config/diagnosis.h"
#include "bms/config/limits.h"
#include "bms/config/panel.h"
#include "bms/config/rules.h"
#include "bms/config/sensing.h"
#include "bms/config/sequence.h"
#include "bms/config/soc.h"
#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t cell_count; /* 1..BMS_MAX_CELLS */
  uint8_t ntc_count;  /* 1..BMS_MAX_NTCS */
  uint16_t
      firmware_version; /* of the product's firmware: major * 256 + minor; 0: that of the core */
  bms_sensing_t sensing;
  bms_rule_config_t rules[BMS_RULE_COUNT];
  bms_failure_config_t failures[BMS_FAILURE_COUNT];
  bms_diagnosis_config_t diagnosis;
  uint32_t idle_current_mA; /* below this magnitude the pack neither charges nor discharges */
  bms_limits_t limits;
  bms_balancing_t balancing;
  bms_soc_config_t soc;
  bms_sequence_config_t sequence;
  bms_panel_config_t panel;
  bms_bank_config_t bank;
  uint32_t crc32; /* over all bytes before it, padding included: bms_core_t.seal fills it in */
} bms_config_t;

#ifdef __cplusplus
}
#endif

#endif
