/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The smallest firmware with the core in it: linked, never run, to see what the core needs of flash
 * together with the parts of the compiler's library that it pulls in. */
#include "bms/bms.h"

const bms_config_t product;
bms_inputs_t inputs;
bms_outputs_t outputs;
const uint8_t nvm[BMS_NVM_BYTES];
extern unsigned char instance[]; /* where it lies is the linker's choice; run.py adds its size */
void reset(void);

void reset(void) {
  const bms_core_t* core = bms_core();
  if (core->init(instance, &product, nvm).error != BMS_OK) return;
  for (;;) core->step(instance, &inputs, 1000, &outputs);
}
