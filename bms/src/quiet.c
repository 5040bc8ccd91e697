/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Steps in which nothing can move but the current and what is counted of it.
 *
 * Nineteen steps of twenty of a pack at work bring a new current and nothing else. The stages from
 * the sequence on, and the memory, would find what they found before: as long as none of what they
 * look at has changed, none of their times is over, and the current flows the same way. Such a step
 * does without them, and its outputs are the same to the bit (tests/bms/quiet_test.cpp).
 *
 * Only while charging and discharging, with both paths allowed and nothing open: everywhere else
 * delays run that are not listed here. */
#include "core.h"

/*@ requires is_sound(self);
    assigns \nothing;
    ensures \result ==> self->out.report.state == BMS_STATE_CHARGE ||
      self->out.report.state == BMS_STATE_DISCHARGE; */
static bool flows_on(const core_t* self) {
  const int32_t* signals = self->measured.signals;
  const uint32_t idle_mA = self->config->idle_current_mA;
  const extremes_t* extremes = &self->kept.extremes;
  const uint32_t charge_mA = (uint32_t)signals[SIGNAL_CHARGE_mA];
  const uint32_t discharge_mA = (uint32_t)signals[SIGNAL_DISCHARGE_mA];
  if (self->out.report.state == BMS_STATE_CHARGE)
    return charge_mA > idle_mA && charge_mA <= extremes->charge_mA;
  return self->out.report.state == BMS_STATE_DISCHARGE && discharge_mA > idle_mA &&
         discharge_mA <= extremes->discharge_mA;
}

/*@ requires is_sound(self) && are_inputs(self, in);
    assigns \nothing; */
static bool are_inputs_same(const core_t* self, const bms_inputs_t* in) {
  const quiet_t* seen = &self->quiet;
  return in->bus.inverter_frames == seen->inverter_frames && in->buttons == seen->buttons &&
         in->wake == seen->wake && in->dip == seen->dip;
}

/* What the fast stages, and the slow ones themselves, have made of it. */
/*@ requires is_sound(self);
    assigns \nothing;
    ensures \result ==> self->out.report.protections == 0; */
static bool are_findings_same(const core_t* self) {
  const quiet_t* seen = &self->quiet;
  const bms_report_t* report = &self->out.report;
  return report->failures == seen->failures && report->warnings == seen->warnings &&
         report->limitings == seen->limitings && report->protections == 0 &&
         report->remaining_mAh == seen->remaining_mAh && report->full_mAh == seen->full_mAh &&
         (uint8_t)report->state == seen->state;
}

bool bms_is_quiet(const core_t* self, const bms_inputs_t* in) {
  return self->out.report.is_charge_allowed && self->out.report.is_discharge_allowed &&
         self->now_us < self->quiet.until_us && self->measured.fresh == BMS_FRESH_CURRENT &&
         flows_on(self) && are_inputs_same(self, in) && are_findings_same(self);
}

void bms_note_seen(core_t* self, const bms_inputs_t* in) {
  const bms_report_t* report = &self->out.report;
  quiet_t* seen = &self->quiet;
  seen->inverter_frames = in->bus.inverter_frames;
  seen->buttons = in->buttons;
  seen->wake = in->wake;
  seen->dip = in->dip;
  seen->failures = report->failures;
  seen->warnings = report->warnings;
  seen->limitings = report->limitings;
  seen->remaining_mAh = report->remaining_mAh;
  seen->full_mAh = report->full_mAh;
  seen->state = (uint8_t)report->state;
}

/* Nothing is asked for, no button is held, there is no bank, and nothing is being written. */
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns \nothing; */
static bool may_be_quiet(const core_t* self, const bms_inputs_t* in) {
  const uint32_t touch = ~(uint32_t)BMS_BUTTON_SWITCH;
  return self->out.report.requests == 0 && !(in->buttons & touch) &&
         !self->sequence.off_switched.is_running && self->config->bank.kind == BMS_BANK_NONE &&
         !in->is_nvm_busy && self->out.nvm.length == 0;
}

/* The earlier of two moments, if the other is still to come. */
/*@ assigns \nothing; */
static uint64_t sooner_us(uint64_t until_us, uint64_t now_us, uint64_t other_us) {
  return other_us > now_us && other_us < until_us ? other_us : until_us;
}

void bms_plan_quiet(core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint64_t now_us = self->now_us;
  const uint64_t heard_us = self->sequence.heard_us;
  self->quiet.until_us = 0;
  if (!may_be_quiet(self, in)) return;
  uint64_t until_us = bms_next_ramp_us(self);
  until_us = sooner_us(until_us, now_us, heard_us + (uint64_t)config->inverter_lost_ms * 1000u);
  until_us = sooner_us(until_us, now_us, heard_us + (uint64_t)config->inverter_silence_ms * 1000u);
  until_us = sooner_us(until_us, now_us, bms_next_full_charge_us(self));
  self->quiet.until_us = sooner_us(until_us, now_us, bms_next_save_us(self));
}
