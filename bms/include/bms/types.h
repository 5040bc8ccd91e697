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
#define BMS_MAX_PACKS 16 /* on one link, this one included */

/* ---- inputs: what firmware sees --------------------------------------------------------------- */

/* Which groups of readings were converted since the last step. An AFE multiplexes: current every
 * millisecond, cells and thermistors more slowly. Readings of a group without its bit are old. */
typedef enum {
  BMS_FRESH_CURRENT = 1 << 0,
  BMS_FRESH_CELLS = 1 << 1, /* cell_adc, pack_adc and terminal_adc */
  BMS_FRESH_NTCS = 1 << 2,  /* ntc_adc and mosfet_ntc_adc */
  BMS_FRESH_INSULATION = 1 << 3,
} bms_fresh_t;

/* Hardware comparators of the AFE. The chip acts on its own (it opens the DSG gate, for OCC the CHG
 * gate, within microseconds) and holds the flag until the firmware clears it through
 * `clear_comparators`. */
typedef enum {
  BMS_COMPARATOR_SCD = 1 << 0,
  BMS_COMPARATOR_OCD = 1 << 1,
  BMS_COMPARATOR_OCC = 1 << 2,
} bms_comparator_t;

typedef enum {
  BMS_BUTTON_POWER = 1 << 0,
  BMS_BUTTON_RESET = 1 << 1,
  BMS_BUTTON_SWITCH = 1 << 2, /* the position "on" of a toggle */
  BMS_BUTTON_WAKE = 1 << 3,   /* POWER WAKE */
} bms_button_t;

/* What ties the supply on from outside, or could. The hardware powers the firmware up on any of
 * them; whether it stays is the firmware's decision (`hold_supply`). */
typedef enum {
  BMS_WAKE_PINS = 1 << 0,    /* the pair of WAKE pins is driven */
  BMS_WAKE_CHARGER = 1 << 1, /* voltage from outside on the terminals */
} bms_wake_t;

/* Power contacts: relays, and the breaker, whose coil is not ours. */
typedef enum {
  BMS_CONTACT_MAIN_1 = 1 << 0,
  BMS_CONTACT_MAIN_2 = 1 << 1,
  BMS_CONTACT_PRECHARGE = 1 << 2,
  BMS_CONTACT_BREAKER = 1 << 3,
} bms_contact_t;

/* What every pack on a link says about itself, and the master about the bank. One of these is one
 * message of the link's driver. Sign and units as in bms_report_t. */
typedef struct {
  uint8_t address; /* DIP switches; 0 is the master where the product has DIP switches */
  uint8_t role;    /* bms_role_t */
  uint16_t firmware_version;
  uint32_t serial_number; /* unique; decides between equals */
  uint32_t uptime_ms;     /* how long it has been on: pairing */
  uint32_t pack_mV;
  int32_t current_mA;
  uint32_t remaining_mAh;
  uint32_t full_mAh;
  uint32_t cvl_mV;
  uint32_t discharge_voltage_limit_mV;
  uint32_t ccl_mA;
  uint32_t dcl_mA;
  uint64_t failures; /* as in bms_report_t */
  uint32_t protections;
  uint32_t warnings;
  uint16_t highest_cell_mV;
  uint16_t lowest_cell_mV;
  int16_t hottest_ddegC;
  int16_t coldest_ddegC;
  uint16_t soh_permille;
  uint8_t flags;       /* set of bms_link_flag_t */
  uint8_t hops;        /* packs that have passed it on along the chain; 0 from a neighbour. Their
                          drivers count, a core sends 0 */
  uint8_t reserved[4]; /* zero */
} bms_link_message_t;

typedef enum {
  BMS_LINK_CHARGE_ALLOWED = 1 << 0,
  BMS_LINK_DISCHARGE_ALLOWED = 1 << 1,
  BMS_LINK_CLOSED = 1 << 2, /* its power path is closed */
  BMS_LINK_PAIRED = 1 << 3,
  BMS_LINK_OPEN_ALL = 1 << 4, /* from a master: every member opens its path */
  BMS_LINK_TRIPPED = 1 << 5,  /* it has opened for a cause of its own */
  BMS_LINK_HEARS_INVERTER = 1 << 6,
} bms_link_flag_t;

#define BMS_LINK_INBOX 4

/* What arrived on the buses, already unpacked from the wire by their drivers. */
typedef struct {
  uint32_t inverter_frames; /* counter of valid frames heard; wraps */
  uint8_t link_count;       /* 0..BMS_LINK_INBOX, since the last step */
  uint8_t reserved[3];
  bms_link_message_t link[BMS_LINK_INBOX];
} bms_bus_rx_t;

typedef struct {
  uint32_t fresh;                   /* set of bms_fresh_t */
  uint16_t cell_adc[BMS_MAX_CELLS]; /* counts; scale: bms_sensing_t.cell_uV_per_count */
  uint16_t pack_adc;                /* cell stack through a divider, counts */
  uint16_t terminal_adc;            /* outside the MOSFETs through a divider, counts */
  int32_t shunt_adc;                /* signed counts, positive in charge */
  uint16_t ntc_adc[BMS_MAX_NTCS];   /* ratiometric counts, NTC to ground, 0 = shorted */
  uint16_t mosfet_ntc_adc;          /* likewise, at the MOSFETs */
  uint16_t insulation_kOhm;         /* as the insulation monitor tells it; UINT16_MAX: more */
  uint32_t afe_errors;              /* counter of transfers with a wrong checksum; wraps */
  uint32_t comparator_flags;        /* set of bms_comparator_t, latched by the AFE */
  uint32_t contacts;                /* set of bms_contact_t whose auxiliary contact says closed */
  uint32_t buttons;                 /* set of bms_button_t, pressed now */
  uint32_t wake;                    /* set of bms_wake_t, there now */
  uint32_t rtc_ms;                  /* the real-time clock, of another oscillator; wraps */
  uint8_t dip;                      /* DIP switches; switch 1 is bit 0 */
  bool is_nvm_busy;                 /* the last write is not finished */
  uint8_t reserved[2];
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
  BMS_RULE_CELL_FAILURE_HIGH, /* a cell beyond what any cell survives */
  BMS_RULE_CELL_FAILURE_LOW,
  BMS_RULE_CELL_ZERO,      /* a cell at 0 V */
  BMS_RULE_SPREAD,         /* highest cell minus lowest */
  BMS_RULE_SPREAD_FAILURE, /* likewise, far beyond balancing */
  BMS_RULE_T_SPREAD,       /* hottest NTC minus coldest */
  BMS_RULE_MOSFET_OT,
  BMS_RULE_INSULATION,
  BMS_RULE_SOC_LOW,
  BMS_RULE_COUNT
} bms_rule_t;

#define BMS_RULE_BIT(rule) (UINT32_C(1) << (rule))

/* What the core finds broken: its senses, its muscles, its surroundings, itself. One bit each in
 * bms_report_t.failures. The order is part of the ABI: append only. */
typedef enum {
  /* senses */
  BMS_FAILURE_SENSE_WIRE,  /* a sense wire is open */
  BMS_FAILURE_SUM,         /* sum of cells and pack voltage disagree */
  BMS_FAILURE_CELL_STUCK,  /* a cell's reading does not move while its neighbours do */
  BMS_FAILURE_NTC_BROKEN,  /* open or shorted */
  BMS_FAILURE_NTC_STUCK,   /* does not move, or drifts away from its neighbours */
  BMS_FAILURE_NTCS_DEAD,   /* none is left */
  BMS_FAILURE_MOSFET_NTC,  /* open or shorted */
  BMS_FAILURE_SHUNT,       /* open, stuck, or offset while every path is open */
  BMS_FAILURE_AFE_SILENT,  /* no conversion for the time-out */
  BMS_FAILURE_AFE_CORRUPT, /* checksums wrong, again and again */
  /* muscles */
  BMS_FAILURE_CHARGE_MOSFET_CLOSED, /* conducts although it is off */
  BMS_FAILURE_CHARGE_MOSFET_OPEN,   /* does not conduct although it is on */
  BMS_FAILURE_DISCHARGE_MOSFET_CLOSED,
  BMS_FAILURE_DISCHARGE_MOSFET_OPEN,
  BMS_FAILURE_MAIN_1_WELDED,
  BMS_FAILURE_MAIN_1_OPEN, /* does not close */
  BMS_FAILURE_MAIN_2_WELDED,
  BMS_FAILURE_MAIN_2_OPEN,
  BMS_FAILURE_PRECHARGE_WELDED, /* the link is charged before anybody asked for it */
  BMS_FAILURE_PRECHARGE_FAST,   /* the link rises faster than through the resistor */
  BMS_FAILURE_PRECHARGE_SLOW,   /* the link does not get there in time */
  BMS_FAILURE_PRECHARGE_NEVER,  /* the link does not rise at all */
  BMS_FAILURE_BREAKER,          /* open while it should be closed */
  /* surroundings */
  BMS_FAILURE_LIMIT_IGNORED, /* the other side takes or gives more than it was told */
  BMS_FAILURE_INVERTER_LOST, /* no frames for the time-out */
  BMS_FAILURE_PAIRING,       /* the other packs came too late, or at another voltage */
  BMS_FAILURE_MEMBER_LOST,   /* a pack of the bank is silent */
  BMS_FAILURE_TWO_MASTERS,
  BMS_FAILURE_ADDRESS, /* two packs with one address, or one that the place forbids */
  BMS_FAILURE_VERSION, /* packs with different firmware */
  /* itself */
  BMS_FAILURE_CLOCK,  /* the two oscillators disagree */
  BMS_FAILURE_TASK,   /* the main task was late */
  BMS_FAILURE_CONFIG, /* checksum of the configuration */
  BMS_FAILURE_NVM,    /* both copies of the memory are bad */
  /* surroundings again */
  BMS_FAILURE_MASTER_LOST, /* the master of the bank is silent */
  BMS_FAILURE_SERIAL,      /* a pack of the bank does not know its serial number */
  BMS_FAILURE_COUNT
} bms_failure_t;

#define BMS_FAILURE_BIT(failure) (UINT64_C(1) << (failure))

typedef enum {
  BMS_STATE_OFF,        /* no supply, or about to let go of it */
  BMS_STATE_ACTIVATION, /* somebody woke the core; is it meant? */
  BMS_STATE_SELF_TEST,  /* gates open until every sense has been read once */
  BMS_STATE_PRECHARGE,
  BMS_STATE_STANDBY,
  BMS_STATE_CHARGE,
  BMS_STATE_DISCHARGE,
  BMS_STATE_LIMIT,       /* works, with limits lowered by a rule */
  BMS_STATE_PROTECTION,  /* at least one gate opened by a rule */
  BMS_STATE_FAILURE,     /* all open, latched */
  BMS_STATE_STORAGE,     /* paths open, buses quiet, senses slow */
  BMS_STATE_DEEP_SLEEP,  /* lets go of the supply because the pack is empty */
  BMS_STATE_SUPPLY_LOSS, /* the pack is too low to feed the core for long */
  BMS_STATE_SHUTDOWN,    /* says good-bye on the panel, then off */
  BMS_STATE_COUNT
} bms_state_t;

/* Why the core changed its state last. The order is part of the ABI: append only. */
typedef enum {
  BMS_REASON_NONE,
  BMS_REASON_POWER_ON, /* supply came; also after an interruption */
  BMS_REASON_BUTTON,
  BMS_REASON_SWITCH,
  BMS_REASON_WAKE_PINS,
  BMS_REASON_TERMINALS, /* 45..60 V from outside */
  BMS_REASON_CHARGER,
  BMS_REASON_NOT_MEANT, /* woken, but nothing that counts */
  BMS_REASON_PASSED,    /* self-test or pre-charge is over */
  BMS_REASON_CURRENT,   /* charge, discharge, or none any more */
  BMS_REASON_LIMITING,
  BMS_REASON_RULE,
  BMS_REASON_RELEASE, /* nothing is active any more */
  BMS_REASON_FAILURE,
  BMS_REASON_RESET,
  BMS_REASON_INVERTER_SILENT,
  BMS_REASON_UNDER_VOLTAGE, /* the under-voltage that powers off */
  BMS_REASON_IDLE,          /* nothing to do for the storage time */
  BMS_REASON_EMPTY,
  BMS_REASON_SUPPLY_LOW,
  BMS_REASON_BANK, /* the master, or the loss of it */
  BMS_REASON_COUNT
} bms_reason_t;

typedef enum {
  BMS_ROLE_SINGLE,
  BMS_ROLE_MASTER,
  BMS_ROLE_MEMBER,
} bms_role_t;

typedef enum {
  BMS_REQUEST_FORCE_CHARGE = 1 << 0,  /* charge now: cells are near UV */
  BMS_REQUEST_FORCE_CHARGE2 = 1 << 1, /* charge soon: SOC is low */
  BMS_REQUEST_FULL_CHARGE = 1 << 2,   /* charge to full: SOC has not been anchored for long */
} bms_request_t;

/* What the inverter is told of the whole bank; of a single pack, of that one. */
typedef struct {
  uint32_t pack_mV;   /* mean of the members; of modules in series the sum */
  int32_t current_mA; /* sum; in series the master's */
  uint16_t soc_permille;
  uint16_t soh_permille;
  uint32_t remaining_mAh;
  uint32_t full_mAh;
  uint32_t cvl_mV;                     /* lowest */
  uint32_t discharge_voltage_limit_mV; /* highest */
  uint32_t ccl_mA;                     /* lowest times the members that allow it */
  uint32_t dcl_mA;
  uint32_t warnings; /* of any member */
  uint32_t protections;
  uint64_t failures;
  uint16_t highest_cell_mV;
  uint16_t lowest_cell_mV;
  int16_t hottest_ddegC;
  int16_t coldest_ddegC;
  bool is_charge_allowed; /* by any member; in series by every one */
  bool is_discharge_allowed;
} bms_bank_t;

/* What the bus driver encodes. This is all a codec may know of the pack. */
typedef struct {
  uint32_t uptime_ms;
  uint8_t cell_count;
  uint8_t ntc_count;
  uint16_t cell_mV[BMS_MAX_CELLS];
  int16_t ntc_ddegC[BMS_MAX_NTCS]; /* BMS_NTC_INVALID_DDEGC when open or shorted */
  uint32_t pack_mV;                /* sum of cells */
  int32_t current_mA;              /* positive in charge */
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
  uint32_t requests; /* set of bms_request_t */
  uint32_t warnings; /* sets of BMS_RULE_BIT */
  uint32_t limitings;
  uint32_t protections;
  uint32_t latched;  /* the protections that do not clear by themselves */
  uint64_t failures; /* set of BMS_FAILURE_BIT */
  bms_state_t state;
  bms_reason_t reason;
  uint32_t terminal_mV;
  uint32_t stack_mV; /* the stack as the divider measures it */
  int16_t mosfet_ddegC;
  uint16_t insulation_kOhm;
  uint16_t firmware_version; /* major * 256 + minor */
  uint8_t address;
  uint8_t role;    /* bms_role_t */
  uint8_t members; /* packs that count towards bank, this one included */
  bool is_full;
  uint8_t error_code; /* of bms_panel_config_t.codes; 0: none */
  uint32_t serial_number;
  bms_bank_t bank;
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
  BMS_LED_SOC5 = 1 << 6,
  BMS_LED_SOC6 = 1 << 7,
  BMS_LED_COM = 1 << 8,
  BMS_LED_ERROR = 1 << 9, /* where it is not the ALARM lamp */
} bms_led_t;

/* One write to non-volatile memory; the driver carries it out byte by byte, in rising order, and
 * power may go at any byte. */
#define BMS_NVM_BYTES 2048
#define BMS_NVM_WRITE_BYTES 32
typedef struct {
  uint16_t offset;
  uint8_t length; /* 0: nothing to write */
  uint8_t bytes[BMS_NVM_WRITE_BYTES];
} bms_nvm_write_t;

typedef struct {
  bool charge_gate;    /* true drives the CHG MOSFET on */
  bool discharge_gate; /* true drives the DSG MOSFET on */
  bool buzzer;
  bool hold_supply;           /* false lets go of the supply, unless something outside ties it on */
  uint32_t coils;             /* set of bms_contact_t driven */
  uint32_t clear_comparators; /* set of bms_comparator_t to release in the AFE */
  uint32_t bleeders;          /* bit i bleeds cell i */
  uint64_t pull_downs;        /* bit k: the AFE's test current on sense line k, 0 at B- */
  uint32_t leds;              /* set of bms_led_t lit now */
  bool has_link_message;      /* send it now */
  bms_link_message_t link;
  bms_nvm_write_t nvm; /* start writing now; never while is_nvm_busy */
  bms_report_t report;
} bms_outputs_t;

#ifdef __cplusplus
}
#endif

#endif
