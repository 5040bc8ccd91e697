/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What happened to a pack: the ring of events in its non-volatile memory. For tools; the core
 * itself only writes it. */
#ifndef BMS_HISTORY_H
#define BMS_HISTORY_H

#include <stddef.h>

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BMS_HISTORY_ENTRIES 96 /* the oldest are overwritten */

/* The order is part of the ABI: append only. */
typedef enum {
  BMS_HISTORY_STATE,       /* id: the new bms_state_t, value: bms_reason_t. Changes between standby,
                              charge, discharge and limit are everyday business and not written */
  BMS_HISTORY_PROTECTION,  /* id: bms_rule_t that tripped, value: its signal in the rule's unit */
  BMS_HISTORY_RELEASE,     /* likewise, released */
  BMS_HISTORY_FAILURE,     /* id: bms_failure_t found, value: the current in mA */
  BMS_HISTORY_FAILURE_END, /* likewise, gone */
} bms_history_kind_t;

typedef struct {
  uint32_t sequence;    /* 1 for the first event of the pack's life */
  uint32_t operating_s; /* hours-meter of the pack, in seconds */
  uint8_t kind;         /* bms_history_kind_t */
  uint8_t id;
  int32_t value;
} bms_history_entry_t;

/* The event `index` places before the newest (0: the newest) from an image of BMS_NVM_BYTES bytes.
 * False, and `entry` zeroed, where there is none: never written, or cut off in the writing. */
bool bms_read_history(const uint8_t* nvm, size_t index, bms_history_entry_t* entry);

#ifdef __cplusplus
}
#endif

#endif
