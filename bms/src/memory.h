/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What non-volatile memory keeps, and its layout. */
#ifndef BMS_SRC_MEMORY_H
#define BMS_SRC_MEMORY_H

#include "bms/config.h"

/* Written by the modules that own the values. */
typedef struct {
  bms_factory_t factory;  /* SOC, SOH and cycles as of now; the serial number never changes */
  uint32_t latched_rules; /* sets of BMS_RULE_BIT and BMS_FAILURE_BIT: BMS_LATCH_REPAIR */
  uint64_t latched_failures;
} kept_t;

#endif
