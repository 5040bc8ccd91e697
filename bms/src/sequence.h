/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of sequence.c. The state itself and its reason are in the report. */
#ifndef BMS_SRC_SEQUENCE_H
#define BMS_SRC_SEQUENCE_H

#include "bms/types.h"
#include "hold.h"

/* Written by sequence.c. */
typedef struct {
  bool may_charge; /* what the state leaves to the rules and to gates.c */
  bool may_discharge;
  bool has_failure;        /* everything must open */
  uint8_t opened_by_rules; /* sets of bms_opens_t */
  uint8_t opened_by_failures;
  bool is_fed;             /* something outside feeds the pack */
  bool is_stack_low;       /* below supply_low_mV, and not yet back at supply_back_mV */
  bool is_release_awaited; /* POWER is still held since it switched on */
  bool is_inverter_lost;
  uint8_t asleep_in; /* bms_state_t: where to fall back when nothing was meant */
  uint32_t conditions;
  uint32_t inverter_frames;
  uint64_t heard_us; /* last frame of the inverter, or the awakening */
  uint64_t since_us; /* in this state */
  hold_t off_pressed;
  hold_t off_switched;
  hold_t cut;
  hold_t idle;
  hold_t empty;
} sequence_t;

#endif
