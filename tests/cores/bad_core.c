/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* A core that closes both gates and goes wrong in step 100, as its macro says. */
#include <stdlib.h>
#include <string.h>

#include "bms/bms.h"

enum { BAD_STEP = 100 };

typedef struct {
  uint32_t steps;
} core_t;

static void format(const bms_factory_t* factory, uint8_t* nvm) {
  (void)factory;
  memset(nvm, 0xFF, BMS_NVM_BYTES);
}

static bms_status_t init(void* instance, const bms_config_t* config, const uint8_t* nvm) {
  (void)config;
  (void)nvm;
  memset(instance, 0, sizeof(core_t));
#if defined(CRASHES_IN_INIT)
  __builtin_trap();
#endif
  return (bms_status_t){BMS_OK, 0};
}

static void misbehave(core_t* self, bms_outputs_t* out) {
  (void)self;
  (void)out;
#if defined(CRASHES)
  __builtin_trap();
#elif defined(EXITS)
  exit(3);
#elif defined(HANGS)
  for (volatile int forever = 1; forever;) continue;
#elif defined(SCRIBBLES)
  volatile unsigned char* const memory = (volatile unsigned char*)self;
  memory[sizeof *self + 4] = 1;
#elif defined(SCRIBBLES_BEFORE)
  volatile unsigned char* const memory = (volatile unsigned char*)self;
  memory[-1] = 1;
#elif defined(IS_SLOW)
  for (volatile int i = 0; i < 10000000; ++i) continue;
#elif defined(SOILS_PADDING) /* before the next field */
  ((unsigned char*)out)[offsetof(bms_outputs_t, link) - 1] = 0xFF;
#elif defined(DIFFERS)
  out->report.protections = BMS_RULE_BIT(BMS_RULE_PACK_OV);
  out->report.cell_mV[2] = 3300;
#endif
}

static void step(void* instance, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out) {
  core_t* self = instance;
  (void)in;
  (void)dt_us;
  memset(out, 0, sizeof *out);
  out->charge_gate = true;
  out->discharge_gate = true;
  if (++self->steps == BAD_STEP) misbehave(self, out);
}

static const bms_core_t core = {
    .abi_version = BMS_ABI_VERSION,
    .name = "bad",
    .instance_bytes = sizeof(core_t),
    .instance_alignment = _Alignof(core_t),
    .format = format,
    .init = init,
    .step = step,
};

#if defined(WRONG_ABI) || defined(WRONG_SIZE)
const bms_core_entry_t* bms_core_entry(void) {
  static bms_core_entry_t entry = {BMS_ABI_VERSION,
                                   sizeof(bms_core_t),
                                   sizeof(bms_config_t),
                                   BMS_NVM_BYTES,
                                   sizeof(bms_inputs_t),
                                   sizeof(bms_outputs_t),
                                   "1",
                                   &core};
#if defined(WRONG_ABI)
  entry.abi_version += 1;
#else
  entry.inputs_bytes -= 4;
#endif
  return &entry;
}
#elif defined(HAS_NO_SYMBOL)
extern const bms_core_t* const unused_core;
const bms_core_t* const unused_core = &core;
#else
BMS_EXPORT_CORE(core, "0.1-bad");
#endif
