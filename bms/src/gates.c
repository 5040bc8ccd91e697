/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* From protections and the life-cycle to gates and permissions.
 *
 * Body diode: a gate that a rule holds open conducts the other way through its diode, at some 50 W.
 * When that current has flown for REVERSE_DELAY_ms the gate closes; in the first step that does not
 * read it any more the gate opens again, so current in the forbidden direction flows for one sample
 * at most, and a current near zero cannot make the gate chatter. Over-current and short-circuit
 * rules and failures never close a gate like this. The permissions told to the inverter ignore it.
 *
 * A dead cell must not be charged, and not for the trip delay of its rule either: while the lowest
 * cell reads no more than the trip value of cell-failure-low, an open CHG gate stays open. */
#include "core.h"

#define REVERSE_DELAY_ms 10u

/* May a gate with these blockers close for current the other way? That current also needs the
 * other gate, so the other one must be free. */
/*@ requires is_sound(self);
    requires hold == &self->reverse_of_charge || hold == &self->reverse_of_discharge;
    assigns *hold;
    ensures needs_free_path: \result ==> blockers != 0 &&
      is_reversible(self, blockers, other_blockers) && flows(self, (uint32_t)reverse_mA); */
static bool is_reverse_flowing(const core_t* self, hold_t* hold, uint32_t blockers,
                               uint32_t other_blockers, int32_t reverse_mA) {
  const bool is_reversible = blockers != 0 && !(blockers & ~self->rules.lets_reverse) &&
                             !self->sequence.opened_by_failures;
  const bool is_flowing =
      is_reversible && other_blockers == 0 && (uint32_t)reverse_mA > self->config->idle_current_mA;
  return bms_has_held(hold, is_flowing, self->now_us, REVERSE_DELAY_ms);
}

/*@ requires is_sound(self);
    assigns \nothing;
    ensures \result <==> !self->out.charge_gate && is_cell_dead(self); */
static bool is_charge_refused(const core_t* self) {
  const bms_threshold_t* dead = &self->config->rules[BMS_RULE_CELL_FAILURE_LOW].protection;
  return !self->out.charge_gate && dead->is_enabled &&
         self->measured.signals[SIGNAL_LOWEST_CELL_mV] <= dead->trip;
}

void bms_drive_gates(core_t* self) {
  const int32_t* signals = self->measured.signals;
  const sequence_t* sequence = &self->sequence;
  const uint32_t active = self->rules.protection.active;
  const uint32_t of_charge = active & self->rules.opens_charge;
  const uint32_t of_discharge = active & self->rules.opens_discharge;
  const bool discharges = is_reverse_flowing(self, &self->reverse_of_charge, of_charge,
                                             of_discharge, signals[SIGNAL_DISCHARGE_mA]);
  const bool charges = is_reverse_flowing(self, &self->reverse_of_discharge, of_discharge,
                                          of_charge, signals[SIGNAL_CHARGE_mA]);
  const uint8_t opens = sequence->opened_by_rules | sequence->opened_by_failures | self->bank.opens;
  const bool may_charge = sequence->may_charge && !is_charge_refused(self);
  bms_report_t* report = &self->out.report;
  report->is_charge_allowed = may_charge && !(opens & BMS_OPENS_CHARGE);
  report->is_discharge_allowed =
      bms_is_working(self) && sequence->may_discharge && !(opens & BMS_OPENS_DISCHARGE);
  self->out.charge_gate = may_charge && (!(opens & BMS_OPENS_CHARGE) || discharges);
  self->out.discharge_gate = sequence->may_discharge && (!(opens & BMS_OPENS_DISCHARGE) || charges);
}
