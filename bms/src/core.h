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
#include "quiet.h"
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
  quiet_t quiet;
  bms_outputs_t out; /* each module writes its own fields; a step ends by copying it */
} core_t;

/* Contracts, for the proofs of verification/proof. A stage relies on is_sound(), and leaves it. */
/*@ predicate is_curve(bms_curve_t *curve) =
      curve->count <= BMS_MAX_CURVE_POINTS &&
      (\forall integer i; 0 <= i < curve->count ==> curve->point[i].factor_permille <= 1000) &&
      (\forall integer i; 0 < i < curve->count ==>
        curve->point[i - 1].x < curve->point[i].x);

    predicate are_limits(bms_limits_t *limits) =
      is_curve(&limits->ccl_over_ddegC) && is_curve(&limits->dcl_over_ddegC) &&
      is_curve(&limits->ccl_over_cell_mV) && is_curve(&limits->dcl_over_cell_mV) &&
      is_curve(&limits->ccl_over_soc) && is_curve(&limits->dcl_over_soc) &&
      limits->discharge_voltage_limit_mV < limits->cvl_mV && limits->cvl_floor_mV <= limits->cvl_mV;

    // What bms_check_config() lets pass.
    predicate is_config(bms_config_t *config) =
      1 <= config->cell_count <= BMS_MAX_CELLS && 1 <= config->ntc_count <= BMS_MAX_NTCS &&
      are_limits(&config->limits) &&
      (\forall integer i; 0 <= i < BMS_RULE_COUNT ==>
        config->rules[i].limited_ccl_permille <= 1000 &&
        config->rules[i].limited_dcl_permille <= 1000);

    predicate is_working_state(integer state) =
      state == BMS_STATE_STANDBY || state == BMS_STATE_CHARGE || state == BMS_STATE_DISCHARGE ||
      state == BMS_STATE_LIMIT || state == BMS_STATE_PROTECTION;

    predicate is_asleep_state(integer state) =
      state == BMS_STATE_OFF || state == BMS_STATE_STORAGE || state == BMS_STATE_DEEP_SLEEP;

    // Nothing but work closes a gate; while the link is charged, it is DSG.
    predicate is_sequence(core_t *self) =
      (self->sequence.may_charge ==> is_working_state(self->out.report.state)) &&
      (self->sequence.may_discharge ==> is_working_state(self->out.report.state) ||
        self->out.report.state == BMS_STATE_PRECHARGE);

    predicate has(integer all, integer i) = (all & (1 << i)) != 0;
    predicate includes(integer all, integer part) =
      \forall integer i; 0 <= i < BMS_RULE_COUNT && has(part, i) ==> has(all, i);

    // What a protection opens.
    predicate is_summary(core_t *self) =
      self->out.report.protections == self->rules.protection.active &&
      ((self->rules.protection.active & self->rules.opens_charge) != 0 ==>
        (self->rules.opens & BMS_OPENS_CHARGE) != 0) &&
      ((self->rules.protection.active & self->rules.opens_discharge) != 0 ==>
        (self->rules.opens & BMS_OPENS_DISCHARGE) != 0);

    // A latched rule stands, and no retries are counted beyond those that there are.
    predicate are_rules(core_t *self) =
      is_summary(self) && includes(self->rules.protection.active, self->rules.latched) &&
      (\forall integer i; 0 <= i < BMS_RULE_COUNT ==>
        self->rules.retries[i] <= self->config->rules[i].max_retries);

    predicate are_limits_told(core_t *self) =
      self->derated.ccl_mA <= self->config->limits.ccl_mA &&
      self->derated.dcl_mA <= self->config->limits.dcl_mA &&
      self->out.report.ccl_mA <= self->config->limits.ccl_mA &&
      self->out.report.dcl_mA <= self->config->limits.dcl_mA &&
      self->out.report.cvl_mV <= self->config->limits.cvl_mV;

    predicate are_signals(core_t *self) =
      0 <= self->measured.signals[SIGNAL_HIGHEST_CELL_mV] <= UINT16_MAX &&
      0 <= self->measured.signals[SIGNAL_LOWEST_CELL_mV] <= UINT16_MAX &&
      0 <= self->measured.signals[SIGNAL_CHARGE_mA] &&
      0 <= self->measured.signals[SIGNAL_DISCHARGE_mA] &&
      self->out.report.pack_mV <= BMS_MAX_CELLS * UINT16_MAX;

    predicate is_instance(core_t *self) =
      \valid(self) && \valid_read(self->config) && \separated(self, self->config) &&
      is_config(self->config);

    // What stands also while the sequence moves.
    predicate is_placed(core_t *self) =
      is_instance(self) && 0 <= self->out.report.state < BMS_STATE_COUNT &&
      is_asleep_state(self->sequence.asleep_in) && self->contacts.phase <= PHASE_CLOSED &&
      are_signals(self) && self->out.report.cell_count == self->config->cell_count &&
      self->out.report.ntc_count == self->config->ntc_count &&
      self->out.report.soc_permille <= 1000;

    predicate is_ready(core_t *self) =
      is_placed(self) && are_rules(self) && are_limits_told(self);

    predicate is_sound(core_t *self) = is_ready(self) && is_sequence(self);

    predicate obeys_rules(core_t *self) =
      self->sequence.opened_by_rules == self->rules.opens;

    predicate flows(core_t *self, integer current_mA) = current_mA > self->config->idle_current_mA;

    // Rules that open one gate let current the other way close it: see gates.c.
    predicate is_reversible(core_t *self, integer blockers, integer others) =
      (blockers & (uint32_t)~self->rules.lets_reverse) == 0 && others == 0 &&
      self->sequence.opened_by_failures == 0;

    logic integer charge_blockers(core_t *self) =
      self->rules.protection.active & self->rules.opens_charge;
    logic integer discharge_blockers(core_t *self) =
      self->rules.protection.active & self->rules.opens_discharge;

    predicate are_gates_open(core_t *self) = !self->out.charge_gate && !self->out.discharge_gate;

    predicate is_cell_dead(core_t *self) =
      self->config->rules[BMS_RULE_CELL_FAILURE_LOW].protection.is_enabled &&
      self->measured.signals[SIGNAL_LOWEST_CELL_mV] <=
        self->config->rules[BMS_RULE_CELL_FAILURE_LOW].protection.trip;

    predicate are_inputs(core_t *self, bms_inputs_t *in) =
      \valid_read(in) && \separated(self, in); */

/* The stages of a step, in calling order. */
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->buttons;
    ensures is_sound(self); */
void bms_watch_buttons(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->measured, self->out.report.cell_mV[..], self->out.report.ntc_ddegC[..],
            self->out.report.pack_mV, self->out.report.terminal_mV, self->out.report.stack_mV,
            self->out.report.current_mA, self->out.report.mosfet_ddegC,
            self->out.report.insulation_kOhm;
    ensures is_sound(self); */
void bms_measure_inputs(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self);
    assigns self->soc, self->out.report.soc_permille, self->out.report.soh_permille,
            self->out.report.remaining_mAh, self->out.report.full_mAh,
            self->out.report.cycle_count, self->out.report.is_full;
    ensures is_sound(self); */
void bms_count_charge(core_t* self, uint32_t dt_us);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->reset;
    ensures is_sound(self); */
void bms_watch_reset(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->rules, self->kept.rule_latches, self->out.clear_comparators,
            self->out.report.warnings, self->out.report.limitings, self->out.report.protections,
            self->out.report.latched;
    ensures is_sound(self);
    ensures keeps_latches: !self->reset.is_pressed && !self->reset.is_service ==>
      includes(self->rules.latched, \old(self->rules.latched)); */
void bms_judge_rules(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->diagnosis, self->kept.failure_latches, self->out.report.failures,
            self->out.pull_downs;
    ensures is_sound(self); */
void bms_diagnose(core_t* self, const bms_inputs_t* in, uint32_t dt_us);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns \nothing;
    ensures nothing_blocks: \result ==> self->rules.protection.active == 0 &&
      self->out.report.is_charge_allowed && self->out.report.is_discharge_allowed &&
      (self->out.report.state == BMS_STATE_CHARGE ||
        self->out.report.state == BMS_STATE_DISCHARGE); */
/* Would the stages that follow, but for the panel, find nothing new? */
bool bms_is_quiet(const core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->quiet;
    ensures is_sound(self); */
void bms_note_seen(core_t* self, const bms_inputs_t* in); /* before they run */
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->sequence, self->wake, self->contacts, self->diagnosis,
            self->kept.failure_latches, self->out.report.failures, self->out.report.state,
            self->out.report.reason, self->out.coils, self->out.hold_supply;
    ensures is_sound(self) && obeys_rules(self); */
void bms_run_sequence(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && obeys_rules(self);
    assigns self->reverse_of_charge, self->reverse_of_discharge, self->out.charge_gate,
            self->out.discharge_gate, self->out.report.is_charge_allowed,
            self->out.report.is_discharge_allowed;
    ensures is_sound(self);
    ensures open_when_off: self->out.report.state == BMS_STATE_OFF ==> are_gates_open(self);
    ensures open_in_activation:
      self->out.report.state == BMS_STATE_ACTIVATION ==> are_gates_open(self);
    ensures open_in_self_test:
      self->out.report.state == BMS_STATE_SELF_TEST ==> are_gates_open(self);
    ensures charge_open_in_precharge:
      self->out.report.state == BMS_STATE_PRECHARGE ==> !self->out.charge_gate;
    ensures open_in_failure:
      self->out.report.state == BMS_STATE_FAILURE ==> are_gates_open(self);
    ensures open_in_storage: self->out.report.state == BMS_STATE_STORAGE ==> are_gates_open(self);
    ensures open_when_supply_is_lost:
      self->out.report.state == BMS_STATE_SUPPLY_LOSS ==> are_gates_open(self);
    ensures open_in_shutdown:
      self->out.report.state == BMS_STATE_SHUTDOWN ==> are_gates_open(self);
    ensures charge_protected: self->out.charge_gate && charge_blockers(self) != 0 ==>
      is_reversible(self, charge_blockers(self), discharge_blockers(self)) &&
      flows(self, self->measured.signals[SIGNAL_DISCHARGE_mA]);
    ensures discharge_protected: self->out.discharge_gate && discharge_blockers(self) != 0 ==>
      is_reversible(self, discharge_blockers(self), charge_blockers(self)) &&
      flows(self, self->measured.signals[SIGNAL_CHARGE_mA]);
    ensures charge_allowed: self->out.report.is_charge_allowed ==> charge_blockers(self) == 0;
    ensures discharge_allowed:
      self->out.report.is_discharge_allowed ==> discharge_blockers(self) == 0;
    ensures spares_dead_cell: \old(!self->out.charge_gate) && is_cell_dead(self) ==>
      !self->out.charge_gate; */
void bms_drive_gates(core_t* self);
/*@ requires is_sound(self);
    assigns self->derated, self->out.report.ccl_mA, self->out.report.dcl_mA,
            self->out.report.cvl_mV, self->out.report.requests;
    ensures is_sound(self);
    ensures no_charge_without_permission:
      !self->out.report.is_charge_allowed ==> self->out.report.ccl_mA == 0;
    ensures no_discharge_without_permission:
      !self->out.report.is_discharge_allowed ==> self->out.report.dcl_mA == 0; */
void bms_set_limits(core_t* self);
/*@ requires is_sound(self);
    assigns self->balance, self->out.bleeders;
    ensures is_sound(self); */
void bms_balance_cells(core_t* self);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->bank, self->diagnosis, self->kept.failure_latches, self->out.report.failures,
            self->out.report.bank, self->out.report.address, self->out.report.role,
            self->out.report.members, self->out.has_link_message, self->out.link;
    ensures is_sound(self); */
void bms_run_bank(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self);
    assigns self->out.report.bank.current_mA;
    ensures is_sound(self); */
void bms_pass_current(core_t* self); /* of a pack without a bank, in a quiet step */
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->panel, self->out.leds, self->out.buzzer, self->out.report.error_code;
    ensures is_sound(self); */
void bms_light_panel(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->memory, self->kept, self->diagnosis, self->out.report.failures, self->out.nvm;
    ensures is_sound(self); */
void bms_remember(core_t* self, const bms_inputs_t* in);
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns self->quiet;
    ensures is_sound(self); */
void bms_plan_quiet(core_t* self, const bms_inputs_t* in); /* after they ran */

/* Before the first step; `self` is zeroed and has its config. */
void bms_prepare_measuring(core_t* self);
void bms_prepare_rules(core_t* self);
void bms_prepare_diagnosis(core_t* self);
void bms_prepare_soc(core_t* self);
/*@ requires is_instance(self);
    assigns self->out.report.state, self->out.report.reason, self->sequence.asleep_in,
            self->wake.armed; */
void bms_prepare_sequence(core_t* self);
void bms_prepare_memory(core_t* self);

/* Parts of the sequence. */
/*@ requires is_instance(self);
    assigns self->wake.armed; */
void bms_arm_wake(core_t* self); /* every source counts: at power-up */
/*@ requires is_instance(self);
    assigns self->wake.armed; */
void bms_disarm_wake(core_t* self); /* those that are there do not: on going to sleep */
/*@ requires is_placed(self) && are_inputs(self, in);
    assigns self->wake; */
void bms_watch_wake(core_t* self, const bms_inputs_t* in);
/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->contacts, self->out.coils, self->diagnosis, self->kept.failure_latches,
            self->out.report.failures;
    ensures is_ready(self); */
void bms_watch_contacts(core_t* self, const bms_inputs_t* in);
/*@ requires is_ready(self);
    assigns self->contacts, self->out.coils;
    ensures is_ready(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
void bms_drive_contacts(core_t* self, bool is_wanted, bool is_urgent);
/*@ requires is_placed(self);
    assigns \nothing; */
bool bms_is_link_there(const core_t* self); /* ready for the second main */
/*@ requires is_placed(self);
    assigns \nothing;
    ensures \result <==> is_working_state(self->out.report.state); */
bool bms_is_working(const core_t* self); /* standby, charge, discharge, limit, protection */

/* When a stage must run again although nothing has changed. */
/*@ requires is_sound(self);
    assigns \nothing; */
uint64_t bms_next_ramp_us(const core_t* self);
/*@ requires is_sound(self);
    assigns \nothing; */
uint64_t bms_next_full_charge_us(const core_t* self);
/*@ requires is_sound(self);
    assigns \nothing; */
uint64_t bms_next_save_us(const core_t* self);

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

/*@ requires is_instance(self) && 0 <= failure < BMS_FAILURE_COUNT;
    assigns self->diagnosis, self->kept.failure_latches, self->out.report.failures;
    ensures \old(is_ready(self)) ==> is_ready(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
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
bool bms_is_current_at_rail(const core_t* self);
void bms_diagnose_cells(core_t* self);
void bms_diagnose_limits(core_t* self);
void bms_diagnose_ntcs(core_t* self);
void bms_diagnose_wires(core_t* self, const bms_inputs_t* in);

#endif
