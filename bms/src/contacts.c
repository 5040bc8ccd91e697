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
 * What is found here stands until somebody wants another try (WAKE or RESET is pressed, or retry_ms
 * are over) or until a latched failure has taken it over. A contact that is still not where its
 * coil wants it is found all the time. */
#include "core.h"

#define ALL_COILS ((uint32_t)BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE)

static const uint8_t welded[CONTACT_COUNT] = {BMS_FAILURE_MAIN_1_WELDED, BMS_FAILURE_MAIN_2_WELDED,
                                              BMS_FAILURE_PRECHARGE_WELDED};
static const uint8_t stays_open[CONTACT_COUNT] = {BMS_FAILURE_MAIN_1_OPEN, BMS_FAILURE_MAIN_2_OPEN,
                                                  BMS_FAILURE_PRECHARGE_NEVER};

static void find(core_t* self, bms_failure_t failure) {
  contacts_t* contacts = &self->contacts;
  contacts->found |= BMS_FAILURE_BIT(failure);
  contacts->found_us = self->now_us;
  bms_find(self, failure, true);
}

static void compare_auxiliaries(core_t* self, uint32_t closed) {
  contacts_t* contacts = &self->contacts;
  const uint32_t unlike = (closed ^ self->out.coils) & ALL_COILS;
  for (uint8_t i = 0; i < CONTACT_COUNT; ++i) {
    const uint8_t bit = (uint8_t)(1u << i);
    const bool disobeys = bms_has_held(&contacts->unlike[i], (unlike & bit) != 0, self->now_us,
                                       self->config->sequence.contact_ms);
    if (!disobeys) {
      contacts->disobeying &= (uint8_t)~bit;
    } else if (!(contacts->disobeying & bit)) {
      contacts->disobeying |= bit;
      find(self, (bms_failure_t)(closed & bit ? welded[i] : stays_open[i]));
    }
  }
}

static uint64_t still_welded(const contacts_t* contacts) {
  uint64_t failures = 0;
  for (uint8_t i = 0; i < CONTACT_COUNT; ++i) {
    if (contacts->disobeying & (1u << i)) failures |= BMS_FAILURE_BIT(welded[i]);
  }
  return failures;
}

/* The latch holds on its own. */
static bool is_taken_over(const core_t* self, uint8_t failure) {
  const uint8_t both = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  const bms_failure_config_t* config = &self->config->failures[failure];
  return (self->out.report.failures & BMS_FAILURE_BIT(failure)) && config->is_latched &&
         (config->opens & both) == both;
}

static bool is_try_wanted(const core_t* self, uint32_t pressed) {
  const uint32_t retry_ms = self->config->sequence.retry_ms;
  return (pressed & ((uint32_t)BMS_BUTTON_WAKE | BMS_BUTTON_RESET)) ||
         (retry_ms > 0 && self->now_us - self->contacts.found_us >= (uint64_t)retry_ms * 1000u);
}

static void withdraw_findings(core_t* self, uint32_t pressed) {
  contacts_t* contacts = &self->contacts;
  const bool is_all = is_try_wanted(self, pressed);
  const uint64_t going = contacts->found & ~still_welded(contacts);
  for (uint8_t i = BMS_FAILURE_MAIN_1_WELDED; i <= BMS_FAILURE_PRECHARGE_NEVER; ++i) {
    if (!(going & BMS_FAILURE_BIT(i)) || !(is_all || is_taken_over(self, i))) continue;
    contacts->found &= ~BMS_FAILURE_BIT(i);
    bms_find(self, (bms_failure_t)i, false);
  }
}

bool bms_is_link_there(const core_t* self) {
  const bms_report_t* report = &self->out.report;
  return report->terminal_mV + self->config->sequence.precharge_delta_mV >= report->stack_mV;
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

static bool do_all_follow(const contacts_t* contacts) {
  for (uint8_t i = 0; i < CONTACT_COUNT; ++i) {
    if (contacts->unlike[i].is_running) return false;
  }
  return true;
}

/* While the link must not rise: is it as low as before, by readings of this phase? */
static void expect_no_link(core_t* self, bms_failure_t otherwise) {
  if (self->contacts.scans < 2) return;
  if (bms_is_link_there(self) && !self->contacts.was_there)
    find(self, otherwise);
  else
    enter_phase(self, (phase_t)(self->contacts.phase + 1));
}

static void expect_link(core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const contacts_t* contacts = &self->contacts;
  const uint64_t elapsed_us = self->now_us - contacts->phase_us;
  const bool is_early = elapsed_us < (uint64_t)config->precharge_fast_ms * 1000u;
  const bool is_there = contacts->scans > 0 && bms_is_link_there(self);
  if (is_there && is_early && !contacts->was_there)
    find(self, BMS_FAILURE_PRECHARGE_FAST);
  else if (is_there && !is_early)
    enter_phase(self, PHASE_SECOND);
  else if (elapsed_us >= (uint64_t)config->precharge_ms * 1000u)
    find(self, has_risen(self) ? BMS_FAILURE_PRECHARGE_SLOW : BMS_FAILURE_PRECHARGE_NEVER);
}

static void go_on_closing(core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  contacts_t* contacts = &self->contacts;
  if ((self->measured.fresh & BMS_FRESH_CELLS) && contacts->scans < 2) ++contacts->scans;
  const bool has_settled =
      self->now_us - contacts->phase_us >= (uint64_t)config->contact_ms * 1000u;
  if (contacts->phase == PHASE_LINK) {
    expect_link(self);
  } else if (has_settled && do_all_follow(contacts)) {
    if (contacts->phase == PHASE_LOOK)
      expect_no_link(self, config->is_precharge_across_main_1 ? BMS_FAILURE_MAIN_2_WELDED
                                                              : BMS_FAILURE_MAIN_1_WELDED);
    else if (contacts->phase == PHASE_FIRST)
      expect_no_link(self, BMS_FAILURE_PRECHARGE_WELDED);
    else if (contacts->phase != PHASE_CLOSED)
      enter_phase(self, (phase_t)(contacts->phase + 1));
  }
}

void bms_watch_contacts(core_t* self, const bms_inputs_t* in) {
  if (!self->config->sequence.has_contacts) return;
  contacts_t* contacts = &self->contacts;
  const uint32_t pressed = in->buttons & ~contacts->buttons_before;
  contacts->buttons_before = in->buttons;
  if (self->config->sequence.has_auxiliaries) compare_auxiliaries(self, in->contacts);
  if (self->out.report.state == BMS_STATE_PRECHARGE && !contacts->found) go_on_closing(self);
  if (self->out.report.state == BMS_STATE_FAILURE && contacts->found)
    withdraw_findings(self, pressed);
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
