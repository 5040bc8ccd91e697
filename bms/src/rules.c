/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The protection table, and the engine that turns signals into warnings and protections.
 *
 * To add a rule: one enumerator in bms/types.h and one row here.
 *
 * A reading at the trip value trips, a reading at the release value releases. A condition must hold
 * in every reading of the delay; between two readings the last one stands. After `max_retries`
 * automatic releases the next trip latches: only RESET (its press, not its being held) clears it,
 * and only once the cause is gone. A rule that stayed quiet for FORGIVE_us starts counting anew. */
#include "core.h"

#define FORGIVE_us UINT64_C(60000000)

/* When a signal can have changed: with its group of readings. Comparator flags come every step. */
enum {
  CURRENT = BMS_FRESH_CURRENT,
  CELLS = BMS_FRESH_CELLS,
  NTCS = BMS_FRESH_NTCS,
  INSULATION = BMS_FRESH_INSULATION,
  EVERY_STEP = 1 << 30,
};

enum { CHARGE = 1, DISCHARGE = 2, BOTH = CHARGE | DISCHARGE };

typedef enum { BELOW, ABOVE } side_t;

typedef struct {
  const char* name;
  signal_t signal;
  uint32_t renewed;
  side_t side;       /* where it trips */
  uint32_t opens;    /* which gates */
  bool lets_reverse; /* these gates may close for current the other way: see gates.c */
} rule_t;

static const rule_t table[BMS_RULE_COUNT] = {
    [BMS_RULE_CELL_OV] = {"cell-ov", SIGNAL_HIGHEST_CELL_mV, CELLS, ABOVE, CHARGE, true},
    [BMS_RULE_CELL_UV] = {"cell-uv", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, DISCHARGE, true},
    [BMS_RULE_PACK_OV] = {"pack-ov", SIGNAL_PACK_mV, CELLS, ABOVE, CHARGE, true},
    [BMS_RULE_PACK_UV] = {"pack-uv", SIGNAL_PACK_mV, CELLS, BELOW, DISCHARGE, true},
    [BMS_RULE_OCC] = {"occ", SIGNAL_CHARGE_mA, CURRENT, ABOVE, CHARGE, false},
    [BMS_RULE_OCD] = {"ocd", SIGNAL_DISCHARGE_mA, CURRENT, ABOVE, DISCHARGE, false},
    [BMS_RULE_OCD2] = {"ocd2", SIGNAL_DISCHARGE_mA, CURRENT, ABOVE, DISCHARGE, false},
    [BMS_RULE_SCD] = {"scd", SIGNAL_SHORT, EVERY_STEP, ABOVE, BOTH, false},
    [BMS_RULE_OTC] = {"otc", SIGNAL_HOTTEST_ddegC, NTCS, ABOVE, CHARGE, true},
    [BMS_RULE_OTD] = {"otd", SIGNAL_HOTTEST_ddegC, NTCS, ABOVE, DISCHARGE, true},
    [BMS_RULE_UTC] = {"utc", SIGNAL_COLDEST_ddegC, NTCS, BELOW, CHARGE, true},
    [BMS_RULE_UTD] = {"utd", SIGNAL_COLDEST_ddegC, NTCS, BELOW, DISCHARGE, true},
    [BMS_RULE_CELL_FAILURE_HIGH] = {"cell-failure-high", SIGNAL_HIGHEST_CELL_mV, CELLS, ABOVE, BOTH,
                                    false},
    [BMS_RULE_CELL_FAILURE_LOW] = {"cell-failure-low", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, BOTH,
                                   false},
    [BMS_RULE_CELL_ZERO] = {"cell-zero", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, BOTH, false},
    [BMS_RULE_SPREAD] = {"spread", SIGNAL_SPREAD_mV, CELLS, ABOVE, BOTH, false},
    [BMS_RULE_SPREAD_FAILURE] = {"spread-failure", SIGNAL_SPREAD_mV, CELLS, ABOVE, BOTH, false},
    [BMS_RULE_T_SPREAD] = {"t-spread", SIGNAL_SPREAD_ddegC, NTCS, ABOVE, BOTH, false},
    [BMS_RULE_MOSFET_OT] = {"mosfet-ot", SIGNAL_MOSFET_ddegC, NTCS, ABOVE, BOTH, false},
    [BMS_RULE_INSULATION] = {"insulation", SIGNAL_INSULATION_kOhm, INSULATION, BELOW, BOTH, false},
    [BMS_RULE_SOC_LOW] = {"soc-low", SIGNAL_SOC_permille, CURRENT, BELOW, DISCHARGE, true},
};

const char* bms_rule_name(bms_rule_t rule) {
  return (size_t)rule < BMS_RULE_COUNT ? table[rule].name : "unknown";
}

int32_t bms_rule_signal(const core_t* self, bms_rule_t rule) {
  return self->measured.signals[table[rule].signal];
}

static bool is_beyond(side_t side, int32_t value, int32_t limit) {
  return side == ABOVE ? value > limit : value < limit;
}

static bool has_hysteresis(side_t side, const bms_threshold_t* threshold) {
  return !threshold->is_enabled || is_beyond(side, threshold->trip, threshold->release);
}

/* A comparator's trip value belongs to the AFE: the core sees only its flag. */
bms_error_t bms_check_rule(bms_rule_t rule, const bms_rule_config_t* config) {
  const side_t side = table[rule].side;
  const bms_threshold_t* warning = &config->warning;
  const bms_threshold_t* protection = &config->protection;
  if (table[rule].signal == SIGNAL_SHORT) return BMS_OK;
  if (!has_hysteresis(side, warning) || !has_hysteresis(side, protection)) return BMS_ERROR_RULE;
  const bool has_both = warning->is_enabled && protection->is_enabled;
  if (has_both && is_beyond(side, warning->trip, protection->trip)) return BMS_ERROR_RULE;
  return BMS_OK;
}

void bms_prepare_rules(core_t* self) {
  rules_t* rules = &self->rules;
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const uint32_t bit = BMS_RULE_BIT(i);
    if (table[i].opens & CHARGE) rules->opens_charge |= bit;
    if (table[i].opens & DISCHARGE) rules->opens_discharge |= bit;
    if (table[i].lets_reverse) rules->lets_reverse |= bit;
    if (self->config->rules[i].warning.is_enabled) rules->warning.enabled |= bit;
    if (self->config->rules[i].protection.is_enabled) rules->protection.enabled |= bit;
  }
}

/* True when the delay towards the other side is over; the caller decides whether it may change. */
static inline bool is_change_due(level_t* level, bms_rule_t rule, const bms_threshold_t* threshold,
                                 int32_t value, uint64_t now_us) {
  const uint32_t bit = BMS_RULE_BIT(rule);
  const bool is_active = (level->active & bit) != 0;
  const int32_t limit = is_active ? threshold->release : threshold->trip;
  const bool is_rising = (table[rule].side == ABOVE) != is_active;
  if (is_rising ? value < limit : value > limit) {
    level->pending &= ~bit;
    return false;
  }
  if (!(level->pending & bit)) {
    level->pending |= bit;
    level->since_us[rule] = now_us;
  }
  const uint32_t delay_ms = is_active ? threshold->release_delay_ms : threshold->trip_delay_ms;
  return now_us - level->since_us[rule] >= (uint64_t)delay_ms * 1000u;
}

static void change_side(level_t* level, uint32_t bit) {
  level->active ^= bit;
  level->pending &= ~bit;
}

static void judge_warning(core_t* self, bms_rule_t rule, int32_t value) {
  level_t* level = &self->rules.warning;
  if (is_change_due(level, rule, &self->config->rules[rule].warning, value, self->now_us))
    change_side(level, BMS_RULE_BIT(rule));
}

/* A trip that does not latch uses up one retry: it will release by itself. */
static void note_trip(core_t* self, bms_rule_t rule) {
  rules_t* rules = &self->rules;
  const uint8_t max_retries = self->config->rules[rule].max_retries;
  if (max_retries == BMS_RETRY_FOREVER) return;
  if (self->now_us - rules->released_us[rule] >= FORGIVE_us) rules->retries[rule] = 0;
  if (rules->retries[rule] < max_retries)
    ++rules->retries[rule];
  else
    rules->latched |= BMS_RULE_BIT(rule);
}

static void judge_protection(core_t* self, bms_rule_t rule, int32_t value) {
  level_t* level = &self->rules.protection;
  const uint32_t bit = BMS_RULE_BIT(rule);
  const bms_threshold_t* threshold = &self->config->rules[rule].protection;
  if (!is_change_due(level, rule, threshold, value, self->now_us)) return;
  if (self->rules.latched & bit) return;
  change_side(level, bit);
  if (level->active & bit)
    note_trip(self, rule);
  else
    self->rules.released_us[rule] = self->now_us;
}

static void watch_reset_button(rules_t* rules, uint32_t buttons) {
  const uint32_t pressed = buttons & ~rules->buttons_before;
  rules->buttons_before = buttons;
  if (!(pressed & BMS_BUTTON_RESET)) return;
  rules->latched = 0;
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) rules->retries[i] = 0;
}

/* The flag of a tripped rule is cleared as soon as the rule is not latched, so that its release
 * delay can run; the gates stay open until then. A flag nobody watches is cleared at once. */
static uint32_t comparators_to_clear(const rules_t* rules, uint32_t flags) {
  const uint32_t scd = BMS_RULE_BIT(BMS_RULE_SCD);
  const bool is_watched = (rules->protection.enabled & scd) != 0;
  const bool is_kept = (rules->latched & scd) || !(rules->protection.active & scd);
  return is_watched && is_kept ? 0 : flags & BMS_COMPARATOR_SCD;
}

void bms_judge_rules(core_t* self, const bms_inputs_t* in) {
  rules_t* rules = &self->rules;
  watch_reset_button(rules, in->buttons);
  const uint32_t renewed = self->measured.fresh | EVERY_STEP;
  const uint32_t pending = rules->warning.pending | rules->protection.pending;
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const uint32_t bit = BMS_RULE_BIT(i);
    if (!(table[i].renewed & renewed) && !(pending & bit)) continue;
    const int32_t value = self->measured.signals[table[i].signal];
    if (rules->warning.enabled & bit) judge_warning(self, (bms_rule_t)i, value);
    if (rules->protection.enabled & bit) judge_protection(self, (bms_rule_t)i, value);
  }
  self->out.clear_comparators = comparators_to_clear(rules, in->comparator_flags);
  self->out.report.warnings = rules->warning.active;
  self->out.report.protections = rules->protection.active;
}
