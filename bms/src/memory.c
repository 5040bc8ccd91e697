/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Non-volatile memory: what is there at power-up. */
#include "core.h"

void bms_format_memory(const bms_factory_t* factory, uint8_t* nvm) {
  const uint8_t* bytes = (const uint8_t*)factory;
  for (size_t i = 0; i < BMS_NVM_BYTES; ++i) nvm[i] = i < sizeof *factory ? bytes[i] : 0xFF;
}

void bms_recall(core_t* self, const uint8_t* nvm) {
  uint8_t* bytes = (uint8_t*)&self->kept.factory;
  for (size_t i = 0; i < sizeof self->kept.factory; ++i) bytes[i] = nvm[i];
}
