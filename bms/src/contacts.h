/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of contacts.c: where the relays are on their way. */
#ifndef BMS_SRC_CONTACTS_H
#define BMS_SRC_CONTACTS_H

#include "hold.h"

typedef enum {
  PHASE_OPEN,
  PHASE_LOOK,    /* DSG gate closed, no coil: a link that comes up now hangs on welded contacts */
  PHASE_FIRST,   /* first main: likewise on the pre-charge contact or the second main */
  PHASE_LINK,    /* pre-charge contact: the link must rise, neither too fast nor too slowly */
  PHASE_SECOND,  /* second main */
  PHASE_RELEASE, /* pre-charge contact opens */
  PHASE_CLOSED,
  PHASE_COUNT
} phase_t;

/* Written by contacts.c. */
typedef struct {
  phase_t phase;
  bool was_there;          /* the link, before anything of ours could have charged it */
  uint32_t scans;          /* of the cells' group since the phase began */
  uint32_t link_before_mV; /* when the phase began */
  uint64_t phase_us;
  uint64_t found; /* set of BMS_FAILURE_BIT that stand */
  uint64_t found_us;
  hold_t opening;
} contacts_t;

#endif
