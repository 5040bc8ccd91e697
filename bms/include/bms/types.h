/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the protection core sees and drives. Everything that crosses the border of the firmware is
 * in this file: raw counts and flags come in, gate levels, lamps and the bus report go out.
 *
 * The field's words, expanded once:
 *   SOC, SOH  state of charge, state of health       OCV  open-circuit voltage
 *   CVL, CCL, DCL  charge voltage / charge current / discharge current limit told to the inverter
 *   OV, UV    over-, under-voltage (of a cell or of the pack)
 *   OCC, OCD  over-current in charge, in discharge   SCD  short circuit in discharge
 *   OTC, OTD, UTC, UTD  over- / under-temperature in charge / in discharge
 *   AFE       analogue front end: the chip that converts cell voltages and owns the comparators
 *   NTC       thermistor with a negative temperature coefficient
 *   CHG, DSG  the charge and the discharge MOSFET
 *
 * Sign: positive current charges the pack. Units are the last part of every name:
 * _mV _mA _mAh _ddegC (0.1 degC) _permille _ms _us. */
#ifndef BMS_TYPES_H
#define BMS_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BMS_MAX_CELLS 32
#define BMS_MAX_NTCS 8

/* ---- inputs: what firmware sees --------------------------------------------------------------- */

/* Which groups of readings were converted since the last step. An AFE multiplexes: current every
 * millisecond, cells and thermistors more slowly. Readings of a group without its bit are old. */
typedef enum {
  BMS_FRESH_CURRENT = 1 << 0,
  BMS_FRESH_CELLS = 1 << 1, /* cell_adc, pack_adc and terminal_adc */
  BMS_FRESH_NTCS = 1 << 2,
} bms_fresh_t;

/* Hardware comparators of the AFE. The chip acts on its own (it opens the DSG gate within
 * microseconds) and holds the flag until the firmware clears it through `clear_comparators`. */
typedef enum {
  BMS_COMPARATOR_SCD = 1 << 0,
} bms_comparator_t;

typedef enum {
  BMS_BUTTON_POWER = 1 << 0,
  BMS_BUTTON_RESET = 1 << 1,
} bms_button_t;

/* What arrived from the inverter, already unpacked from the wire by the bus driver. */
typedef struct {
  uint32_t inverter_frames; /* counter of valid frames heard; wraps */
} bms_bus_rx_t;

typedef struct {
  uint32_t fresh;                   /* set of bms_fresh_t */
  uint16_t cell_adc[BMS_MAX_CELLS]; /* counts; scale: bms_sensing_t.cell_uV_per_count */
  uint16_t pack_adc;                /* cell stack through a divider, counts */
  uint16_t terminal_adc;            /* outside the MOSFETs through a divider, counts */
  int32_t shunt_adc;                /* signed counts, positive in charge */
  uint16_t ntc_adc[BMS_MAX_NTCS];   /* ratiometric counts, NTC to ground, 0 = shorted */
  uint32_t comparator_flags;        /* set of bms_comparator_t, latched by the AFE */
  uint32_t buttons;                 /* set of bms_button_t, pressed now */
  bms_bus_rx_t bus;
} bms_inputs_t;

/* ---- outputs: what firmware drives ------------------------------------------------------------ */

/* One bit per rule in every alarm set. The order is part of the ABI: append only. */
typedef enum {
  BMS_RULE_CELL_OV,
  BMS_RULE_CELL_UV,
  BMS_RULE_PACK_OV,
  BMS_RULE_PACK_UV,
  BMS_RULE_OCC,
  BMS_RULE_OCD,  /* first stage: slow */
  BMS_RULE_OCD2, /* second stage: higher and faster */
  BMS_RULE_SCD,
  BMS_RULE_OTC,
  BMS_RULE_OTD,
  BMS_RULE_UTC,
  BMS_RULE_UTD,
  BMS_RULE_COUNT
} bms_rule_t;

#define BMS_RULE_BIT(rule) (UINT32_C(1) << (rule))

typedef enum {
  BMS_STATE_SELF_TEST, /* gates open until every sense has been read once */
  BMS_STATE_STANDBY,
  BMS_STATE_CHARGE,
  BMS_STATE_DISCHARGE,
  BMS_STATE_PROTECTION, /* at least one gate opened by a rule */
} bms_state_t;

typedef enum {
  BMS_REQUEST_FORCE_CHARGE = 1 << 0,  /* charge now: cells are near UV */
  BMS_REQUEST_FORCE_CHARGE2 = 1 << 1, /* charge soon: SOC is low */
  BMS_REQUEST_FULL_CHARGE = 1 << 2,   /* charge to full: SOC has not been anchored for long */
} bms_request_t;

/* What the bus driver encodes. This is all a codec may know of the pack. */
typedef struct {
  uint32_t uptime_ms;
  uint8_t cell_count;
  uint8_t ntc_count;
  uint16_t cell_mV[BMS_MAX_CELLS];
  int16_t ntc_ddegC[BMS_MAX_NTCS]; /* BMS_NTC_INVALID_DDEGC when open or shorted */
  uint32_t pack_mV;                /* sum of cells */
  uint32_t terminal_mV;
  int32_t current_mA; /* positive in charge */
  uint16_t soc_permille;
  uint16_t soh_permille;
  uint32_t remaining_mAh;
  uint32_t full_mAh;
  uint16_t cycle_count;
  uint32_t cvl_mV;                     /* charge voltage limit */
  uint32_t discharge_voltage_limit_mV; /* stop discharging here */
  uint32_t ccl_mA;                     /* magnitudes */
  uint32_t dcl_mA;
  bool is_charge_allowed;
  bool is_discharge_allowed;
  uint32_t requests;    /* set of bms_request_t */
  uint32_t warnings;    /* set of BMS_RULE_BIT */
  uint32_t protections; /* set of BMS_RULE_BIT */
  bms_state_t state;
} bms_report_t;

#define BMS_NTC_INVALID_DDEGC INT16_MIN

/* Lamps of the front panel, one bit each. What they look like is the panel's business. */
typedef enum {
  BMS_LED_RUN = 1 << 0,
  BMS_LED_ALARM = 1 << 1,
  BMS_LED_SOC1 = 1 << 2, /* lowest of the SOC bar; the bar uses consecutive bits */
  BMS_LED_SOC2 = 1 << 3,
  BMS_LED_SOC3 = 1 << 4,
  BMS_LED_SOC4 = 1 << 5,
} bms_led_t;

typedef struct {
  bool charge_gate;           /* true drives the CHG MOSFET on */
  bool discharge_gate;        /* true drives the DSG MOSFET on */
  uint32_t clear_comparators; /* set of bms_comparator_t to release in the AFE */
  uint32_t bleeders;          /* bit i bleeds cell i */
  uint32_t leds;              /* set of bms_led_t lit now */
  bool buzzer;
  bms_report_t report;
} bms_outputs_t;

#ifdef __cplusplus
}
#endif

#endif
