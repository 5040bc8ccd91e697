/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Relays: closing over the pre-charge resistor, opening without current, and what goes wrong.
 *
 * Closing goes through the phases of contacts.h. The resistor bridges one of the mains, the other
 * one closes first. Until the end the CHG gate stays open. "There" means that the link is not
 * further below the stack than precharge_delta_mV; a link above the stack is held from outside, and
 * no resistor lowers it: its current then meets the open CHG gate.
 *
 * A reading belongs to a phase from its second scan on: the first one may have begun earlier.
 *
 * Relays that do not follow their coils are found by diagnose_muscles.c; here the next one just does
 * not close. What is found here, about the pre-charge, stands until somebody wants another try (WAKE
 * or RESET is pressed, or retry_ms are over) or until a latched failure has taken it over. */
#include "core.h"

#define ALL_COILS ((uint32_t)BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE)

static void find(core_t* self, bms_failure_t failure) {
  self->contacts.found |= BMS_FAILURE_BIT(failure);
  self->contacts.found_us = self->now_us;
  bms_find(self, failure, true);
}

/* The latch holds on its own. */
static bool is_taken_over(const core_t* self, uint8_t failure) {
  const uint8_t both = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  const bms_failure_config_t* config = &self->config->failures[failure];
  return (self->out.report.failures & BMS_FAILURE_BIT(failure)) && config->is_latched &&
         (config->opens & both) == both;
}

static void withdraw_findings(core_t* self) {
  contacts_t* contacts = &self->contacts;
  const uint32_t retry_ms = self->config->sequence.retry_ms;
  const bool is_try_wanted =
      self->reset.is_wake_pressed || self->reset.is_pressed ||
      (retry_ms > 0 && self->now_us - contacts->found_us >= (uint64_t)retry_ms * 1000u);
  for (uint8_t i = BMS_FAILURE_PRECHARGE_WELDED; i <= BMS_FAILURE_PRECHARGE_NEVER; ++i) {
    const uint64_t bit = BMS_FAILURE_BIT(i);
    if (!(contacts->found & bit) || !(is_try_wanted || is_taken_over(self, i))) continue;
    contacts->found &= ~bit;
    bms_find(self, (bms_failure_t)i, false);
  }
}

bool bms_is_link_there(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  return report->terminal_mV + self->config->sequence.precharge_delta_mV >= report->stack_mV;
}

/* It came up to the stack's voltage, and not because something outside feeds it. */
static bool is_charged_by_us(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  return bms_is_link_there(self) && !self->contacts.was_there && !self->sequence.is_fed &&
         report->terminal_mV <= report->stack_mV + self->config->sequence.precharge_delta_mV;
}

static bool has_risen(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  const uint32_t before_mV = self->contacts.link_before_mV;
  return 2u * report->terminal_mV >= before_mV + report->stack_mV;
}

static void enter_phase(core_t* self, phase_t phase) {
  const uint32_t bridged = self->config->sequence.is_precharge_across_main_1
                               ? BMS_CONTACT_MAIN_1
                               : (uint32_t)BMS_CONTACT_MAIN_2;
  const uint32_t mains = (uint32_t)BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2;
  const uint32_t first = mains & ~bridged;
  const uint32_t coils[PHASE_COUNT] = {
      [PHASE_FIRST] = first,      [PHASE_LINK] = first | BMS_CONTACT_PRECHARGE,
      [PHASE_SECOND] = ALL_COILS, [PHASE_RELEASE] = mains,
      [PHASE_CLOSED] = mains,
  };
  contacts_t* contacts = &self->contacts;
  contacts->phase = phase;
  contacts->phase_us = self->now_us;
  contacts->scans = 0;
  contacts->link_before_mV = self->out.report.terminal_mV;
  self->out.coils = coils[phase];
}

/* Those with auxiliary contacts that are not where their coils want them. */
static uint32_t find_unlike(const core_t* self, uint32_t closed) {
  return (closed ^ self->out.coils) & self->config->diagnosis.watched_contacts & ALL_COILS;
}

static void enter_next_phase(core_t* self) {
  enter_phase(self, (phase_t)(self->contacts.phase + 1));
}

/* Too long in a phase. */
static void give_up(core_t* self, uint32_t unlike) {
  if (unlike & BMS_CONTACT_PRECHARGE & ~self->out.coils)
    find(self, BMS_FAILURE_PRECHARGE_WELDED);
  else if (self->contacts.phase == PHASE_LINK && has_risen(self))
    find(self, BMS_FAILURE_PRECHARGE_SLOW);
  else
    find(self, BMS_FAILURE_PRECHARGE_NEVER);
}

static void charge_link(core_t* self, uint64_t elapsed_us) {
  const contacts_t* contacts = &self->contacts;
  const uint64_t fast_us = (uint64_t)self->config->sequence.precharge_fast_ms * 1000u;
  if (contacts->scans == 0 || !bms_is_link_there(self)) return;
  if (elapsed_us >= fast_us)
    enter_next_phase(self);
  else if (is_charged_by_us(self))
    find(self, BMS_FAILURE_PRECHARGE_FAST);
}

/* Before the pre-charge contact closes the link must not rise. */
static void expect_no_link(core_t* self) {
  if (self->contacts.scans < 2) return;
  if (is_charged_by_us(self))
    find(self, BMS_FAILURE_PRECHARGE_WELDED);
  else
    enter_next_phase(self);
}

static void go_on_closing(core_t* self, uint32_t closed) {
  const bms_sequence_config_t* config = &self->config->sequence;
  contacts_t* contacts = &self->contacts;
  if (self->measured.fresh & BMS_FRESH_CELLS) ++contacts->scans;
  const uint64_t elapsed_us = self->now_us - contacts->phase_us;
  const uint32_t unlike = find_unlike(self, closed);
  const bool has_settled = elapsed_us >= (uint64_t)config->contact_ms * 1000u && unlike == 0;
  if (elapsed_us > (uint64_t)config->precharge_ms * 1000u)
    give_up(self, unlike);
  else if (contacts->phase == PHASE_LINK)
    charge_link(self, elapsed_us);
  else if (has_settled && contacts->phase < PHASE_SECOND)
    expect_no_link(self);
  else if (has_settled)
    enter_next_phase(self);
}

void bms_watch_contacts(core_t* self, const bms_inputs_t* in) {
  if (self->out.report.state == BMS_STATE_PRECHARGE) go_on_closing(self, in->contacts);
  if (self->out.report.state == BMS_STATE_FAILURE) withdraw_findings(self);
}

/* The gates of the last step, and a current measured since. */
static bool is_without_current(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t current_mA =
      (uint32_t)signals[SIGNAL_CHARGE_mA] + (uint32_t)signals[SIGNAL_DISCHARGE_mA];
  return (self->measured.fresh & BMS_FRESH_CURRENT) && current_mA <= self->config->idle_current_mA;
}

void bms_drive_contacts(core_t* self, bool is_wanted, bool is_urgent) {
  contacts_t* contacts = &self->contacts;
  const bool has_waited =
      bms_has_held(&contacts->opening, !is_wanted, self->now_us, self->config->sequence.opening_ms);
  if (is_wanted) {
    if (contacts->phase != PHASE_OPEN) return;
    contacts->was_there = bms_is_link_there(self);
    enter_phase(self, PHASE_LOOK);
  } else if (contacts->phase != PHASE_OPEN) {
    const bool are_gates_open = !self->out.charge_gate && !self->out.discharge_gate;
    if (is_urgent || (are_gates_open && (has_waited || is_without_current(self))))
      enter_phase(self, PHASE_OPEN);
  }
}
