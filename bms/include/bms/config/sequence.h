/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Life-cycle: waking, closing the path, sleeping. */
#ifndef BMS_CONFIG_SEQUENCE_H
#define BMS_CONFIG_SEQUENCE_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero turns a time or a window off, except where noted. */
typedef struct {
  bool has_contacts;          /* main and pre-charge relays; otherwise MOSFETs only */
  bool has_power_button;      /* off until activated; otherwise on as long as there is supply */
  uint16_t press_on_ms;       /* POWER held this long: on */
  uint16_t press_off_ms;      /* likewise: off */
  uint32_t activation_low_mV; /* outside voltage that activates, both ends included */
  uint32_t activation_high_mV;
  uint32_t inverter_silence_ms; /* without frames for this long: shut down */
  uint32_t inverter_lost_ms;    /* likewise: BMS_FAILURE_INVERTER_LOST */
  uint32_t shutdown_ms;         /* how long the good-bye on the panel lasts */
  uint32_t storage_after_ms;    /* idle for this long: storage */
  uint32_t supply_low_mV;       /* stack below this: supply loss, every load off */
  uint32_t supply_back_mV;      /* stack back at this: start anew */
  uint32_t sleep_after_ms;      /* empty and idle for this long: deep sleep */
  uint32_t precharge_ms;        /* the link must be there after this */
  uint32_t precharge_fast_ms;   /* and must not be there before this */
  uint32_t precharge_delta_mV;  /* "there": this close to the stack */
  uint32_t contact_ms;          /* how long a contact may take to follow its coil */
} bms_sequence_config_t;

#ifdef __cplusplus
}
#endif

#endif
