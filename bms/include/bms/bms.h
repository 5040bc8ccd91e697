/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The protection core. It owns no memory, no clock, no device and no global: the caller gives it an
 * instance, the inputs and the time that passed, and carries out its outputs. Fixed point only.
 *
 * Another core can take its place by providing the same table (`bms_core_t`); the bench talks to a
 * core only through that table. A shared library hands its table over with BMS_EXPORT_CORE;
 * docs/plug_in_your_bms.md leads through it. */
#ifndef BMS_BMS_H
#define BMS_BMS_H

#include <stddef.h>

#include "bms/config.h"
#include "bms/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Grows by one whenever a struct in bms/types.h, bms/config.h or this file changes. */
#define BMS_ABI_VERSION 3

typedef enum {
  BMS_OK,
  BMS_ERROR_CELL_COUNT,
  BMS_ERROR_NTC_COUNT,
  BMS_ERROR_SENSING,   /* a scale is zero or too large for 32-bit arithmetic */
  BMS_ERROR_RULE,      /* levels that contradict each other, or an unknown latch or opening */
  BMS_ERROR_CURVE,     /* no points, not rising, or a factor above 1000 */
  BMS_ERROR_LIMITS,    /* CVL not above the discharge voltage limit */
  BMS_ERROR_BALANCING, /* stop_delta not below start_delta */
  BMS_ERROR_SOC,       /* capacity zero, a permille above 1000, or an OCV table not rising */
  BMS_ERROR_SEAL,      /* the checksum of the configuration is wrong */
  BMS_ERROR_FAILURE,   /* an unknown latch or opening, or a threshold is missing */
  BMS_ERROR_SEQUENCE,  /* windows or times that contradict each other */
  BMS_ERROR_PANEL,     /* a pattern that cannot be shown */
  BMS_ERROR_BANK,      /* times or kinds that contradict each other */
} bms_error_t;

typedef struct {
  bms_error_t error;
  uint8_t index; /* which rule (bms_rule_t), failure (bms_failure_t), curve or row of the panel */
} bms_status_t;

typedef struct {
  uint32_t abi_version; /* BMS_ABI_VERSION */
  const char* name;
  size_t instance_bytes;
  size_t instance_alignment;

  uint16_t version; /* major * 256 + minor */

  /* Fills in the checksum of a configuration: the last step of making one. */
  void (*seal)(bms_config_t* config);

  /* What the end of the production line does: a memory of BMS_NVM_BYTES bytes as in a new pack. */
  void (*format)(const bms_factory_t* factory, uint8_t* nvm);

  /* Validates `config` (every limit; reports the first bad one) and powers the core up: gates open,
   * nothing measured yet. `config` must outlive the instance; `nvm`, BMS_NVM_BYTES bytes, is read
   * here only, whatever it holds. */
  bms_status_t (*init)(void* instance, const bms_config_t* config, const uint8_t* nvm);

  /* One pass of the firmware's main task. `dt_us` is the time since the previous pass, 1..100000.
   * Writes every field of `out`. Bounded time, no side effect outside `instance` and `out`. */
  void (*step)(void* instance, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out);

  /* `instance` is a copy, byte by byte, of one that was running: in other memory, perhaps in another
   * process. Lets it go on from there with `config`, which says the same as the one it was powered up
   * with; NULL: it will not go on. A core that keeps other pointers than that leaves this NULL and
   * cannot be snapshot. */
  void (*move)(void* instance, const bms_config_t* config);
} bms_core_t;

/* The core in this folder. */
const bms_core_t* bms_core(void);

/* What a shared library says of the core in it. Read before anything else, to refuse a library that
 * was compiled against other headers: so this layout stays as it is in every version of the ABI. */
typedef struct {
  uint32_t abi_version;   /* BMS_ABI_VERSION */
  uint32_t core_bytes;    /* sizeof bms_core_t, as its compiler saw it; the next ones likewise */
  uint32_t config_bytes;  /* bms_config_t */
  uint32_t nvm_bytes;     /* BMS_NVM_BYTES */
  uint32_t inputs_bytes;  /* bms_inputs_t */
  uint32_t outputs_bytes; /* bms_outputs_t */
  const char* version;    /* of the core, for people: "1.4.2" */
  const bms_core_t* core;
} bms_core_entry_t;

#if defined(__GNUC__)
#define BMS_EXPORTED __attribute__((visibility("default")))
#else
#define BMS_EXPORTED
#endif

/* The one symbol that the bench looks up. Defined by BMS_EXPORT_CORE, once per library. */
BMS_EXPORTED const bms_core_entry_t* bms_core_entry(void);

/* Defines it: BMS_EXPORT_CORE(my_core, "1.4.2") with a bms_core_t of static storage. */
#define BMS_EXPORT_CORE(exported_core, version_text)                                         \
  const bms_core_entry_t* bms_core_entry(void) {                                             \
    static const bms_core_entry_t entry = {                                                  \
        BMS_ABI_VERSION,      sizeof(bms_core_t),    sizeof(bms_config_t), BMS_NVM_BYTES,    \
        sizeof(bms_inputs_t), sizeof(bms_outputs_t), (version_text),       &(exported_core), \
    };                                                                                       \
    return &entry;                                                                           \
  }                                                                                          \
  typedef bms_core_entry_t bms_core_entry_is_defined_t /* takes the semicolon */

/* One word for each rule, as used in data files, logs and signal names: "cell-ov", "scd", ... */
const char* bms_rule_name(bms_rule_t rule);

/* What a rule opens unless its configuration says otherwise: set of bms_opens_t. */
uint8_t bms_rule_default_opens(bms_rule_t rule);

/* Likewise for each failure: "sense-wire", ..., each state: "standby", ..., and each reason. */
const char* bms_failure_name(bms_failure_t failure);
const char* bms_state_name(bms_state_t state);
const char* bms_reason_name(bms_reason_t reason);

/* One sentence for each error, for people. */
const char* bms_error_text(bms_error_t error);

#ifdef __cplusplus
}
#endif

#endif
