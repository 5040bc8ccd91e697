/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* One instance of the core, and who writes which part of it. Private to bms/src. */
#ifndef BMS_SRC_CORE_H
#define BMS_SRC_CORE_H

#include "bank.h"
#include "bms/bms.h"
#include "buttons.h"
#include "contacts.h"
#include "crc.h"
#include "diagnose.h"
#include "hold.h"
#include "limits.h"
#include "measure.h"
#include "memory.h"
#include "panel.h"
#include "reset.h"
#include "rules.h"
#include "sequence.h"
#include "soc.h"
#include "wake.h"

typedef struct {
  const bms_config_t* config;
  uint64_t now_us; /* since power-up; does not wrap in practice */
  uint32_t us_into_ms;
  hold_t reverse_of_charge; /* by gates.c */
  hold_t reverse_of_discharge;
  buttons_t buttons;
  measured_t measured;
  reset_t reset;
  rules_t rules;
  diagnosis_t diagnosis;
  wake_t wake;
  sequence_t sequence;
  contacts_t contacts;
  soc_t soc;
  kept_t kept; /* what survives a loss of power. Each module writes its own fields */
  derated_t derated;
  balance_t balance;
  bank_t bank;
  panel_t panel;
  memory_t memory;
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
void bms_watch_buttons(core_t* self, const bms_inputs_t* in);
void bms_measure_inputs(core_t* self, const bms_inputs_t* in);
void bms_count_charge(core_t* self, uint32_t dt_us);
void bms_watch_reset(core_t* self, const bms_inputs_t* in);
void bms_judge_rules(core_t* self, const bms_inputs_t* in);
void bms_diagnose(core_t* self, const bms_inputs_t* in, uint32_t dt_us);
void bms_run_sequence(core_t* self, const bms_inputs_t* in);
void bms_drive_gates(core_t* self);
/*@ requires is_sound(self);
    assigns self->derated, self->out.report.ccl_mA, self->out.report.dcl_mA,
            self->out.report.cvl_mV, self->out.report.requests;
    ensures no_charge_without_permission:
      !self->out.report.is_charge_allowed ==> self->out.report.ccl_mA == 0;
    ensures no_discharge_without_permission:
      !self->out.report.is_discharge_allowed ==> self->out.report.dcl_mA == 0; */
void bms_set_limits(core_t* self);
void bms_balance_cells(core_t* self);
void bms_run_bank(core_t* self, const bms_inputs_t* in);
void bms_light_panel(core_t* self, const bms_inputs_t* in);
void bms_remember(core_t* self, const bms_inputs_t* in);

/* Before the first step; `self` is zeroed and has its config. */
void bms_prepare_measuring(core_t* self);
void bms_prepare_rules(core_t* self);
void bms_prepare_diagnosis(core_t* self);
void bms_prepare_soc(core_t* self);
void bms_prepare_sequence(core_t* self);
void bms_prepare_memory(core_t* self);

/* Parts of the sequence. */
void bms_arm_wake(core_t* self);    /* every source counts: at power-up */
void bms_disarm_wake(core_t* self); /* those that are there do not: on going to sleep */
void bms_watch_wake(core_t* self, const bms_inputs_t* in);
void bms_watch_contacts(core_t* self, const bms_inputs_t* in);
void bms_drive_contacts(core_t* self, bool is_wanted, bool is_urgent);
bool bms_is_link_there(const core_t* self); /* ready for the second main */
bool bms_is_working(const core_t* self);    /* standby, charge, discharge, limit, protection */

void bms_recall(core_t* self, const uint8_t* nvm); /* fills `kept` */
void bms_format_memory(const bms_factory_t* factory, uint8_t* nvm);

bms_status_t bms_check_config(const bms_config_t* config);
uint32_t bms_config_crc(const bms_config_t* config);
bms_error_t bms_check_sequence(const bms_sequence_config_t* config);
bms_status_t bms_check_limits(const bms_limits_t* limits);
bms_error_t bms_check_balancing(const bms_balancing_t* config);
bms_status_t bms_check_panel(const bms_panel_config_t* config);
bms_error_t bms_check_bank(const bms_bank_config_t* config);
bms_error_t bms_check_soc(const bms_soc_config_t* config);
bms_error_t bms_check_rule(bms_rule_t rule, const bms_rule_config_t* config);
bms_error_t bms_check_failure(bms_failure_t failure, const bms_config_t* config);

/* What anybody found, or found no more. It stands until the next call; delays, latches and what
 * the failure opens follow from the configuration. One stage only may call it for a failure. */
void bms_find(core_t* self, bms_failure_t failure, bool is_found);

/* How long a button is held now or, in the step in which it is released, was; else 0. */
uint32_t bms_held_ms(const core_t* self, bms_button_t button);

/* The value a rule looks at, in the rule's unit. */
int32_t bms_rule_signal(const core_t* self, bms_rule_t rule);

/* What bms_diagnose is made of, in calling order; those of one failure may be left out. */
void bms_prepare_shunt(core_t* self);
void bms_prepare_self(core_t* self);
void bms_diagnose_self(core_t* self, const bms_inputs_t* in, uint32_t dt_us);
void bms_diagnose_muscles(core_t* self, const bms_inputs_t* in);
void bms_watch_shunt(core_t* self, int32_t shunt_adc);
void bms_diagnose_shunt(core_t* self);
void bms_diagnose_cells(core_t* self);
void bms_diagnose_limits(core_t* self);
void bms_diagnose_ntcs(core_t* self);
void bms_diagnose_wires(core_t* self, const bms_inputs_t* in);

#endif
