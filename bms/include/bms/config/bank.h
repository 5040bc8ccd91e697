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
  BMS_BANK_DIP,     /* packs in parallel; the DIP address tells the master */
  BMS_BANK_PAIRING, /* two packs in parallel that find each other */
  BMS_BANK_STACK,   /* modules in series under a master; DIP addresses */
} bms_bank_kind_t;

/* In parallel: currents and charges add, the voltage is the mean, the limits are the lowest one
 * times the packs that allow the direction (a pack that has stopped takes no share). In series:
 * voltages and voltage limits add, the current is the master's, charge and current limits are those
 * of the weakest, and one module that has stopped stops all. */
typedef struct {
  uint8_t kind;              /* bms_bank_kind_t */
  uint32_t period_ms;        /* between two messages of one pack; changes are told at once */
  uint32_t lost_ms;          /* a member silent for this long is lost */
  uint32_t pairing_ms;       /* how late the other pack may be powered */
  uint32_t pairing_delta_mV; /* how far its voltage may be off */
  uint32_t forget_ms;        /* a member lost for this long was taken away: no failure any more;
                                0: never */
  uint8_t dip_mask;          /* the switches that make the address; 0: all */
  uint8_t master_address;    /* of BMS_BANK_DIP and BMS_BANK_STACK */
  uint8_t vital_address;     /* its loss is that of the master to the others, too; 0: none */
  bool opens_all;            /* one that trips stops them all */
  bool has_bare_master;      /* the master has no cells of its own: they do not count */
  bool is_in_order;          /* of BMS_BANK_STACK: addresses count down the chain from the master */
} bms_bank_config_t;

#ifdef __cplusplus
}
#endif

#endif
