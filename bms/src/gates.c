/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* From protections to gates, permissions and the state.
 *
 * The self-test ends when every group has been read once and no protection is waiting for its trip
 * delay: a gate never closes onto a condition that is there at power-up.
 *
 * Body diode: a gate that a rule holds open conducts the other way through its diode, at some 50 W.
 * When that current has flown for REVERSE_DELAY_ms the gate closes; in the first step that does not
 * read it any more the gate opens again, so current in the forbidden direction flows for one sample
 * at most, and a current near zero cannot make the gate chatter. Over-current and short-circuit
 * rules never close a gate like this. The permissions told to the inverter ignore it. */
#include "core.h"

#define REVERSE_DELAY_ms 10u

/* May a gate with these blockers close for current the other way? That current also needs the
 * other gate, so the other one must be free. */
static bool is_reverse_flowing(const core_t* self, hold_t* hold, uint32_t blockers,
                               uint32_t other_blockers, int32_t reverse_mA) {
  const bool is_reversible = blockers != 0 && !(blockers & ~self->rules.lets_reverse);
  const bool is_flowing =
      is_reversible && other_blockers == 0 && (uint32_t)reverse_mA > self->config->idle_current_mA;
  return bms_has_held(hold, is_flowing, self->now_us, REVERSE_DELAY_ms);
}

static bool is_self_test_over(const core_t* self) {
  const level_t* protection = &self->rules.protection;
  return self->measured.seen == ALL_FRESH && !(protection->pending & ~protection->active);
}

static bms_state_t find_state(const core_t* self, uint32_t blockers) {
  const int32_t* signals = self->measured.signals;
  const uint32_t idle_mA = self->config->idle_current_mA;
  if (!self->is_started) return BMS_STATE_SELF_TEST;
  if (blockers) return BMS_STATE_PROTECTION;
  if ((uint32_t)signals[SIGNAL_CHARGE_mA] > idle_mA) return BMS_STATE_CHARGE;
  if ((uint32_t)signals[SIGNAL_DISCHARGE_mA] > idle_mA) return BMS_STATE_DISCHARGE;
  return BMS_STATE_STANDBY;
}

/* The failures' bit beside the rules': no rule has it. */
#define OF_FAILURE (UINT32_C(1) << 31)

static uint32_t find_blockers(const core_t* self, uint32_t rules, bms_opens_t opens) {
  const uint32_t blockers = self->rules.protection.active & rules;
  return self->diagnosis.opens & opens ? blockers | OF_FAILURE : blockers;
}

void bms_drive_gates(core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t of_charge = find_blockers(self, self->rules.opens_charge, BMS_OPENS_CHARGE);
  const uint32_t of_discharge =
      find_blockers(self, self->rules.opens_discharge, BMS_OPENS_DISCHARGE);
  const bool discharges = is_reverse_flowing(self, &self->reverse_of_charge, of_charge,
                                             of_discharge, signals[SIGNAL_DISCHARGE_mA]);
  const bool charges = is_reverse_flowing(self, &self->reverse_of_discharge, of_discharge,
                                          of_charge, signals[SIGNAL_CHARGE_mA]);
  self->is_started = self->is_started || is_self_test_over(self);
  bms_report_t* report = &self->out.report;
  report->is_charge_allowed = self->is_started && !of_charge;
  report->is_discharge_allowed = self->is_started && !of_discharge;
  report->state = find_state(self, of_charge | of_discharge);
  self->out.charge_gate = self->is_started && (!of_charge || discharges);
  self->out.discharge_gate = self->is_started && (!of_discharge || charges);
}
