/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Several packs on one link. */
#ifndef BMS_CONFIG_BANK_H
#define BMS_CONFIG_BANK_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  BMS_BANK_NONE,    /* a pack of its own */
  BMS_BANK_DIP,     /* DIP address, 0 is the master */
  BMS_BANK_PAIRING, /* two packs that find each other */
  BMS_BANK_STACK,   /* modules in series under a master */
} bms_bank_kind_t;

typedef struct {
  uint8_t kind;              /* bms_bank_kind_t */
  uint32_t period_ms;        /* between two messages of one pack */
  uint32_t lost_ms;          /* a member silent for this long is lost */
  uint32_t pairing_ms;       /* how late the other pack may be powered */
  uint32_t pairing_delta_mV; /* how far its voltage may be off */
} bms_bank_config_t;

#ifdef __cplusplus
}
#endif

#endif
