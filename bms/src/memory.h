/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What non-volatile memory keeps, and its layout.
 *
 *      0  record A, RECORD_BYTES of 256
 *    256  record B
 *    512  BMS_HISTORY_ENTRIES entries of HISTORY_BYTES
 *
 * All numbers little-endian. Records are written alternately, each with a sequence number at its
 * beginning and a CRC at its end: a cut leaves the other one. An entry has its own CRC: a cut costs
 * the oldest event, whose place it takes. */
#ifndef BMS_SRC_MEMORY_H
#define BMS_SRC_MEMORY_H

#include "bms/config.h"
#include "bms/history.h"

#define RECORD_SPACING 256u
#define HISTORY_OFFSET 512u
#define HISTORY_BYTES 16u
#define CRC_BYTES 4u
#define RECORD_BYTES (64u + 2u * BMS_RULE_COUNT + CRC_BYTES)

/* Beyond what the pack has ever seen. */
typedef struct {
  uint16_t highest_cell_mV;
  uint16_t lowest_cell_mV;
  int16_t hottest_ddegC;
  int16_t coldest_ddegC;
  uint32_t charge_mA; /* magnitudes */
  uint32_t discharge_mA;
} extremes_t;

/* What the record holds. */
typedef struct {
  /* as of power-up; memory.c collects the values of now from their owners when it saves */
  bms_factory_t factory;
  uint32_t soc_ppm;        /* of full_mAh */
  uint32_t full_mAh;       /* learned; 0: capacity times SOH */
  uint32_t discharged_mAh; /* since the last whole cycle */
  uint32_t operating_s;
  uint32_t since_full_s;
  /* as of now. The latches that only a repair clears, by rules.c and the diagnosis */
  uint32_t rule_latches;          /* set of BMS_RULE_BIT */
  uint64_t failure_latches;       /* set of BMS_FAILURE_BIT */
  uint16_t trips[BMS_RULE_COUNT]; /* by memory.c: protections since the factory, saturating */
  extremes_t extremes;            /* by memory.c */
} kept_t;

typedef enum {
  ORIGIN_RECORD, /* a valid copy */
  ORIGIN_BLANK,  /* never written: a first start */
  ORIGIN_BAD,    /* both copies are bad */
} origin_t;

/* Events wait here while the memory is busy. What does not fit is noticed in a later step: it is
 * found as a difference to what was noted. */
#define EVENT_QUEUE 8u

/* Written by memory.c. */
typedef struct {
  origin_t origin;
  bool is_saved;           /* about to let go of the supply, and all that matters is on memory */
  bool is_final;           /* the record of this good-bye has been begun */
  uint8_t copy;            /* where the next record goes: 0 is A */
  uint8_t begun;           /* bytes of `image` handed to the driver; RECORD_BYTES: none under way */
  uint32_t sequence;       /* of the newest record */
  uint32_t event_sequence; /* of the newest entry */
  uint64_t saved_us;
  uint32_t saved_mAh; /* as in the newest record, like the following */
  uint32_t saved_full_mAh;
  uint32_t saved_trips; /* sum over all rules */
  uint32_t saved_rule_latches;
  uint64_t saved_failure_latches;
  uint32_t trips; /* sum since power-up */
  uint32_t noted_protections;
  uint64_t noted_failures;
  uint8_t noted_state;
  uint8_t queued; /* entries waiting, from `first` on */
  uint8_t first;
  uint8_t image[RECORD_BYTES]; /* of the record being written */
  bms_history_entry_t queue[EVENT_QUEUE];
} memory_t;

#endif
