/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The table a bench holds, and the step: one line per stage. */
#include "core.h"

#define LONGEST_STEP_us 100000u
#define VERSION 0x0200u

/*@ requires is_sound(self);
    assigns self->now_us, self->us_into_ms, self->out.report.uptime_ms;
    ensures is_placed(self);
    ensures is_sequence(self);
    ensures are_rules(self);
    ensures are_limits_told(self); */
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

static void fill_constant_outputs(core_t* self) {
  bms_report_t* report = &self->out.report;
  report->cell_count = self->config->cell_count;
  report->ntc_count = self->config->ntc_count;
  report->firmware_version = VERSION;
  if (self->config->firmware_version != 0)
    report->firmware_version = self->config->firmware_version;
  report->serial_number = self->kept.factory.serial_number;
  report->cvl_mV = self->config->limits.cvl_mV;
  report->discharge_voltage_limit_mV = self->config->limits.discharge_voltage_limit_mV;
  for (uint8_t i = 0; i < report->ntc_count; ++i) report->ntc_ddegC[i] = BMS_NTC_INVALID_DDEGC;
}

static void seal(bms_config_t* config) {
  config->crc32 = bms_config_crc(config);
}

static bms_status_t init(void* instance, const bms_config_t* config, const uint8_t* nvm) {
  core_t* self = instance;
  const bms_status_t status = bms_check_config(config);
  if (status.error != BMS_OK) return status;
  zero_instance(self);
  self->config = config;
  bms_recall(self, nvm);
  fill_constant_outputs(self);
  bms_prepare_measuring(self);
  bms_prepare_rules(self);
  bms_prepare_diagnosis(self);
  bms_prepare_soc(self);
  bms_prepare_sequence(self);
  bms_prepare_memory(self);
  return status;
}

/* The inductive step: from any sound state, for any inputs, to a sound state. What bms_drive_gates
 * promises stands when the step ends: no later stage assigns a gate or the state. A quiet step
 * assigns neither, and nothing blocks a gate in it: the promise of the step before stands. */
/*@ requires is_sound(self) && are_inputs(self, in);
    assigns *self;
    ensures is_sound(self);
    ensures !self->out.report.is_charge_allowed ==> self->out.report.ccl_mA == 0;
    ensures !self->out.report.is_discharge_allowed ==> self->out.report.dcl_mA == 0; */
static void run_stages(core_t* self, const bms_inputs_t* in, uint32_t dt_us) {
  advance_clock(self, dt_us);
  bms_watch_buttons(self, in);
  bms_measure_inputs(self, in);
  bms_count_charge(self, dt_us);
  bms_watch_reset(self, in);
  bms_judge_rules(self, in);
  bms_diagnose(self, in, dt_us);
  if (bms_is_quiet(self, in)) {
    bms_pass_current(self);
    bms_light_panel(self, in);
    return;
  }
  bms_note_seen(self, in);
  bms_run_sequence(self, in);
  bms_drive_gates(self);
  bms_set_limits(self);
  bms_balance_cells(self);
  bms_run_bank(self, in);
  bms_light_panel(self, in);
  bms_remember(self, in);
  bms_plan_quiet(self, in);
}

static void step(void* instance, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out) {
  core_t* self = instance;
  run_stages(self, in, dt_us > LONGEST_STEP_us ? LONGEST_STEP_us : dt_us);
  *out = self->out;
}

/*@ requires \valid((core_t *)instance);
    assigns ((core_t *)instance)->config;
    ensures ((core_t *)instance)->config == config; */
static void move(void* instance, const bms_config_t* config) {
  core_t* self = instance;
  self->config = config;
}

const bms_core_t* bms_core(void) {
  static const bms_core_t core = {
      .abi_version = BMS_ABI_VERSION,
      .name = "doppelpack",
      .instance_bytes = sizeof(core_t),
      .instance_alignment = _Alignof(core_t),
      .version = VERSION,
      .seal = seal,
      .format = bms_format_memory,
      .init = init,
      .step = step,
      .move = move,
  };
  return &core;
}

const char* bms_state_name(bms_state_t state) {
  static const char* const names[] = {
      "off",   "activation", "self-test", "precharge", "standby",    "charge",      "discharge",
      "limit", "protection", "failure",   "storage",   "deep-sleep", "supply-loss", "shutdown",
  };
  return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

const char* bms_reason_name(bms_reason_t reason) {
  static const char* const names[] = {
      "none",    "power-on",   "button", "switch",          "wake-pins",     "terminals",
      "charger", "not-meant",  "passed", "current",         "limiting",      "rule",
      "release", "failure",    "reset",  "inverter-silent", "under-voltage", "idle",
      "empty",   "supply-low", "bank",
  };
  return (size_t)reason < sizeof names / sizeof names[0] ? names[reason] : "unknown";
}

const char* bms_failure_name(bms_failure_t failure) {
  static const char* const names[] = {
      "sense-wire",
      "sum",
      "cell-stuck",
      "ntc-broken",
      "ntc-stuck",
      "ntcs-dead",
      "mosfet-ntc",
      "shunt",
      "afe-silent",
      "afe-corrupt",
      "charge-mosfet-closed",
      "charge-mosfet-open",
      "discharge-mosfet-closed",
      "discharge-mosfet-open",
      "main-1-welded",
      "main-1-open",
      "main-2-welded",
      "main-2-open",
      "precharge-welded",
      "precharge-fast",
      "precharge-slow",
      "precharge-never",
      "breaker",
      "limit-ignored",
      "inverter-lost",
      "pairing",
      "member-lost",
      "two-masters",
      "address",
      "version",
      "clock",
      "task",
      "config",
      "nvm",
      "master-lost",
      "serial",
  };
  return (size_t)failure < sizeof names / sizeof names[0] ? names[failure] : "unknown";
}

const char* bms_error_text(bms_error_t error) {
  static const char* const texts[] = {
      [BMS_OK] = "The configuration is valid.",
      [BMS_ERROR_CELL_COUNT] = "The number of cells is zero or more than the core can hold.",
      [BMS_ERROR_NTC_COUNT] = "The number of NTCs is zero or more than the core can hold.",
      [BMS_ERROR_SENSING] = "A scale of the measuring hardware is zero or too large.",
      [BMS_ERROR_RULE] =
          "A rule's levels contradict each other, or it has an unknown latch or opening.",
      [BMS_ERROR_CURVE] =
          "A derating curve is empty, does not rise in x, or exceeds 1000 permille.",
      [BMS_ERROR_LIMITS] = "The charge voltage limit is not above the discharge voltage limit.",
      [BMS_ERROR_BALANCING] = "Balancing does not stop below the difference at which it starts.",
      [BMS_ERROR_SOC] =
          "The capacity is zero, a permille is above 1000, or the OCV table does not rise.",
      [BMS_ERROR_SEAL] = "The checksum of the configuration is wrong.",
      [BMS_ERROR_FAILURE] = "A failure has an unknown latch or opening, or lacks a threshold.",
      [BMS_ERROR_SEQUENCE] = "Windows or times of the life-cycle contradict each other.",
      [BMS_ERROR_PANEL] = "A pattern of the panel cannot be shown.",
      [BMS_ERROR_BANK] = "Times or kinds of the bank contradict each other.",
  };
  return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : "Unknown error.";
}
