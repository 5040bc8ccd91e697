/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* One instance of the core, and who writes which part of it. Private to bms/src. */
#ifndef BMS_SRC_CORE_H
#define BMS_SRC_CORE_H

#include "bank.h"
#include "bms/bms.h"
#include "buttons.h"
#include "diagnose.h"
#include "hold.h"
#include "measure.h"
#include "memory.h"
#include "panel.h"
#include "rules.h"
#include "soc.h"

typedef struct {
  const bms_config_t* config;
  uint64_t now_us; /* since power-up; does not wrap in practice */
  uint32_t us_into_ms;
  bool is_started; /* the self-test is over. Written by gates.c, like the two holds */
  hold_t reverse_of_charge;
  hold_t reverse_of_discharge;
  buttons_t buttons;
  measured_t measured;
  rules_t rules;
  diagnosis_t diagnosis;
  soc_t soc;
  kept_t kept; /* what survives a loss of power. Each module writes its own fields */
  bank_t bank;
  panel_t panel;
  memory_t memory;
  uint32_t derated_ccl_mA; /* by limits.c, before asking whether the path is open */
  uint32_t derated_dcl_mA;
  bms_outputs_t out; /* each module writes its own fields; a step ends by copying it */
} core_t;

/* The stages of a step, in calling order. */
void bms_watch_buttons(core_t* self, const bms_inputs_t* in);
void bms_measure_inputs(core_t* self, const bms_inputs_t* in);
void bms_count_charge(core_t* self, uint32_t dt_us);
void bms_judge_rules(core_t* self, const bms_inputs_t* in);
void bms_drive_gates(core_t* self);
void bms_set_limits(core_t* self);
void bms_balance_cells(core_t* self);
void bms_run_bank(core_t* self, const bms_inputs_t* in);
void bms_light_panel(core_t* self, const bms_inputs_t* in);
void bms_remember(core_t* self, const bms_inputs_t* in);

/* Before the first step; `self` is zeroed and has its config. */
void bms_prepare_measuring(core_t* self);
void bms_prepare_rules(core_t* self);
void bms_prepare_soc(core_t* self);
void bms_prepare_memory(core_t* self);

void bms_recall(core_t* self, const uint8_t* nvm); /* fills `kept` */
void bms_format_memory(const bms_factory_t* factory, uint8_t* nvm);

bms_status_t bms_check_config(const bms_config_t* config);
uint32_t bms_config_crc(const bms_config_t* config);
/* How long a button is held now or, in the step in which it is released, was; else 0. */
uint32_t bms_held_ms(const core_t* self, bms_button_t button);

/* The value a rule looks at, in the rule's unit. */
int32_t bms_rule_signal(const core_t* self, bms_rule_t rule);

/* Tells the diagnosis whether `failure` is there now; delay and latch are its business. */
void bms_find(core_t* self, bms_failure_t failure, bool is_found);

bms_error_t bms_check_rule(bms_rule_t rule, const bms_rule_config_t* config);
bms_status_t bms_check_panel(const bms_panel_config_t* config);
bms_error_t bms_check_bank(const bms_bank_config_t* config);
bms_error_t bms_check_soc(const bms_soc_config_t* config);

#endif
