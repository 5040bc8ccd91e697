/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* MOSFETs, relays, breaker: do they do what they are told? By what current and voltages do.
 *
 *   closed  current flows in a direction that the open gate forbids. The other direction is no proof:
 *           the body diode conducts it
 *   open    both gates are closed, and current flows through a diode: its drop is there. Discharge
 *           goes through the diode of the CHG MOSFET, charge through that of the DSG MOSFET. Or
 *           nothing flows although stack and terminals are far apart: terminals that are higher want
 *           to charge, lower ones were not fed
 *   welded  the auxiliary contact says closed although the coil is off; without one, current flows
 *           although every coil is off
 *
 * All of it with a scan of the cells, against gates and coils that have been settled for that scan
 * and are those of the step before. A comparator that tripped holds its gate by itself. */
#include "core.h"

#define SETTLED_ms 100u
#define MAINS ((uint32_t)BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2)

static void follow(core_t* self) {
  muscles_t* muscles = &self->diagnosis.muscles;
  const uint32_t now_ms = self->out.report.uptime_ms;
  if (muscles->charge_gate != self->out.charge_gate ||
      muscles->discharge_gate != self->out.discharge_gate)
    muscles->gates_ms = now_ms;
  if (muscles->coils != self->out.coils) muscles->coils_ms = now_ms;
  muscles->charge_gate = self->out.charge_gate;
  muscles->discharge_gate = self->out.discharge_gate;
  muscles->coils = self->out.coils;
}

static bool are_gates_settled(const core_t* self) {
  return self->out.report.uptime_ms - self->diagnosis.muscles.gates_ms >= SETTLED_ms;
}

static bool are_coils_settled(const core_t* self) {
  return self->out.report.uptime_ms - self->diagnosis.muscles.coils_ms >=
         self->config->sequence.contact_ms + SETTLED_ms;
}

static bool is_on_one_voltage(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  return bms_distance((int32_t)report->stack_mV, (int32_t)report->terminal_mV) <=
         self->config->diagnosis.mosfet_block_mV;
}

/* Positive while it charges, and zero below what is certainly a current. */
static int32_t find_certain_mA(const core_t* self) {
  const int32_t current_mA = self->out.report.current_mA;
  return bms_distance(current_mA, 0) >= self->config->diagnosis.mosfet_mA ? current_mA : 0;
}

static void look_for_closed(core_t* self, int32_t certain_mA) {
  const bool is_real = are_gates_settled(self) && is_on_one_voltage(self);
  bms_find(self, BMS_FAILURE_CHARGE_MOSFET_CLOSED,
           is_real && !self->out.charge_gate && certain_mA > 0);
  bms_find(self, BMS_FAILURE_DISCHARGE_MOSFET_CLOSED,
           is_real && !self->out.discharge_gate && certain_mA < 0);
}

/* None of the relays known to be open, and the breaker in. The CHG gate closes only after the relays
 * have been driven: see contacts.c. */
static bool are_contacts_closed(const core_t* self, uint32_t contacts) {
  const uint32_t watched = self->config->diagnosis.watched_contacts;
  if (watched & ~contacts & (MAINS | BMS_CONTACT_BREAKER)) return false;
  return !self->config->sequence.has_contacts || are_coils_settled(self);
}

static bool is_path_closed(const core_t* self, const bms_inputs_t* in) {
  return self->out.charge_gate && self->out.discharge_gate && are_gates_settled(self) &&
         in->comparator_flags == 0 && are_contacts_closed(self, in->contacts);
}

/* By how much the terminals are above what the resistance of the path explains. */
static int32_t find_drop_mV(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  const int64_t path_uV = (int64_t)report->current_mA * self->config->diagnosis.path_uOhm / 1000;
  return (int32_t)report->terminal_mV - (int32_t)report->stack_mV - (int32_t)(path_uV / 1000);
}

static void look_for_open(core_t* self, const bms_inputs_t* in, int32_t certain_mA) {
  const bms_diagnosis_config_t* config = &self->config->diagnosis;
  const int32_t diode_mV = (int32_t)config->mosfet_diode_mV;
  const int32_t block_mV = (int32_t)config->mosfet_block_mV;
  const int32_t drop_mV = find_drop_mV(self);
  const bool is_closed = is_path_closed(self, in);
  const bool is_idle =
      bms_distance(self->out.report.current_mA, 0) <= self->config->idle_current_mA;
  const bool is_charge_open =
      (certain_mA < 0 && drop_mV < -diode_mV) || (is_idle && drop_mV > block_mV);
  const bool is_discharge_open =
      (certain_mA > 0 && drop_mV > diode_mV) || (is_idle && drop_mV < -block_mV);
  bms_find(self, BMS_FAILURE_CHARGE_MOSFET_OPEN, is_closed && is_charge_open);
  bms_find(self, BMS_FAILURE_DISCHARGE_MOSFET_OPEN, is_closed && is_discharge_open);
}

static void check_contacts(core_t* self, uint32_t contacts, int32_t certain_mA) {
  const uint32_t watched = self->config->diagnosis.watched_contacts;
  const uint32_t coils = self->out.coils;
  const bool is_settled = are_coils_settled(self);
  uint32_t welded = contacts & ~coils & watched;
  const uint32_t open = ~contacts & coils & watched;
  if (coils == 0 && certain_mA != 0 && is_on_one_voltage(self)) welded |= MAINS & ~watched;
  bms_find(self, BMS_FAILURE_MAIN_1_WELDED, is_settled && (welded & BMS_CONTACT_MAIN_1));
  bms_find(self, BMS_FAILURE_MAIN_2_WELDED, is_settled && (welded & BMS_CONTACT_MAIN_2));
  bms_find(self, BMS_FAILURE_MAIN_1_OPEN, is_settled && (open & BMS_CONTACT_MAIN_1));
  bms_find(self, BMS_FAILURE_MAIN_2_OPEN, is_settled && (open & BMS_CONTACT_MAIN_2));
}

/* A breaker that is out is a finding when somebody wants current through it, and from then on until
 * it is in again: what the failure opens must not be what ends it. */
static void check_breaker(core_t* self, uint32_t contacts) {
  const uint32_t out = self->config->diagnosis.watched_contacts & ~contacts;
  const bool is_known = (self->diagnosis.found & BMS_FAILURE_BIT(BMS_FAILURE_BREAKER)) != 0;
  const bool is_wanted = self->out.charge_gate || self->out.discharge_gate || is_known;
  bms_find(self, BMS_FAILURE_BREAKER, is_wanted && (out & BMS_CONTACT_BREAKER));
}

void bms_diagnose_muscles(core_t* self, const bms_inputs_t* in) {
  follow(self);
  const int32_t certain_mA = find_certain_mA(self);
  look_for_closed(self, certain_mA);
  look_for_open(self, in, certain_mA);
  if (self->config->sequence.has_contacts) check_contacts(self, in->contacts, certain_mA);
  check_breaker(self, in->contacts);
}
