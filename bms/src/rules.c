/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The protection table, and the engine that turns signals into warnings, limitings and protections.
 *
 * To add a rule: one enumerator in bms/types.h and one row here.
 *
 * A reading at the trip value trips, a reading at the release value releases. A condition must hold
 * in every reading of the delay; between two readings the last one stands. After `max_retries`
 * automatic releases the next trip latches: only what the rule's latch says clears it, and it
 * releases only once the cause is gone. A rule that stayed quiet for FORGIVE_us starts counting
 * anew.
 *
 * Cost: a rule is looked at only when its readings are fresh or one of its delays runs. Currents
 * are fresh in every step, so their rules share one bound below which none of them can trip. */
#include "core.h"

#define FORGIVE_us UINT64_C(60000000)
#define PERMILLE 1000u

/* When a signal can have changed: with its group of readings. Comparator flags come every step. */
enum {
  CURRENT = BMS_FRESH_CURRENT,
  CELLS = BMS_FRESH_CELLS,
  NTCS = BMS_FRESH_NTCS,
  INSULATION = BMS_FRESH_INSULATION,
  COMPARATORS = 0,
};

enum {
  CHARGE = BMS_OPENS_CHARGE,
  DISCHARGE = BMS_OPENS_DISCHARGE,
  BOTH = CHARGE | DISCHARGE,
  PATHS = BMS_OPENS_ALL_PATHS,
  ANYTHING = PATHS | BMS_OPENS_SUPPLY,
};

typedef enum { BELOW, ABOVE } side_t;

typedef struct {
  const char* name;
  signal_t signal;
  uint32_t renewed;
  side_t side;       /* where it trips */
  uint8_t opens;     /* unless the configuration says otherwise */
  bool lets_reverse; /* its one gate may close for current the other way: see gates.c */
} rule_t;

static const rule_t table[BMS_RULE_COUNT] = {
    [BMS_RULE_CELL_OV] = {"cell-ov", SIGNAL_HIGHEST_CELL_mV, CELLS, ABOVE, CHARGE, true},
    [BMS_RULE_CELL_UV] = {"cell-uv", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, DISCHARGE, true},
    [BMS_RULE_PACK_OV] = {"pack-ov", SIGNAL_PACK_mV, CELLS, ABOVE, CHARGE, true},
    [BMS_RULE_PACK_UV] = {"pack-uv", SIGNAL_PACK_mV, CELLS, BELOW, DISCHARGE, true},
    [BMS_RULE_OCC] = {"occ", SIGNAL_CHARGE_mA, CURRENT, ABOVE, CHARGE, false},
    [BMS_RULE_OCD] = {"ocd", SIGNAL_DISCHARGE_mA, CURRENT, ABOVE, DISCHARGE, false},
    [BMS_RULE_OCD2] = {"ocd2", SIGNAL_DISCHARGE_mA, CURRENT, ABOVE, DISCHARGE, false},
    [BMS_RULE_SCD] = {"scd", SIGNAL_SHORT, COMPARATORS, ABOVE, BOTH, false},
    [BMS_RULE_OTC] = {"otc", SIGNAL_HOTTEST_ddegC, NTCS, ABOVE, CHARGE, true},
    [BMS_RULE_OTD] = {"otd", SIGNAL_HOTTEST_ddegC, NTCS, ABOVE, DISCHARGE, true},
    [BMS_RULE_UTC] = {"utc", SIGNAL_COLDEST_ddegC, NTCS, BELOW, CHARGE, true},
    [BMS_RULE_UTD] = {"utd", SIGNAL_COLDEST_ddegC, NTCS, BELOW, DISCHARGE, true},
    [BMS_RULE_CELL_FAILURE_HIGH] = {"cell-failure-high", SIGNAL_HIGHEST_CELL_mV, CELLS, ABOVE,
                                    PATHS, false},
    [BMS_RULE_CELL_FAILURE_LOW] = {"cell-failure-low", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, PATHS,
                                   false},
    [BMS_RULE_CELL_ZERO] = {"cell-zero", SIGNAL_LOWEST_CELL_mV, CELLS, BELOW, PATHS, false},
    [BMS_RULE_SPREAD] = {"spread", SIGNAL_SPREAD_mV, CELLS, ABOVE, BOTH, false},
    [BMS_RULE_SPREAD_FAILURE] = {"spread-failure", SIGNAL_SPREAD_mV, CELLS, ABOVE, PATHS, false},
    [BMS_RULE_T_SPREAD] = {"t-spread", SIGNAL_SPREAD_ddegC, NTCS, ABOVE, BOTH, false},
    [BMS_RULE_MOSFET_OT] = {"mosfet-ot", SIGNAL_MOSFET_ddegC, NTCS, ABOVE, BOTH, false},
    [BMS_RULE_INSULATION] = {"insulation", SIGNAL_INSULATION_kOhm, INSULATION, BELOW, PATHS, false},
    [BMS_RULE_SOC_LOW] = {"soc-low", SIGNAL_SOC_permille, CELLS, BELOW, DISCHARGE, true},
};

const char* bms_rule_name(bms_rule_t rule) {
  return (size_t)rule < BMS_RULE_COUNT ? table[rule].name : "unknown";
}

uint8_t bms_rule_default_opens(bms_rule_t rule) {
  return (size_t)rule < BMS_RULE_COUNT ? table[rule].opens : 0;
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

static bool is_in_order(side_t side, const bms_threshold_t* mild, const bms_threshold_t* severe) {
  if (!mild->is_enabled || !severe->is_enabled) return true;
  return !is_beyond(side, mild->trip, severe->trip);
}

static bool are_thresholds_valid(side_t side, const bms_rule_config_t* config) {
  const bms_threshold_t* warning = &config->warning;
  const bms_threshold_t* limiting = &config->limiting;
  const bms_threshold_t* protection = &config->protection;
  return has_hysteresis(side, warning) && has_hysteresis(side, limiting) &&
         has_hysteresis(side, protection) && is_in_order(side, warning, limiting) &&
         is_in_order(side, warning, protection) && is_in_order(side, limiting, protection);
}

/* A comparator's trip value belongs to the AFE: the core sees only its flag. */
bms_error_t bms_check_rule(bms_rule_t rule, const bms_rule_config_t* config) {
  const bool is_valid = config->latch <= BMS_LATCH_REPAIR && !(config->opens & ~ANYTHING) &&
                        config->limited_ccl_permille <= PERMILLE &&
                        config->limited_dcl_permille <= PERMILLE;
  if (!is_valid) return BMS_ERROR_RULE;
  if (table[rule].signal == SIGNAL_SHORT) return BMS_OK;
  return are_thresholds_valid(table[rule].side, config) ? BMS_OK : BMS_ERROR_RULE;
}

static uint8_t find_opens(bms_rule_t rule, const bms_rule_config_t* config) {
  const uint8_t opens = config->opens ? config->opens : table[rule].opens;
  return config->is_failure ? opens | PATHS : opens;
}

/* Only a rule that opens one gate and nothing else of the path can leave its body diode conducting:
 * also one that will open the supply if no charge comes. */
static void prepare_opens(rules_t* rules, bms_rule_t rule, uint8_t opens) {
  const uint32_t bit = BMS_RULE_BIT(rule);
  if (opens & BMS_OPENS_CHARGE) rules->opens_charge |= bit;
  if (opens & BMS_OPENS_DISCHARGE) rules->opens_discharge |= bit;
  if (opens & BMS_OPENS_CONTACTS) rules->opens_contacts |= bit;
  if (opens & BMS_OPENS_SUPPLY) rules->opens_supply |= bit;
  const uint8_t path = opens & BMS_OPENS_ALL_PATHS;
  const bool is_one_gate = path == BMS_OPENS_CHARGE || path == BMS_OPENS_DISCHARGE;
  if (table[rule].lets_reverse && is_one_gate) rules->lets_reverse |= bit;
}

static void prepare_level(rules_t* rules, level_t* level, bms_rule_t rule,
                          const bms_threshold_t* threshold) {
  if (!threshold->is_enabled) return;
  const uint32_t bit = BMS_RULE_BIT(rule);
  const uint32_t renewed = table[rule].renewed;
  level->enabled |= bit;
  if (renewed == CURRENT) {
    rules->of_current |= bit;
    if (threshold->trip < rules->calm_mA) rules->calm_mA = threshold->trip;
  }
  if (renewed == CELLS) rules->of_cells |= bit;
  if (renewed == NTCS) rules->of_ntcs |= bit;
  if (renewed == INSULATION) rules->of_insulation |= bit;
}

/*@ requires is_instance(self);
    assigns self->rules.has_failure, self->rules.opens, self->rules.asks,
            self->out.report.warnings, self->out.report.limitings, self->out.report.protections;
    ensures self->out.report.protections == self->rules.protection.active;
    ensures (self->rules.protection.active & self->rules.opens_charge) != 0 ==>
      (self->rules.opens & BMS_OPENS_CHARGE) != 0;
    ensures (self->rules.protection.active & self->rules.opens_discharge) != 0 ==>
      (self->rules.opens & BMS_OPENS_DISCHARGE) != 0; */
static void summarise(core_t* self) {
  rules_t* rules = &self->rules;
  const uint32_t active = rules->protection.active;
  rules->has_failure = (active & rules->are_failures) != 0;
  rules->opens = 0;
  if (active & rules->opens_charge) rules->opens |= BMS_OPENS_CHARGE;
  if (active & rules->opens_discharge) rules->opens |= BMS_OPENS_DISCHARGE;
  if (active & rules->opens_contacts) rules->opens |= BMS_OPENS_CONTACTS;
  if (active & rules->opens_supply) rules->opens |= BMS_OPENS_SUPPLY;
  rules->asks = 0;
  const uint32_t any = active | rules->limiting.active | rules->warning.active;
  /*@ loop invariant 0 <= i <= BMS_RULE_COUNT;
      loop assigns i, rules->asks;
      loop variant BMS_RULE_COUNT - i; */
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    if (any & BMS_RULE_BIT(i)) rules->asks |= self->config->rules[i].asks;
  }
  bms_report_t* report = &self->out.report;
  report->warnings = rules->warning.active;
  report->limitings = rules->limiting.active;
  report->protections = active;
}

/* A latch that only a repair ends is there again after a loss of power. */
void bms_prepare_rules(core_t* self) {
  rules_t* rules = &self->rules;
  uint32_t repairs = 0;
  rules->calm_mA = INT32_MAX;
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const bms_rule_t rule = (bms_rule_t)i;
    const bms_rule_config_t* config = &self->config->rules[i];
    prepare_opens(rules, rule, find_opens(rule, config));
    prepare_level(rules, &rules->warning, rule, &config->warning);
    prepare_level(rules, &rules->limiting, rule, &config->limiting);
    prepare_level(rules, &rules->protection, rule, &config->protection);
    if (config->is_failure) rules->are_failures |= BMS_RULE_BIT(i);
    if (config->latch == BMS_LATCH_REPAIR) repairs |= BMS_RULE_BIT(i);
  }
  self->kept.rule_latches &= repairs & rules->protection.enabled;
  rules->latched = self->kept.rule_latches;
  rules->protection.active = self->kept.rule_latches;
  self->out.report.latched = rules->latched;
  summarise(self);
}

/* True when the delay towards the other side is over; the caller decides whether it may change. */
/*@ requires \valid(level) && 0 <= rule < BMS_RULE_COUNT && \valid_read(threshold);
    requires \separated(level, threshold);
    assigns level->pending, level->since_us[rule]; */
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

/*@ requires is_instance(self) && \exists integer i; 0 <= i < BMS_RULE_COUNT && bit == (1 << i);
    requires level == &self->rules.warning || level == &self->rules.limiting ||
      (level == &self->rules.protection && (self->rules.latched & bit) == 0);
    requires are_rules(self);
    assigns level->active, level->pending, self->rules.has_failure, self->rules.opens,
            self->rules.asks, self->out.report.warnings, self->out.report.limitings,
            self->out.report.protections;
    ensures are_rules(self); */
static void change_side(core_t* self, level_t* level, uint32_t bit) {
  level->active ^= bit;
  level->pending &= ~bit;
  summarise(self);
}

/*@ requires is_instance(self) && 0 <= rule < BMS_RULE_COUNT && are_rules(self);
    requires level == &self->rules.warning || level == &self->rules.limiting;
    requires threshold == &self->config->rules[rule].warning ||
      threshold == &self->config->rules[rule].limiting;
    assigns level->active, level->pending, level->since_us[rule], self->rules.has_failure,
            self->rules.opens, self->rules.asks, self->out.report.warnings,
            self->out.report.limitings, self->out.report.protections;
    ensures are_rules(self); */
static void judge_level(core_t* self, level_t* level, bms_rule_t rule,
                        const bms_threshold_t* threshold, int32_t value) {
  const uint32_t bit = BMS_RULE_BIT(rule);
  if (!(level->enabled & bit)) return;
  if (is_change_due(level, rule, threshold, value, self->now_us)) change_side(self, level, bit);
}

/*@ requires is_instance(self) && 0 <= rule < BMS_RULE_COUNT && are_rules(self);
    requires has(self->rules.protection.active, rule);
    assigns self->rules.latched, self->kept.rule_latches;
    ensures are_rules(self);
    ensures includes(self->rules.latched, \old(self->rules.latched)); */
static void latch(core_t* self, bms_rule_t rule) {
  self->rules.latched |= BMS_RULE_BIT(rule);
  /*@ assert adds_one: \forall integer k; 0 <= k < BMS_RULE_COUNT ==>
        (has(self->rules.latched, k) <==> k == rule || has(\at(self->rules.latched, Pre), k)); */
  if (self->config->rules[rule].latch == BMS_LATCH_REPAIR)
    self->kept.rule_latches |= BMS_RULE_BIT(rule);
}

/* A trip that does not latch uses up one retry: it will release by itself. */
/*@ requires is_instance(self) && 0 <= rule < BMS_RULE_COUNT && are_rules(self);
    requires has(self->rules.protection.active, rule);
    assigns self->rules.latched, self->kept.rule_latches, self->rules.retries[rule];
    ensures keeps_rules: are_rules(self);
    ensures includes(self->rules.latched, \old(self->rules.latched)); */
static void note_trip(core_t* self, bms_rule_t rule) {
  rules_t* rules = &self->rules;
  const uint8_t max_retries = self->config->rules[rule].max_retries;
  if (max_retries == BMS_RETRY_FOREVER) return;
  if (self->now_us - rules->released_us[rule] >= FORGIVE_us) rules->retries[rule] = 0;
  if (rules->retries[rule] < max_retries)
    ++rules->retries[rule];
  else
    latch(self, rule);
}

/*@ requires is_instance(self) && 0 <= rule < BMS_RULE_COUNT && are_rules(self);
    assigns self->rules, self->kept.rule_latches, self->out.report.warnings,
            self->out.report.limitings, self->out.report.protections;
    ensures are_rules(self);
    ensures includes(self->rules.latched, \old(self->rules.latched)); */
static void judge_protection(core_t* self, bms_rule_t rule, int32_t value) {
  level_t* level = &self->rules.protection;
  const uint32_t bit = BMS_RULE_BIT(rule);
  if (!(level->enabled & bit)) return;
  const bms_threshold_t* threshold = &self->config->rules[rule].protection;
  if (!is_change_due(level, rule, threshold, value, self->now_us)) return;
  if (self->rules.latched & bit) return;
  change_side(self, level, bit);
  //@ assert one_bit: bit == (1 << rule);
  if (level->active & bit)
    note_trip(self, rule);
  else
    self->rules.released_us[rule] = self->now_us;
}

/*@ requires is_instance(self) && are_rules(self);
    assigns self->rules.latched, self->rules.retries[0 .. BMS_RULE_COUNT - 1],
            self->kept.rule_latches;
    ensures are_rules(self);
    ensures keeps_others: \forall integer k; 0 <= k < BMS_RULE_COUNT &&
      self->config->rules[k].latch != latch && has(\old(self->rules.latched), k) ==>
        has(self->rules.latched, k); */
static void clear_latches(core_t* self, bms_latch_t latch) {
  rules_t* rules = &self->rules;
  uint32_t kept = 0;
  /*@ loop invariant 0 <= i <= BMS_RULE_COUNT;
      loop invariant includes(self->rules.latched, kept);
      loop invariant \forall integer k; 0 <= k < BMS_RULE_COUNT ==>
        rules->retries[k] <= self->config->rules[k].max_retries;
      loop invariant keeps_others: \forall integer k; 0 <= k < i &&
        self->config->rules[k].latch != latch && has(self->rules.latched, k) ==> has(kept, k);
      loop assigns i, kept, rules->retries[0 .. BMS_RULE_COUNT - 1];
      loop variant BMS_RULE_COUNT - i; */
  for (uint8_t i = 0; i < BMS_RULE_COUNT; ++i) {
    const uint32_t bit = BMS_RULE_BIT(i);
    //@ assert one_bit: bit == (1 << i);
    if (self->config->rules[i].latch == latch) {
      rules->retries[i] = 0;
    } else if (rules->latched & bit) {
      kept |= bit;
      /*@ assert adds_one: \forall integer k; 0 <= k < BMS_RULE_COUNT ==>
            (has(kept, k) <==> k == i || has(\at(kept, LoopCurrent), k)); */
    }
  }
  rules->latched = kept;
  self->kept.rule_latches &= kept;
}

/* The flag of a tripped rule is cleared as soon as the rule is not latched, so that its release
 * delay can run; the gates stay open until then. A flag nobody watches is cleared at once. */
/*@ requires \valid_read(rules);
    assigns \nothing; */
static uint32_t comparators_to_clear(const rules_t* rules, uint32_t flags) {
  const uint32_t scd = BMS_RULE_BIT(BMS_RULE_SCD);
  const bool is_watched = (rules->protection.enabled & scd) != 0;
  const bool is_kept = (rules->latched & scd) || !(rules->protection.active & scd);
  return is_watched && is_kept ? 0 : flags & BMS_COMPARATOR_SCD;
}

/* Rules that may change in this step. Magnitudes: one of charge and discharge is zero. */
static uint32_t find_due(const core_t* self, uint32_t comparator_flags) {
  const rules_t* rules = &self->rules;
  const int32_t* signals = self->measured.signals;
  const uint32_t fresh = self->measured.fresh;
  const uint32_t active = rules->warning.active | rules->limiting.active | rules->protection.active;
  uint32_t due = rules->warning.pending | rules->limiting.pending | rules->protection.pending;
  const bool is_calm = (signals[SIGNAL_CHARGE_mA] | signals[SIGNAL_DISCHARGE_mA]) < rules->calm_mA;
  if (fresh & BMS_FRESH_CURRENT) due |= rules->of_current & (is_calm ? active : UINT32_MAX);
  if (fresh & BMS_FRESH_CELLS) due |= rules->of_cells;
  if (fresh & BMS_FRESH_NTCS) due |= rules->of_ntcs;
  if (fresh & BMS_FRESH_INSULATION) due |= rules->of_insulation;
  if (comparator_flags) due |= BMS_RULE_BIT(BMS_RULE_SCD);
  return due | (active & BMS_RULE_BIT(BMS_RULE_SCD));
}

/*@ requires is_instance(self) && 0 <= rule < BMS_RULE_COUNT && are_rules(self);
    assigns self->rules, self->kept.rule_latches, self->out.report.warnings,
            self->out.report.limitings, self->out.report.protections;
    ensures are_rules(self);
    ensures includes(self->rules.latched, \old(self->rules.latched)); */
static void judge_rule(core_t* self, bms_rule_t rule) {
  const bms_rule_config_t* config = &self->config->rules[rule];
  const int32_t value = self->measured.signals[table[rule].signal];
  judge_level(self, &self->rules.warning, rule, &config->warning, value);
  judge_level(self, &self->rules.limiting, rule, &config->limiting, value);
  judge_protection(self, rule, value);
}

void bms_judge_rules(core_t* self, const bms_inputs_t* in) {
  rules_t* rules = &self->rules;
  if (self->reset.is_pressed) clear_latches(self, BMS_LATCH_BUTTON);
  if (self->reset.is_service) clear_latches(self, BMS_LATCH_REPAIR);
  uint32_t due = find_due(self, in->comparator_flags);
  for (uint8_t i = 0; due; ++i, due >>= 1) {
    if (due & 1u) judge_rule(self, (bms_rule_t)i);
  }
  self->out.clear_comparators = comparators_to_clear(rules, in->comparator_flags);
  self->out.report.latched = rules->latched;
}
