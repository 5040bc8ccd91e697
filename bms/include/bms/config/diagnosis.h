/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Diagnostics of senses, muscles, surroundings and the core itself. */
#ifndef BMS_CONFIG_DIAGNOSIS_H
#define BMS_CONFIG_DIAGNOSIS_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One row per failure, indexed by bms_failure_t. */
typedef struct {
  bool is_enabled;
  bool is_latched;   /* otherwise it clears when its cause has been gone for `delay_ms` */
  uint8_t latch;     /* bms_latch_t, of a latched one */
  uint8_t opens;     /* set of bms_opens_t; 0: tells only */
  uint32_t delay_ms; /* how long the finding must stand */
} bms_failure_config_t;

/* When a finding is a finding. A failure that is enabled needs its thresholds; the others may be
 * zero. Each default is in BMS_DIAGNOSIS_DEFAULTS, in this order, with its source. */
typedef struct {
  /* BMS_FAILURE_SENSE_WIRE: by the AFE's test current, half of the lines at a time */
  uint32_t wire_period_ms;   /* between two halves; 0: no test, by its symptoms only */
  uint16_t wire_collapse_mV; /* an open line falls further than this, a healthy one does not */
  uint16_t wire_low_mV;      /* symptom: of two neighbours one reads below this ... */
  uint16_t wire_high_mV;     /* ... and the other above this */

  /* BMS_FAILURE_CELL_STUCK: most cells moved, one stood still, three times in a row */
  uint16_t cell_move_mV;
  uint16_t cell_still_mV;
  uint32_t cell_window_ms; /* as fast as a load changes, much faster than a cell empties */

  uint32_t sum_tolerance_mV; /* BMS_FAILURE_SUM */

  /* BMS_FAILURE_NTC_STUCK */
  uint16_t ntc_drift_ddegC; /* away from the median of all; needs three valid ones; 0: off */
  uint16_t ntc_move_ddegC;  /* two others moved by this, one stood still; 0: off */
  uint16_t ntc_still_ddegC;
  uint32_t ntc_heat_A2s; /* so much loss since the pack had rested, and one stood still; 0: off */
  uint32_t ntc_heat_ms;  /* within this time */
  uint32_t ntc_rest_ms;

  /* BMS_FAILURE_SHUNT */
  uint32_t shunt_rail_counts; /* magnitude at which the amplifier saturates; 0: off */
  uint32_t shunt_step_mV;     /* the cells step by this, in sum, without any current, three times
                                 in a row; 0: off */
  uint32_t shunt_still_mA;    /* "without": its readings stay within this */
  uint32_t shunt_offset_mA;   /* read while every path is open; 0: off */

  /* BMS_FAILURE_CHARGE_MOSFET_..., BMS_FAILURE_DISCHARGE_MOSFET_..., welded relays */
  uint32_t mosfet_mA;        /* certainly a current, not an offset */
  uint32_t mosfet_diode_mV;  /* drop that only a body diode makes */
  uint32_t mosfet_block_mV;  /* stack and terminals differ by this, and nothing flows */
  uint32_t path_uOhm;        /* stack to terminals when closed */
  uint32_t watched_contacts; /* set of bms_contact_t with an auxiliary contact */

  /* BMS_FAILURE_AFE_SILENT, BMS_FAILURE_AFE_CORRUPT */
  uint32_t afe_current_ms; /* longest time without a conversion of the group; 0: not watched */
  uint32_t afe_cells_ms;
  uint32_t afe_ntcs_ms;
  uint32_t afe_errors; /* in one window */
  uint32_t afe_window_ms;

  /* BMS_FAILURE_LIMIT_IGNORED: beyond the highest limit of the last one to two reaction times */
  uint32_t limit_tolerance_mA;
  uint16_t limit_tolerance_permille; /* of the limit, in addition */
  uint32_t limit_reaction_ms;

  /* BMS_FAILURE_CLOCK, BMS_FAILURE_TASK */
  uint32_t clock_window_ms;
  uint32_t clock_tolerance_ms;
  uint32_t task_us; /* a step that comes later than this */
} bms_diagnosis_config_t;

/* Sources: TI BQ769x2 and BQ76940 families (open-wire check, scales), the bench's AFE and path
 * (docs/models.md), and estimates where nothing else is named.
 *
 *  wire      100 uA through a 1 kOhm filter moves a healthy line by 0.1 V; an open line of 100 nF
 *            falls by 1 V per ms, to its neighbour. No LiFePO4 cell lives below 1.0 V or above
 *            4.5 V. Every line is tested once in 20 s, as often as a BQ76952 in normal mode.
 *  cell      20 mV are 20..40 A over 0.5..1 mOhm; a real reading is noisy by 0.3..1 mV
 *  sum       gain errors of 0.5 % at 58 V, and 0.7 V of a load step within a scan
 *  ntc       15 K inside one box is no gradient; 5 K against 0.3 K neither; 6e6 A2s are 100 A for
 *            10 min, 3 K in a 2 kg cell of 1 mOhm
 *  shunt     300 mV over 16 cells are 20 A over 1 mOhm each; 20..100 mA of offset are healthy, and
 *            so is a pre-charge through the balancing leads: 1 A is not
 *  mosfet    knee of a body diode 0.72 V; channels, shunt and terminals 1.5..2 mOhm
 *  afe       ten conversions of a group
 *  limit     CAN frames come every second, inverters ramp within a few
 *  clock     1 % in a minute: no crystal and no RC oscillator in order is that far off
 *  task      ten times the period of a 1 ms task */
#define BMS_DIAGNOSIS_DEFAULTS                                                    \
  {10000,   1000,   1000, 4500, 20,   2,    1000,  1000,  150,  50,   3, 6000000, \
   1200000, 600000, 0,    300,  500,  1000, 3000,  500,   1500, 2000, 0, 20,      \
   400,     2000,   10,   1000, 3000, 100,  10000, 60000, 600,  10000}

#ifdef __cplusplus
}
#endif

#endif
