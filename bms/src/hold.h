/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* A condition that must last. */
#ifndef BMS_SRC_HOLD_H
#define BMS_SRC_HOLD_H

#include <stdbool.h>
#include <stdint.h>

/* "This has been so for as long as the delay". */
typedef struct {
  bool is_running;
  uint64_t since_us;
} hold_t;

/* True once `condition` has held in every step for `delay_ms`; at once for a delay of 0. */
/*@ requires \valid(hold);
    assigns *hold;
    ensures \result ==> condition; */
static inline bool bms_has_held(hold_t* hold, bool condition, uint64_t now_us, uint32_t delay_ms) {
  if (!condition) {
    hold->is_running = false;
    return false;
  }
  if (!hold->is_running) {
    hold->is_running = true;
    hold->since_us = now_us;
  }
  return now_us - hold->since_us >= (uint64_t)delay_ms * 1000u;
}

#endif
