/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of bank.c. */
#ifndef BMS_SRC_BANK_H
#define BMS_SRC_BANK_H

#include "bms/types.h"

/* Another pack. */
typedef struct {
  bms_link_message_t said; /* its last message */
  uint32_t heard_ms;       /* uptime */
  bool is_known;
  bool is_lost;
} member_t;

/* A contradiction heard on the link. It stands until it has not been heard for `lost_ms`. */
typedef struct {
  bool is_there;
  uint32_t heard_ms;
} contradiction_t;

/* Written by bank.c. */
typedef struct {
  member_t members[BMS_MAX_PACKS]; /* by address; a paired one is the first */
  contradiction_t same_address;
  contradiction_t two_masters;
  contradiction_t misfit;    /* a pack that may not be paired */
  contradiction_t misplaced; /* the master is not as far away as this pack's address says */
  uint32_t judged_tick;
  uint32_t sent_ms;
  uint32_t frames; /* counter of the inverter's */
  uint32_t frame_ms;
  bool has_frames;
  bool is_paired;
  bool is_master_lost;
  uint8_t sent_flags;
  uint8_t opens; /* set of bms_opens_t: the bank is stopped */
} bank_t;

#endif
