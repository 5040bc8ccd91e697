/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The smallest core that keeps a pack alive: over- and under-voltage of a cell, over-current and
 * over-temperature, compared in ADC counts. A template: docs/plug_in_your_bms.md leads through it.
 * What it remembers is in core_t and nowhere else: the bench owns that memory. */
#include "bms/bms.h"

enum { CHARGE = 1, DISCHARGE = 2, LATCHED = 4 }; /* what opens; LATCHED: until the RESET button */
enum { OV, UV, OC, OT, WATCH_COUNT };

static const struct {
  bms_rule_t rule; /* its name on the bus and its row in the configuration */
  int effect;
} table[WATCH_COUNT] = {{BMS_RULE_CELL_OV, CHARGE},
                        {BMS_RULE_CELL_UV, DISCHARGE},
                        {BMS_RULE_OCD, CHARGE | DISCHARGE | LATCHED},
                        {BMS_RULE_OTD, CHARGE | DISCHARGE}};

/* In counts, trips above; what must not fall has its sign turned. */
typedef struct {
  int32_t value, trip, release;
  uint32_t delay_us, held_us;
  bool is_active;
} watch_t;

typedef struct {
  const bms_config_t* config; /* outlives the instance */
  uint32_t seen;              /* bms_fresh_t that came at least once */
  uint32_t uptime_us, uptime_ms;
  uint16_t soc_permille;
  watch_t watch[WATCH_COUNT];
} core_t;

static watch_t make_watch(const bms_config_t* config, int i, int sign, uint32_t micro_per_count) {
  const bms_threshold_t* rule = &config->rules[table[i].rule].protection;
  const int64_t scale = sign * 1000; /* mV or mA to uV or uA */
  const int32_t trip = (int32_t)(scale * rule->trip / micro_per_count);
  const int32_t release = (int32_t)(scale * rule->release / micro_per_count);
  return (watch_t){INT32_MIN, rule->is_enabled ? trip : INT32_MAX,
                   release,   rule->trip_delay_ms * 1000u,
                   0,         false};
}

/* The end of the production line: here the memory holds nothing but the SOC, in permille. */
static void format(const bms_factory_t* factory, uint8_t* nvm) {
  for (int i = 0; i < BMS_NVM_BYTES; ++i) nvm[i] = 0xFF;
  nvm[0] = (uint8_t)factory->soc_permille;
  nvm[1] = (uint8_t)(factory->soc_permille >> 8);
}

/* Power-up, with what non-volatile memory holds. The RAM is as the last run left it: set it all. */
static bms_status_t init(void* instance, const bms_config_t* config, const uint8_t* nvm) {
  if (config->cell_count > BMS_MAX_CELLS) return (bms_status_t){BMS_ERROR_CELL_COUNT, 0};
  core_t* self = instance;
  *self = (core_t){.config = config, .soc_permille = (uint16_t)(nvm[0] | nvm[1] << 8)};
  self->watch[OV] = make_watch(config, OV, 1, config->sensing.cell_uV_per_count);
  self->watch[UV] = make_watch(config, UV, -1, config->sensing.cell_uV_per_count);
  self->watch[OC] = make_watch(config, OC, 1, config->sensing.shunt_uA_per_count);
  const int32_t full = config->sensing.ntc_full_scale_counts; /* 103AT, 10 kOhm: 60 and 50 degC */
  self->watch[OT] =
      (watch_t){INT32_MIN, -full * 3020 / 13020, -full * 4160 / 14160, 1000000, 0, false};
  return (bms_status_t){BMS_OK, 0};
}

static int32_t highest(const uint16_t* counts, int count, int sign) {
  int32_t found = INT32_MIN;
  for (int i = 0; i < count; ++i)
    if (sign * counts[i] > found) found = sign * counts[i];
  return found;
}

static void judge(watch_t* watch, bool is_held, uint32_t dt_us) {
  const bool is_above = watch->value >= watch->trip;
  watch->held_us = is_above ? watch->held_us + dt_us : 0;
  if (is_above && watch->held_us >= watch->delay_us) watch->is_active = true;
  if (watch->value <= watch->release && !is_held) watch->is_active = false;
}

static void fill_report(const core_t* self, const bms_inputs_t* in, bms_report_t* report) {
  const bms_config_t* config = self->config;
  report->uptime_ms = self->uptime_ms;
  report->cell_count = config->cell_count;
  for (int i = 0; i < config->cell_count; ++i) {
    report->cell_mV[i] = (uint16_t)(in->cell_adc[i] * config->sensing.cell_uV_per_count / 1000u);
    report->pack_mV += report->cell_mV[i];
  }
  report->current_mA = in->shunt_adc * (int32_t)config->sensing.shunt_uA_per_count / 1000;
  report->soc_permille = self->soc_permille; /* yours counts coulombs */
  report->cvl_mV = config->limits.cvl_mV;
  report->discharge_voltage_limit_mV = config->limits.discharge_voltage_limit_mV;
  report->ccl_mA = report->is_charge_allowed ? config->limits.ccl_mA : 0;
  report->dcl_mA = report->is_discharge_allowed ? config->limits.dcl_mA : 0;
  report->state = report->protections ? BMS_STATE_PROTECTION : BMS_STATE_STANDBY;
}

/* One pass of the main task. Time comes in as dt_us; there is no other clock. */
static void step(void* instance, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out) {
  core_t* self = instance;
  const bool is_reset = (in->buttons & BMS_BUTTON_RESET) != 0;
  self->uptime_us += dt_us;
  self->uptime_ms += self->uptime_us / 1000u;
  self->uptime_us %= 1000u;
  self->seen |= in->fresh;
  self->watch[OV].value = highest(in->cell_adc, self->config->cell_count, 1);
  self->watch[UV].value = highest(in->cell_adc, self->config->cell_count, -1);
  self->watch[OC].value = in->shunt_adc < 0 ? -in->shunt_adc : in->shunt_adc;
  self->watch[OT].value = highest(in->ntc_adc, self->config->ntc_count, -1);

  *out = (bms_outputs_t){0}; /* every field is written in every pass */
  const bool is_measured = self->seen == (BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS);
  int open = is_measured ? 0 : CHARGE | DISCHARGE;
  for (int i = 0; is_measured && i < WATCH_COUNT; ++i) {
    judge(&self->watch[i], (table[i].effect & LATCHED) && !is_reset, dt_us);
    if (!self->watch[i].is_active) continue;
    open |= table[i].effect;
    out->report.protections |= BMS_RULE_BIT(table[i].rule);
  }
  out->clear_comparators = is_reset ? BMS_COMPARATOR_SCD : 0; /* the AFE holds DSG open till then */
  out->charge_gate = out->report.is_charge_allowed = !(open & CHARGE);
  out->discharge_gate = out->report.is_discharge_allowed = !(open & DISCHARGE);
  fill_report(self, in, &out->report);
}

/* A copy of the RAM goes on elsewhere: a snapshot. The configuration is the only pointer in it. */
static void move(void* instance, const bms_config_t* config) {
  core_t* self = instance;
  self->config = config;
}

static const bms_core_t core = {
    .abi_version = BMS_ABI_VERSION,
    .name = "example",
    .instance_bytes = sizeof(core_t),
    .instance_alignment = _Alignof(core_t),
    .format = format,
    .init = init,
    .step = step,
    .move = move,
};
BMS_EXPORT_CORE(core, "1.0");
