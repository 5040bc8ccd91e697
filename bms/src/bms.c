/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The table a bench holds, and the step: one line per stage. */
#include "core.h"

#define LONGEST_STEP_us 100000u

static void advance_clock(core_t* self, uint32_t dt_us) {
  self->now_us += dt_us;
  self->us_into_ms += dt_us;
  self->out.report.uptime_ms += self->us_into_ms / 1000u;
  self->us_into_ms %= 1000u;
}

/* Byte by byte, because an assignment may leave padding as it was, and outputs are compared and
 * hashed as bytes. Compilers turn this into one memset. */
static void zero_instance(core_t* self) {
  unsigned char* bytes = (unsigned char*)self;
  for (size_t i = 0; i < sizeof *self; ++i) bytes[i] = 0;
}

static void fill_constant_outputs(core_t* self, const bms_nvm_t* nvm) {
  bms_report_t* report = &self->out.report;
  report->cell_count = self->config->cell_count;
  report->ntc_count = self->config->ntc_count;
  report->soh_permille = nvm->soh_permille;
  report->cvl_mV = self->config->limits.cvl_mV;
  report->discharge_voltage_limit_mV = self->config->limits.discharge_voltage_limit_mV;
  for (uint8_t i = 0; i < report->ntc_count; ++i) report->ntc_ddegC[i] = BMS_NTC_INVALID_DDEGC;
}

static bms_status_t init(void* instance, const bms_config_t* config, const bms_nvm_t* nvm) {
  core_t* self = instance;
  const bms_status_t status = bms_check_config(config, nvm);
  if (status.error != BMS_OK) return status;
  zero_instance(self);
  self->config = config;
  fill_constant_outputs(self, nvm);
  bms_prepare_measuring(self);
  bms_prepare_rules(self);
  bms_prepare_soc(self, nvm);
  return status;
}

static void step(void* instance, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out) {
  core_t* self = instance;
  if (dt_us > LONGEST_STEP_us) dt_us = LONGEST_STEP_us;
  advance_clock(self, dt_us);
  bms_measure_inputs(self, in);
  bms_count_charge(self, dt_us);
  bms_judge_rules(self, in);
  bms_drive_gates(self);
  bms_set_limits(self);
  bms_balance_cells(self);
  bms_light_panel(self);
  *out = self->out;
}

const bms_core_t* bms_core(void) {
  static const bms_core_t core = {
      .abi_version = BMS_ABI_VERSION,
      .name = "doppelpack",
      .instance_bytes = sizeof(core_t),
      .instance_alignment = _Alignof(core_t),
      .init = init,
      .step = step,
  };
  return &core;
}

const char* bms_state_name(bms_state_t state) {
  static const char* const names[] = {
      [BMS_STATE_SELF_TEST] = "self-test",   [BMS_STATE_STANDBY] = "standby",
      [BMS_STATE_CHARGE] = "charge",         [BMS_STATE_DISCHARGE] = "discharge",
      [BMS_STATE_PROTECTION] = "protection",
  };
  return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

const char* bms_error_text(bms_error_t error) {
  static const char* const texts[] = {
      [BMS_OK] = "The configuration is valid.",
      [BMS_ERROR_CELL_COUNT] = "The number of cells is zero or more than the core can hold.",
      [BMS_ERROR_NTC_COUNT] = "The number of NTCs is zero or more than the core can hold.",
      [BMS_ERROR_SENSING] = "A scale of the measuring hardware is zero or too large.",
      [BMS_ERROR_RULE] =
          "A rule releases on the wrong side of its trip, or warns beyond its protection.",
      [BMS_ERROR_CURVE] =
          "A derating curve is empty, does not rise in x, or exceeds 1000 permille.",
      [BMS_ERROR_LIMITS] = "The charge voltage limit is not above the discharge voltage limit.",
      [BMS_ERROR_BALANCING] = "Balancing does not stop below the difference at which it starts.",
      [BMS_ERROR_SOC] = "The capacity is zero, or a permille is above 1000.",
  };
  return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : "Unknown error.";
}
