/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* One instance of the core, and who writes which part of it. Private to bms/src. */
#ifndef BMS_SRC_CORE_H
#define BMS_SRC_CORE_H

#include "bms/bms.h"

/* What the rules look at. Written by measure.c. */
typedef enum {
  SIGNAL_HIGHEST_CELL_mV,
  SIGNAL_LOWEST_CELL_mV,
  SIGNAL_PACK_mV,
  SIGNAL_CHARGE_mA,    /* magnitude, 0 in discharge */
  SIGNAL_DISCHARGE_mA, /* magnitude, 0 in charge */
  SIGNAL_SHORT,        /* comparator flag: INT32_MAX when set, INT32_MIN when clear */
  SIGNAL_HOTTEST_ddegC,
  SIGNAL_COLDEST_ddegC,
  SIGNAL_COUNT
} signal_t;

#define ALL_FRESH ((uint32_t)BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS)

/* Resistances the NTC table knows; see measure.c. */
#define NTC_POINTS 20

/* Written by measure.c. */
typedef struct {
  uint32_t ntc_counts_x256[NTC_POINTS]; /* the NTC table as this hardware reads it, falling */
  uint32_t seen;                        /* set of bms_fresh_t that came at least once */
  uint32_t fresh;                       /* set of bms_fresh_t that came in this step */
  int64_t current_uA;
  int32_t signals[SIGNAL_COUNT];
} measured_t;

/* "This has been so for as long as the delay". */
typedef struct {
  bool is_running;
  uint64_t since_us;
} hold_t;

/* One level (warning or protection) of every rule. Written by rules.c. */
typedef struct {
  uint32_t enabled; /* sets of BMS_RULE_BIT */
  uint32_t active;
  uint32_t pending; /* about to change sides: the delay runs since `since_us` */
  uint64_t since_us[BMS_RULE_COUNT];
} level_t;

typedef struct {
  uint32_t opens_charge; /* the table's columns as sets of BMS_RULE_BIT */
  uint32_t opens_discharge;
  uint32_t lets_reverse;
  level_t warning;
  level_t protection;
  uint32_t latched;
  uint32_t buttons_before;
  uint8_t retries[BMS_RULE_COUNT];
  uint64_t released_us[BMS_RULE_COUNT];
} rules_t;

/* Written by soc.c. */
typedef struct {
  int64_t remaining_uAus;  /* beyond report.remaining_mAh, 0 <= x < 1 mAh */
  int64_t discharged_uAus; /* likewise beyond discharged_mAh */
  uint32_t discharged_mAh; /* since the last whole cycle */
  hold_t full;
  hold_t empty;
  uint64_t anchored_us; /* when the pack was last seen full */
} soc_t;

typedef struct {
  const bms_config_t* config;
  uint64_t now_us; /* since power-up; does not wrap in practice */
  uint32_t us_into_ms;
  bool is_started; /* the self-test is over. Written by gates.c, like the two holds */
  hold_t reverse_of_charge;
  hold_t reverse_of_discharge;
  measured_t measured;
  rules_t rules;
  soc_t soc;
  uint32_t derated_ccl_mA; /* by limits.c, before asking whether the path is open */
  uint32_t derated_dcl_mA;
  bms_outputs_t out; /* each module writes its own fields; a step ends by copying it */
} core_t;

/* What every stage may rely on, for the proofs of verification/proof: the configuration was
 * accepted by bms_check_config(), and nobody else's memory overlaps the instance. */
/*@ predicate is_curve(bms_curve_t *curve) =
      1 <= curve->count <= BMS_MAX_CURVE_POINTS &&
      (\forall integer i; 0 <= i < curve->count ==> curve->point[i].factor_permille <= 1000) &&
      (\forall integer i; 0 < i < curve->count ==>
        curve->point[i - 1].x < curve->point[i].x);

    predicate is_sound(core_t *self) =
      \valid(self) && \valid_read(self->config) && \separated(self, self->config) &&
      self->out.report.cell_count <= BMS_MAX_CELLS && self->out.report.ntc_count <= BMS_MAX_NTCS &&
      self->out.report.soc_permille <= 1000 &&
      is_curve(&self->config->limits.ccl_over_ddegC) &&
      is_curve(&self->config->limits.dcl_over_ddegC) &&
      is_curve(&self->config->limits.ccl_over_cell_mV) &&
      is_curve(&self->config->limits.dcl_over_cell_mV); */

/* The stages of a step, in calling order. */
void bms_measure_inputs(core_t* self, const bms_inputs_t* in);
void bms_count_charge(core_t* self, uint32_t dt_us);
void bms_judge_rules(core_t* self, const bms_inputs_t* in);
void bms_drive_gates(core_t* self);
/*@ requires is_sound(self);
    assigns self->derated_ccl_mA, self->derated_dcl_mA, self->out.report.ccl_mA,
            self->out.report.dcl_mA, self->out.report.requests;
    ensures no_charge_without_permission:
      !self->out.report.is_charge_allowed ==> self->out.report.ccl_mA == 0;
    ensures no_discharge_without_permission:
      !self->out.report.is_discharge_allowed ==> self->out.report.dcl_mA == 0; */
void bms_set_limits(core_t* self);
/*@ requires is_sound(self);
    assigns self->out.bleeders;
    ensures not_before_the_self_test_is_over: !self->is_started ==> self->out.bleeders == 0; */
void bms_balance_cells(core_t* self);
/*@ requires is_sound(self);
    assigns self->out.leds, self->out.buzzer;
    ensures buzzer: self->out.buzzer <==> self->out.report.state == BMS_STATE_PROTECTION; */
void bms_light_panel(core_t* self);

/* Before the first step; `self` is zeroed and has its config. */
void bms_prepare_measuring(core_t* self);
void bms_prepare_rules(core_t* self);
void bms_prepare_soc(core_t* self, const bms_nvm_t* nvm);

bms_status_t bms_check_config(const bms_config_t* config, const bms_nvm_t* nvm);
bms_error_t bms_check_rule(bms_rule_t rule, const bms_rule_config_t* config);

/* True once `condition` has held in every step for `delay_ms`; at once for a delay of 0. */
/*@ requires \valid(hold);
    assigns *hold; */
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
