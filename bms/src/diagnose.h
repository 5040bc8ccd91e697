/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* State of diagnose.c and of the diagnoses it calls. */
#ifndef BMS_SRC_DIAGNOSE_H
#define BMS_SRC_DIAGNOSE_H

#include "bms/types.h"

static inline uint32_t bms_distance(int32_t a, int32_t b) {
  return a > b ? (uint32_t)a - (uint32_t)b : (uint32_t)b - (uint32_t)a;
}

/* A test of sense wires, scan by scan. */
typedef enum {
  WIRES_UNTOUCHED,
  WIRES_FALLING, /* this scan had begun before, or while, the lines fell */
  WIRES_PULLED,  /* this one tells */
  WIRES_RISING,  /* this one had begun before the lines were back */
} wires_scan_t;

/* Written by diagnose_wires.c. Bit i of a set of lines: the line above cell i. */
typedef struct {
  uint32_t ended_ms; /* when the last test ended, in uptime */
  wires_scan_t scan;
  bool is_odd;         /* which half is tested */
  uint32_t open_lines; /* by test */
  uint32_t symptoms;   /* by the readings of every scan */
  uint32_t suspects;   /* cells beside an open line */
  uint32_t left_out;   /* likewise; none when it would be all */
} wires_t;

/* Written by diagnose_cells.c. */
typedef struct {
  uint16_t reference_mV[BMS_MAX_CELLS];
  uint32_t since_ms;
  uint32_t suspects; /* stood still in each of the last `windows` in which the others moved */
  uint8_t windows;
} cells_t;

/* What heat should have moved a thermistor. */
typedef enum {
  HEAT_BUSY,    /* nothing can be told before a rest */
  HEAT_RESTED,  /* the references follow */
  HEAT_RUNNING, /* current flows since the rest */
} heat_t;

/* Written by diagnose_ntcs.c. Sets of NTCs are bit sets. */
typedef struct {
  int16_t reference_ddegC[BMS_MAX_NTCS]; /* when the others moved last */
  int16_t cold_ddegC[BMS_MAX_NTCS];      /* when the run began */
  heat_t heat;
  uint32_t since_ms; /* of `heat`, or of the rest; in uptime */
  uint32_t counted_ms;
  uint64_t heat_A2ms;
  uint8_t valid;
  uint8_t stuck;
  uint8_t cold;
  uint8_t adrift;
} ntcs_t;

#define SHUNT_SCANS 3

/* Written by diagnose_shunt.c. */
typedef struct {
  int32_t low[SHUNT_SCANS]; /* extremes of the counts, of this scan and the ones before it */
  int32_t high[SHUNT_SCANS];
  uint32_t pack_mV;
  int32_t lowest_mV;
  int32_t highest_mV;
  uint32_t bleeders;
  uint8_t scans; /* known so far, up to SHUNT_SCANS */
  uint8_t steps; /* of the cells without current */
  bool has_offset;
} shunt_t;

/* Written by diagnose_muscles.c: how long gates and coils have been as they are. In uptime. */
typedef struct {
  uint32_t gates_ms;
  uint32_t coils_ms;
  uint32_t coils;
  bool charge_gate;
  bool discharge_gate;
} muscles_t;

/* Written by diagnose_surroundings.c. */
typedef struct {
  uint32_t since_ms;
  uint32_t ccl_mA; /* highest of this reaction time, and of the one before */
  uint32_t dcl_mA;
  uint32_t last_ccl_mA;
  uint32_t last_dcl_mA;
} told_t;

/* Written by diagnose_self.c. */
typedef struct {
  uint32_t current_ms; /* uptime of the last conversion of each group */
  uint32_t cells_ms;
  uint32_t ntcs_ms;
  uint32_t errors_ms; /* start of the window */
  uint32_t errors;    /* counter at that time */
  uint32_t clock_ms;  /* likewise */
  uint32_t rtc_ms;
  bool is_rtc_known;
  uint32_t crc; /* of the configuration's first `crc_bytes` */
  uint32_t crc_bytes;
} watch_t;

/* Written by diagnose.c. */
typedef struct {
  uint64_t enabled; /* sets of BMS_FAILURE_BIT, from the configuration */
  uint64_t latching;
  uint64_t repairs;                     /* those with BMS_LATCH_REPAIR */
  uint64_t found;                       /* as told last by bms_find */
  uint64_t active;                      /* found for its delay, or latched */
  uint32_t since_ms[BMS_FAILURE_COUNT]; /* when `found` changed last */
  uint8_t opens;                        /* set of bms_opens_t: what the active failures open */
  uint32_t suspect_cells;               /* bit i: the reading of cell i is not to be believed */
  wires_t wires;
  cells_t cells;
  ntcs_t ntcs;
  shunt_t shunt;
  muscles_t muscles;
  told_t told;
  watch_t watch;
} diagnosis_t;

#endif
