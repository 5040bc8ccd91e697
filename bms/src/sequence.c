/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The life-cycle: one state, a set of conditions, and a table of what leads where and why.
 *
 * The first row that fits is taken, one per step, so the order of the rows is their priority.
 * Conditions are worked out only where a row asks for them. `find_conditions` says what each one
 * means; nothing else here decides. */
#include "core.h"

#define BOUNCE_ms 20u /* of a toggle; estimate */

/* Conditions. The first SOURCE_COUNT bits are the sources of wake.h: there in a sleeping state,
 * meant in ACTIVATION. */
enum {
  NOT_MEANT = 1 << SOURCE_COUNT,
  STACK_LOW = NOT_MEANT << 1,
  CUT_LOW = NOT_MEANT << 2, /* something opens the supply: an under-voltage, */
  CUT_RULE = NOT_MEANT << 3,
  CUT_FAILURE = NOT_MEANT << 4,
  PRESSED_OFF = NOT_MEANT << 5,
  SWITCHED_OFF = NOT_MEANT << 6,
  SILENT = NOT_MEANT << 7,
  EMPTY = NOT_MEANT << 8,
  IDLE = NOT_MEANT << 9,
  FAILED = NOT_MEANT << 10,
  SOUND = NOT_MEANT << 11,
  PASSED = NOT_MEANT << 12,
  CLOSABLE = NOT_MEANT << 13, /* the contacts are open and may close */
  BLOCKED = NOT_MEANT << 14,  /* they are closing and may not any more */
  RULED = NOT_MEANT << 15,    /* the mood of a working pack: one of six, or none on its way */
  BROKEN = NOT_MEANT << 16,
  LIMITED = NOT_MEANT << 17,
  CHARGES = NOT_MEANT << 18,
  DISCHARGES = NOT_MEANT << 19,
  RESTS = NOT_MEANT << 20,
  FED = NOT_MEANT << 21,
  STACK_BACK = NOT_MEANT << 22,
  SAID_GOOD_BYE = NOT_MEANT << 23,
};

#define IN(state) (1u << BMS_STATE_##state)

enum {
  ASLEEP = IN(OFF) | IN(STORAGE) | IN(DEEP_SLEEP),
  FREE = IN(STANDBY) | IN(CHARGE) | IN(DISCHARGE),
  WORKING = FREE | IN(LIMIT) | IN(PROTECTION),
  AWAKE = IN(SELF_TEST) | IN(PRECHARGE) | WORKING | IN(FAILURE),
  SUPPLIED = AWAKE | IN(STORAGE),
  STARTING = IN(SELF_TEST) | IN(PRECHARGE),
};

#define WHERE_IT_SLEPT BMS_STATE_COUNT /* as a target */
#define AS_BEFORE BMS_REASON_COUNT     /* as a reason */

static const struct {
  uint16_t from; /* set of IN() */
  uint8_t to;
  uint8_t reason;
  uint32_t when; /* all of these */
} table[] = {
    /* off, whatever it does */
    {SUPPLIED, BMS_STATE_SUPPLY_LOSS, BMS_REASON_SUPPLY_LOW, STACK_LOW},
    {SUPPLIED, BMS_STATE_SHUTDOWN, BMS_REASON_FAILURE, CUT_FAILURE},
    {SUPPLIED, BMS_STATE_SHUTDOWN, BMS_REASON_UNDER_VOLTAGE, CUT_LOW},
    {SUPPLIED, BMS_STATE_SHUTDOWN, BMS_REASON_RULE, CUT_RULE},
    {SUPPLIED, BMS_STATE_SHUTDOWN, BMS_REASON_SWITCH, SWITCHED_OFF},
    {AWAKE, BMS_STATE_SHUTDOWN, BMS_REASON_BUTTON, PRESSED_OFF},
    {SUPPLIED, BMS_STATE_SHUTDOWN, BMS_REASON_INVERTER_SILENT, SILENT},
    {WORKING | IN(STORAGE), BMS_STATE_DEEP_SLEEP, BMS_REASON_EMPTY, EMPTY},
    {IN(SHUTDOWN), BMS_STATE_OFF, AS_BEFORE, SAID_GOOD_BYE},
    {IN(SUPPLY_LOSS), BMS_STATE_SELF_TEST, BMS_REASON_RELEASE, STACK_BACK},
    {IN(SUPPLY_LOSS), BMS_STATE_SELF_TEST, BMS_REASON_CHARGER, FED},
    /* broken */
    {SUPPLIED & ~IN(FAILURE), BMS_STATE_FAILURE, BMS_REASON_FAILURE, FAILED},
    {IN(FAILURE), BMS_STATE_SELF_TEST, BMS_REASON_RELEASE, SOUND},
    /* on */
    {ASLEEP, BMS_STATE_ACTIVATION, BMS_REASON_BUTTON, SOURCE_BIT(SOURCE_BUTTON)},
    {ASLEEP, BMS_STATE_ACTIVATION, BMS_REASON_SWITCH, SOURCE_BIT(SOURCE_SWITCH)},
    {ASLEEP, BMS_STATE_ACTIVATION, BMS_REASON_WAKE_PINS, SOURCE_BIT(SOURCE_PINS)},
    {ASLEEP, BMS_STATE_ACTIVATION, BMS_REASON_TERMINALS, SOURCE_BIT(SOURCE_TERMINALS)},
    {ASLEEP, BMS_STATE_ACTIVATION, BMS_REASON_CHARGER, SOURCE_BIT(SOURCE_CHARGER)},
    {IN(ACTIVATION), BMS_STATE_SELF_TEST, BMS_REASON_BUTTON, SOURCE_BIT(SOURCE_BUTTON)},
    {IN(ACTIVATION), BMS_STATE_SELF_TEST, BMS_REASON_SWITCH, SOURCE_BIT(SOURCE_SWITCH)},
    {IN(ACTIVATION), BMS_STATE_SELF_TEST, BMS_REASON_WAKE_PINS, SOURCE_BIT(SOURCE_PINS)},
    {IN(ACTIVATION), BMS_STATE_SELF_TEST, BMS_REASON_TERMINALS, SOURCE_BIT(SOURCE_TERMINALS)},
    {IN(ACTIVATION), BMS_STATE_SELF_TEST, BMS_REASON_CHARGER, SOURCE_BIT(SOURCE_CHARGER)},
    {IN(ACTIVATION), WHERE_IT_SLEPT, BMS_REASON_NOT_MEANT, NOT_MEANT},
    /* ready */
    {IN(SELF_TEST), BMS_STATE_PRECHARGE, BMS_REASON_PASSED, PASSED | CLOSABLE},
    {FREE | IN(LIMIT) | IN(PROTECTION), BMS_STATE_PRECHARGE, BMS_REASON_RELEASE, CLOSABLE},
    {IN(PRECHARGE), BMS_STATE_PROTECTION, BMS_REASON_RULE, BLOCKED},
    {STARTING, BMS_STATE_PROTECTION, BMS_REASON_RULE, PASSED | RULED},
    {STARTING, BMS_STATE_PROTECTION, BMS_REASON_FAILURE, PASSED | BROKEN},
    {STARTING, BMS_STATE_LIMIT, BMS_REASON_LIMITING, PASSED | LIMITED},
    {STARTING, BMS_STATE_CHARGE, BMS_REASON_PASSED, PASSED | CHARGES},
    {STARTING, BMS_STATE_DISCHARGE, BMS_REASON_PASSED, PASSED | DISCHARGES},
    {STARTING, BMS_STATE_STANDBY, BMS_REASON_PASSED, PASSED | RESTS},
    /* working */
    {FREE | IN(LIMIT), BMS_STATE_PROTECTION, BMS_REASON_RULE, RULED},
    {FREE | IN(LIMIT), BMS_STATE_PROTECTION, BMS_REASON_FAILURE, BROKEN},
    {FREE, BMS_STATE_LIMIT, BMS_REASON_LIMITING, LIMITED},
    {IN(PROTECTION), BMS_STATE_LIMIT, BMS_REASON_RELEASE, LIMITED},
    {IN(PROTECTION) | IN(LIMIT), BMS_STATE_CHARGE, BMS_REASON_RELEASE, CHARGES},
    {IN(PROTECTION) | IN(LIMIT), BMS_STATE_DISCHARGE, BMS_REASON_RELEASE, DISCHARGES},
    {IN(PROTECTION) | IN(LIMIT), BMS_STATE_STANDBY, BMS_REASON_RELEASE, RESTS},
    {IN(STANDBY) | IN(DISCHARGE), BMS_STATE_CHARGE, BMS_REASON_CURRENT, CHARGES},
    {IN(STANDBY) | IN(CHARGE), BMS_STATE_DISCHARGE, BMS_REASON_CURRENT, DISCHARGES},
    {IN(CHARGE) | IN(DISCHARGE), BMS_STATE_STANDBY, BMS_REASON_CURRENT, RESTS},
    {IN(STANDBY) | IN(LIMIT), BMS_STATE_STORAGE, BMS_REASON_IDLE, IDLE},
};

/*@ requires is_placed(self);
    assigns \nothing;
    ensures states == WORKING ==> (\result <==> is_working_state(self->out.report.state));
    ensures states == (1 << BMS_STATE_PRECHARGE) ==>
      (\result <==> self->out.report.state == BMS_STATE_PRECHARGE);
    ensures states == ASLEEP ==> (\result <==> is_asleep_state(self->out.report.state)); */
static bool is_in(const core_t* self, uint32_t states) {
  return (states >> self->out.report.state & 1u) != 0;
}

bool bms_is_working(const core_t* self) {
  return is_in(self, WORKING);
}

/* ---- what is open, and what feeds ------------------------------------------------------------- */

/*@ requires is_ready(self);
    assigns self->sequence.opened_by_rules, self->sequence.opened_by_failures,
            self->sequence.has_failure;
    ensures is_ready(self) && obeys_rules(self); */
static void collect_opens(core_t* self) {
  const uint8_t both = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  sequence_t* sequence = &self->sequence;
  sequence->opened_by_rules = self->rules.opens;
  sequence->opened_by_failures = self->diagnosis.opens;
  sequence->has_failure = self->rules.has_failure || (self->diagnosis.opens & both) == both ||
                          self->contacts.found != 0;
}

/*@ requires is_placed(self);
    assigns \nothing; */
static uint8_t find_opens(const core_t* self) {
  return self->sequence.opened_by_rules | self->sequence.opened_by_failures | self->bank.opens;
}

/* The terminals show the outside only while the path is open. */
/*@ requires is_placed(self) && are_inputs(self, in);
    assigns \nothing; */
static bool is_fed(const core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint32_t terminal_mV = self->out.report.terminal_mV;
  const bool is_open = !self->out.charge_gate && !self->out.discharge_gate;
  return (in->wake & BMS_WAKE_CHARGER) ||
         (uint32_t)self->measured.signals[SIGNAL_CHARGE_mA] > self->config->idle_current_mA ||
         (is_open && config->activation_high_mV > 0 && terminal_mV >= config->activation_low_mV);
}

/* By the divider and by the cells: one of them alone may have lost its wire. */
/*@ requires is_ready(self);
    assigns self->sequence.is_stack_low;
    ensures is_ready(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
static void watch_stack(core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  if (!(self->measured.fresh & BMS_FRESH_CELLS)) return;
  const bms_report_t* report = &self->out.report;
  const uint32_t stack_mV = report->stack_mV > report->pack_mV ? report->stack_mV : report->pack_mV;
  if (stack_mV < config->supply_low_mV) self->sequence.is_stack_low = true;
  if (stack_mV >= config->supply_back_mV) self->sequence.is_stack_low = false;
}

/* ---- conditions ------------------------------------------------------------------------------- */

/*@ requires \valid_read(self);
    assigns \nothing; */
static bool has_lasted(const core_t* self, uint64_t since_us, uint32_t time_ms) {
  return time_ms > 0 && self->now_us - since_us >= (uint64_t)time_ms * 1000u;
}

/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->sequence.is_release_awaited, self->sequence.off_pressed,
            self->sequence.off_switched;
    ensures is_ready(self); */
static uint32_t find_switching(core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  sequence_t* sequence = &self->sequence;
  const bool is_pressed = (in->buttons & BMS_BUTTON_POWER) != 0;
  if (!is_pressed) sequence->is_release_awaited = false;
  const bool counts = config->has_power_button && config->press_off_ms > 0 && is_pressed &&
                      !sequence->is_release_awaited;
  const bool is_off = config->has_switch && !(in->buttons & BMS_BUTTON_SWITCH);
  uint32_t conditions = 0;
  if (bms_has_held(&sequence->off_pressed, counts, self->now_us, config->press_off_ms) &&
      !sequence->is_fed)
    conditions |= PRESSED_OFF;
  if (bms_has_held(&sequence->off_switched, is_off, self->now_us, BOUNCE_ms))
    conditions |= SWITCHED_OFF;
  return conditions;
}

/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->sequence.inverter_frames, self->sequence.heard_us,
            self->sequence.is_inverter_lost, self->diagnosis, self->kept.failure_latches,
            self->out.report.failures;
    ensures is_ready(self); */
static uint32_t find_silence(core_t* self, const bms_inputs_t* in) {
  const bms_sequence_config_t* config = &self->config->sequence;
  sequence_t* sequence = &self->sequence;
  const bool is_heard = in->bus.inverter_frames != sequence->inverter_frames;
  sequence->inverter_frames = in->bus.inverter_frames;
  if (is_heard) sequence->heard_us = self->now_us;
  //@ assert is_ready(self);
  const bool is_lost = has_lasted(self, sequence->heard_us, config->inverter_lost_ms);
  if (is_lost != sequence->is_inverter_lost) {
    sequence->is_inverter_lost = is_lost;
    //@ assert is_ready(self);
    bms_find(self, BMS_FAILURE_INVERTER_LOST, is_lost);
  }
  return has_lasted(self, sequence->heard_us, config->inverter_silence_ms) ? SILENT : 0;
}

/*@ requires is_placed(self);
    assigns \nothing; */
static bool is_still(const core_t* self) {
  const uint32_t idle_mA = self->config->idle_current_mA;
  return (uint32_t)self->measured.signals[SIGNAL_CHARGE_mA] <= idle_mA &&
         (uint32_t)self->measured.signals[SIGNAL_DISCHARGE_mA] <= idle_mA && !self->sequence.is_fed;
}

/*@ requires is_ready(self);
    assigns self->sequence.idle, self->sequence.empty;
    ensures is_ready(self); */
static uint32_t find_idleness(core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const uint32_t low = BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV);
  const bms_report_t* report = &self->out.report;
  sequence_t* sequence = &self->sequence;
  const bool is_still_now = is_still(self);
  const bool is_idle = is_still_now && sequence->heard_us != self->now_us;
  const bool is_empty =
      is_still_now && (report->soc_permille == 0 || (report->protections & low) != 0);
  const bool is_long_idle =
      bms_has_held(&sequence->idle, is_idle, self->now_us, config->storage_after_ms);
  const bool is_long_empty =
      bms_has_held(&sequence->empty, is_empty, self->now_us, config->sleep_after_ms);
  uint32_t conditions = 0;
  if (is_long_idle && config->storage_after_ms > 0) conditions |= IDLE;
  if (is_long_empty && config->sleep_after_ms > 0) conditions |= EMPTY;
  return conditions;
}

/* A failure is not argued with. A rule waits for a charge current, which may need the open path of
 * a pack that has just been activated. */
/*@ requires is_ready(self);
    assigns self->sequence.cut;
    ensures is_ready(self); */
static uint32_t find_cut(core_t* self) {
  const uint32_t low = BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV);
  sequence_t* sequence = &self->sequence;
  const bool is_cut = (sequence->opened_by_rules & BMS_OPENS_SUPPLY) != 0;
  const bool is_cut_long = bms_has_held(&sequence->cut, is_cut && !sequence->is_fed, self->now_us,
                                        self->config->sequence.grace_ms);
  if ((sequence->opened_by_failures & BMS_OPENS_SUPPLY) || (is_cut && sequence->has_failure))
    return CUT_FAILURE;
  if (!is_cut_long) return 0;
  return (self->out.report.protections & low) ? CUT_LOW : CUT_RULE;
}

/* Closing needs somewhere for the link's charge to come from: the DSG gate, or the outside. */
/*@ requires is_placed(self);
    assigns \nothing; */
static bool may_contacts_close(const core_t* self) {
  const uint8_t both = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE;
  const uint8_t opens = find_opens(self);
  return !(opens & BMS_OPENS_CONTACTS) && (opens & both) != both &&
         (!(opens & BMS_OPENS_DISCHARGE) || bms_is_link_there(self));
}

/* All the way: what is still on its way would let the link come up, and look welded. */
/*@ requires is_placed(self);
    assigns \nothing; */
static bool have_contacts_opened(const core_t* self) {
  const contacts_t* contacts = &self->contacts;
  const uint64_t opening_us = (uint64_t)self->config->sequence.contact_ms * 1000u;
  const bool were_never_driven = contacts->phase_us == 0;
  return contacts->phase == PHASE_OPEN &&
         (were_never_driven || self->now_us - contacts->phase_us >= opening_us);
}

/*@ requires is_placed(self);
    assigns \nothing; */
static uint32_t find_contacts(const core_t* self) {
  if (!self->config->sequence.has_contacts) return 0;
  if (!may_contacts_close(self)) return BLOCKED;
  return have_contacts_opened(self) ? CLOSABLE : 0;
}

/*@ requires is_placed(self);
    assigns \nothing; */
static bool is_path_closed(const core_t* self) {
  return !self->config->sequence.has_contacts || self->contacts.phase == PHASE_CLOSED;
}

/* Closed contacts behind an open DSG gate: the link may have run empty, and the gate must not close
 * onto it without the resistor. */
/*@ requires is_placed(self);
    assigns \nothing; */
static bool is_link_lost(const core_t* self) {
  return self->contacts.phase == PHASE_CLOSED && !self->out.discharge_gate &&
         !bms_is_link_there(self);
}

/* The self-test ends when every group has been read once and no protection is waiting for its trip
 * delay: nothing closes onto a condition that is there at power-up. */
/*@ requires is_placed(self);
    assigns \nothing; */
static bool has_passed(const core_t* self) {
  const level_t* protection = &self->rules.protection;
  if (is_in(self, IN(PRECHARGE))) return is_path_closed(self);
  return self->measured.seen == ALL_FRESH && !(protection->pending & ~protection->active);
}

/*@ requires is_placed(self);
    assigns \nothing; */
static uint32_t find_mood(const core_t* self) {
  const uint8_t path = BMS_OPENS_CHARGE | BMS_OPENS_DISCHARGE | BMS_OPENS_CONTACTS;
  const int32_t* signals = self->measured.signals;
  const uint32_t idle_mA = self->config->idle_current_mA;
  if (self->sequence.opened_by_rules & path) return RULED;
  if (self->sequence.opened_by_failures & path) return BROKEN;
  if (!is_path_closed(self)) return 0;
  if (self->out.report.limitings) return LIMITED;
  if ((uint32_t)signals[SIGNAL_CHARGE_mA] > idle_mA) return CHARGES;
  if ((uint32_t)signals[SIGNAL_DISCHARGE_mA] > idle_mA) return DISCHARGES;
  return RESTS;
}

/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->sequence.is_release_awaited, self->sequence.off_pressed,
            self->sequence.off_switched, self->sequence.inverter_frames,
            self->sequence.heard_us, self->sequence.is_inverter_lost, self->sequence.idle,
            self->sequence.empty, self->sequence.cut, self->diagnosis,
            self->kept.failure_latches, self->out.report.failures;
    ensures is_ready(self); */
static uint32_t find_supplied(core_t* self, const bms_inputs_t* in) {
  uint32_t conditions = find_switching(self, in) | find_silence(self, in) | find_idleness(self) |
                        find_cut(self) | find_contacts(self) | find_mood(self);
  conditions |= self->sequence.has_failure ? FAILED : SOUND;
  if (has_passed(self)) conditions |= PASSED;
  if (self->sequence.is_stack_low && !self->sequence.is_fed) conditions |= STACK_LOW;
  return conditions;
}

/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->wake, self->sequence.is_release_awaited, self->sequence.off_pressed,
            self->sequence.off_switched, self->sequence.inverter_frames,
            self->sequence.heard_us, self->sequence.is_inverter_lost, self->sequence.idle,
            self->sequence.empty, self->sequence.cut, self->diagnosis,
            self->kept.failure_latches, self->out.report.failures;
    ensures is_ready(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
static uint32_t find_conditions(core_t* self, const bms_inputs_t* in) {
  const sequence_t* sequence = &self->sequence;
  uint32_t conditions = 0;
  if (is_in(self, ASLEEP | IN(ACTIVATION))) {
    bms_watch_wake(self, in);
    conditions = is_in(self, IN(ACTIVATION)) ? self->wake.meant : self->wake.present;
    if (self->wake.is_nothing) conditions |= NOT_MEANT;
  }
  if (is_in(self, SUPPLIED)) conditions |= find_supplied(self, in);
  if (is_in(self, IN(SUPPLY_LOSS)) && !sequence->is_stack_low) conditions |= STACK_BACK;
  if (is_in(self, IN(SUPPLY_LOSS)) && sequence->is_fed) conditions |= FED;
  if (is_in(self, IN(SHUTDOWN)) &&
      self->now_us - sequence->since_us >= (uint64_t)self->config->sequence.shutdown_ms * 1000u)
    conditions |= SAID_GOOD_BYE;
  return conditions;
}

/* ---- transitions ------------------------------------------------------------------------------ */

/*@ requires is_ready(self) && state <= WHERE_IT_SLEPT && reason <= AS_BEFORE;
    assigns self->sequence.heard_us, self->sequence.is_release_awaited, self->sequence.since_us,
            self->sequence.asleep_in, self->wake.armed, self->out.report.state,
            self->out.report.reason;
    ensures is_placed(self);
    ensures are_rules(self);
    ensures are_limits_told(self); */
static void enter(core_t* self, uint8_t state, uint8_t reason) {
  sequence_t* sequence = &self->sequence;
  bms_report_t* report = &self->out.report;
  if (is_in(self, IN(ACTIVATION))) {
    sequence->heard_us = self->now_us;
    sequence->is_release_awaited = true;
  }
  if (state == WHERE_IT_SLEPT) state = sequence->asleep_in;
  report->state = (bms_state_t)state;
  if (reason != AS_BEFORE) report->reason = (bms_reason_t)reason;
  sequence->since_us = self->now_us;
  if (is_in(self, ASLEEP)) {
    sequence->asleep_in = state;
    bms_disarm_wake(self);
  }
}

/*@ requires is_ready(self) && are_inputs(self, in);
    assigns self->sequence.conditions, self->sequence.heard_us,
            self->sequence.is_release_awaited, self->sequence.since_us,
            self->sequence.asleep_in, self->wake.armed, self->out.report.state,
            self->out.report.reason;
    ensures is_ready(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
static void move(core_t* self, const bms_inputs_t* in, uint32_t conditions) {
  /*@ loop invariant 0 <= i <= sizeof(table) / sizeof(table[0]);
      loop assigns i;
      loop variant sizeof(table) / sizeof(table[0]) - i; */
  for (uint8_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
    if (!is_in(self, table[i].from) || (conditions & table[i].when) != table[i].when) continue;
    const bool is_reset = table[i].reason == BMS_REASON_RELEASE && in->buttons & BMS_BUTTON_RESET;
    enter(self, table[i].to, is_reset ? (uint8_t)BMS_REASON_RESET : table[i].reason);
    self->sequence.conditions = 0;
    return;
  }
  self->sequence.conditions = conditions;
}

/* ---- what the state drives -------------------------------------------------------------------- */

/* Nothing is let go of before it is on memory, unless the memory takes too long. */
#define SAVING_us 200000u

/*@ requires is_placed(self);
    assigns \nothing; */
static bool is_supply_held(const core_t* self) {
  const uint64_t passed_us = self->now_us - self->sequence.since_us;
  if (is_in(self, IN(OFF) | IN(DEEP_SLEEP))) return !self->memory.is_saved && passed_us < SAVING_us;
  return !is_in(self, IN(SUPPLY_LOSS)) ||
         passed_us < (uint64_t)self->config->sequence.supply_loss_ms * 1000u;
}

/*@ requires is_ready(self);
    assigns self->sequence.may_charge, self->sequence.may_discharge, self->contacts,
            self->out.coils, self->out.hold_supply;
    ensures is_ready(self) && is_sequence(self);
    ensures \old(obeys_rules(self)) ==> obeys_rules(self); */
static void drive(core_t* self) {
  sequence_t* sequence = &self->sequence;
  const bool may_close = !(find_opens(self) & BMS_OPENS_CONTACTS);
  const bool is_working = is_in(self, WORKING) && may_close && !is_link_lost(self);
  if (self->config->sequence.has_contacts)
    bms_drive_contacts(self, is_in(self, IN(PRECHARGE)) || (is_working && is_path_closed(self)),
                       is_in(self, IN(SUPPLY_LOSS)));
  sequence->may_charge = is_working && is_path_closed(self);
  sequence->may_discharge = sequence->may_charge || is_in(self, IN(PRECHARGE));
  self->out.hold_supply = is_supply_held(self);
}

void bms_prepare_sequence(core_t* self) {
  const bms_sequence_config_t* config = &self->config->sequence;
  const bool is_asked = config->has_power_button || config->has_switch;
  self->out.report.state = is_asked ? BMS_STATE_ACTIVATION : BMS_STATE_SELF_TEST;
  self->out.report.reason = BMS_REASON_POWER_ON;
  self->sequence.asleep_in = BMS_STATE_OFF;
  bms_arm_wake(self);
}

void bms_run_sequence(core_t* self, const bms_inputs_t* in) {
  bms_watch_contacts(self, in);
  collect_opens(self);
  watch_stack(self);
  self->sequence.is_fed = is_fed(self, in);
  const uint32_t conditions = find_conditions(self, in);
  if (conditions != self->sequence.conditions) move(self, in, conditions);
  drive(self);
}

bms_error_t bms_check_sequence(const bms_sequence_config_t* config) {
  const bool has_window = config->activation_high_mV > 0;
  if (config->has_power_button && config->has_switch) return BMS_ERROR_SEQUENCE;
  if (config->activation_low_mV > config->activation_high_mV) return BMS_ERROR_SEQUENCE;
  if (has_window && config->not_meant_ms == 0) return BMS_ERROR_SEQUENCE;
  if (config->supply_low_mV > 0 && config->supply_back_mV <= config->supply_low_mV)
    return BMS_ERROR_SEQUENCE;
  if (!config->has_contacts) return BMS_OK;
  if (config->contact_ms == 0 || config->precharge_ms <= config->contact_ms ||
      config->precharge_ms <= config->precharge_fast_ms)
    return BMS_ERROR_SEQUENCE;
  return BMS_OK;
}
