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
  bool has_contacts;     /* main and pre-charge relays; otherwise MOSFETs only */
  bool has_power_button; /* off until activated; otherwise on as long as there is supply */
  bool has_switch;       /* on while the toggle is on; not together with has_power_button */
  bool is_precharge_across_main_1; /* what the resistor bridges; the other main closes first.
                                      Otherwise main 2, and main 1 closes first */
  uint16_t press_on_ms;            /* POWER or WAKE held this long: on. 0: at once */
  uint16_t press_off_ms;           /* POWER likewise: off, while no voltage comes from outside */
  uint32_t activation_low_mV;      /* outside voltage that activates, both ends included. Without a
                                      window BMS_WAKE_CHARGER activates */
  uint32_t activation_high_mV;
  uint32_t activation_ms; /* how long that voltage, or the WAKE pins, must be there. 0: at once */
  uint32_t not_meant_ms;  /* woken, but nothing that counts for this long: off again. Longer than a
                             scan of the AFE, for a window */
  uint32_t inverter_silence_ms; /* without frames for this long: shut down */
  uint32_t inverter_lost_ms;    /* likewise: BMS_FAILURE_INVERTER_LOST */
  uint32_t shutdown_ms;         /* how long the good-bye on the panel lasts */
  uint32_t storage_after_ms;    /* neither current nor frames for this long: storage */
  uint32_t grace_ms;            /* an under-voltage that powers off waits this long for charge.
                                   0: not at all */
  uint32_t supply_low_mV;       /* stack below this: supply loss, every load off */
  uint32_t supply_back_mV;      /* stack back at this, above supply_low_mV: start anew */
  uint32_t supply_loss_ms;      /* low for this long: lets go of the supply. 0: at once */
  uint32_t sleep_after_ms;      /* empty and idle for this long: deep sleep */
  uint32_t precharge_ms;        /* the link must be there after this; not 0 with contacts */
  uint32_t precharge_fast_ms;   /* and must not be there before this, unless it was all along.
                                   With nothing but air at the terminals it is there at once */
  uint32_t precharge_delta_mV;  /* "there": not further than this below the stack */
  uint32_t contact_ms; /* how long a contact takes to follow its coil; not 0 with contacts */
  uint32_t opening_ms; /* contacts wait this long at most for the current to end */
  uint32_t retry_ms;   /* closes once more this long after it failed, unless the failure latches.
                          0: only when WAKE or RESET is pressed.
                          A relay that did not move is the diagnostics' finding and their latch */
} bms_sequence_config_t;

#ifdef __cplusplus
}
#endif

#endif
