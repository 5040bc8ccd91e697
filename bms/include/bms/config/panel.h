/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the front panel shows, as data.
 *
 * A panel is a list of rows, each "while this holds, these lamps show that rhythm". Rows are read
 * from the first to the last; the first row that holds has its lamps, dark phases included, and
 * later rows only get what is left. Above the rows are the shows, short performances after an
 * event, and the read-out of error codes.
 *
 * In a product file a row is a map of the names used here, lamps and rules by their words:
 *
 *     panel:
 *       rows:
 *         - {states: [protection, failure], lamps: [alarm, buzzer], alone: yes}
 *         - {flags: [charging], soc: [26 %, 51 %], lamps: [soc1], period: 2 s, lit_for: 1 s}
 *         - {warnings: all, lamps: [alarm], period: 1.5 s, lit_for: 500 ms}
 *       shows: {shutdown: {lamps: [run, soc1], period: 500 ms, lit_for: 250 ms, count: 3}}
 *       readout: {flashing: [error], lit: [run], press: 1 s, ...}
 *       codes: [{failures: [sense-wire, afe-silent], code: 1}] */
#ifndef BMS_CONFIG_PANEL_H
#define BMS_CONFIG_PANEL_H

#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BMS_PANEL_BUZZER (UINT16_C(1) << 15) /* among the lamps of a row: it is one that sounds */

/* Rhythms without a count run on the clock of the core, so that lamps flash together. */
typedef struct {
  uint16_t period_ms; /* from one flash to the next; 0: lit all the time */
  uint16_t on_ms;     /* 1..period_ms */
  uint16_t cycle_ms;  /* with a count: a burst of flashes begins this often */
  uint8_t count;      /* flashes of a burst; 0: without end */
} bms_pattern_t;

/* All flags of a row must hold. */
typedef enum {
  BMS_PANEL_CHARGING = 1 << 0, /* by the current, beyond idle */
  BMS_PANEL_DISCHARGING = 1 << 1,
  BMS_PANEL_IDLE = 1 << 2,
  BMS_PANEL_FULL = 1 << 3,
  BMS_PANEL_NOT_FULL = 1 << 4,
  BMS_PANEL_COM = 1 << 5, /* a frame of the inverter within com_ms */
} bms_panel_flag_t;

typedef struct {
  uint64_t failures;    /* any of these (BMS_FAILURE_BIT), ... */
  uint32_t protections; /* ... or of these (BMS_RULE_BIT), ... */
  uint32_t warnings; /* ... or of these, limiting included; all three empty: whatever is active */
  uint16_t states;   /* any of 1 << bms_state_t; empty: every state */
  uint16_t flags;    /* set of bms_panel_flag_t */
  uint16_t soc_from_permille;
  uint16_t soc_below_permille; /* 0: no upper end */
  uint16_t lamps;              /* set of bms_led_t and BMS_PANEL_BUZZER */
  bool is_alone;               /* every lamp that no row before it has stays dark */
  bms_pattern_t pattern;
} bms_panel_row_t;

typedef enum {
  BMS_SHOW_SELF_TEST, /* the self-test begins; with reset_shows_self_test also RESET */
  BMS_SHOW_PAIRED,    /* two packs have found each other */
  BMS_SHOW_SHUTDOWN,  /* the good-bye */
  BMS_SHOW_COUNT
} bms_show_t;

typedef struct {
  uint16_t lamps;      /* empty: no such show. The others are dark if is_alone */
  uint16_t running_ms; /* first one lamp after the other, for this long each; 0: not */
  bool is_alone;
  bms_pattern_t pattern; /* then all together, `count` times */
} bms_panel_show_t;

/* A class of causes and its number: flashes of the read-out, and report.error_code. The first of
 * the table that is active is the error code. */
typedef struct {
  uint64_t failures;
  uint32_t protections;
  uint8_t code; /* 1.. */
} bms_panel_code_t;

/* RESET held for press_ms, not as long as press_below_ms: a beep, then every active code in turn. */
typedef struct {
  uint16_t press_ms; /* 0: no read-out */
  uint16_t press_below_ms;
  uint16_t beep_ms;
  uint16_t flashing; /* lamps */
  uint16_t lit;      /* lamps; every other one is dark */
  uint16_t period_ms;
  uint16_t on_ms;
  uint16_t pause_ms; /* after the flashes of each code */
} bms_panel_readout_t;

#define BMS_MAX_PANEL_ROWS 48
#define BMS_MAX_PANEL_CODES 16

typedef struct {
  uint8_t row_count; /* 0: the panel of bms_default_panel() */
  uint8_t code_count;
  bool reset_shows_self_test; /* when there is no code to read out */
  uint16_t com_ms;
  bms_panel_show_t shows[BMS_SHOW_COUNT];
  bms_panel_readout_t readout;
  bms_panel_code_t codes[BMS_MAX_PANEL_CODES];
  bms_panel_row_t rows[BMS_MAX_PANEL_ROWS];
} bms_panel_config_t;

/* RUN, ALARM, four SOC lamps and a buzzer:
 *   RUN    on in charge, flashing every 1.5 s in discharge, every 3.5 s otherwise
 *   SOC    one lamp per started quarter; in charge the highest of them flashes
 *   ALARM  flashing on a warning, on in protection and failure, when every other lamp is off
 *   buzzer in protection and failure
 * Dark before and after work. */
const bms_panel_config_t* bms_default_panel(void);

#ifdef __cplusplus
}
#endif

#endif
