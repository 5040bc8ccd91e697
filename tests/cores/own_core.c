/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The core in bms/ as a library. */
#include "bms/bms.h"

const bms_core_entry_t* bms_core_entry(void) {
  static bms_core_entry_t entry = {BMS_ABI_VERSION,
                                   sizeof(bms_core_t),
                                   sizeof(bms_config_t),
                                   BMS_NVM_BYTES,
                                   sizeof(bms_inputs_t),
                                   sizeof(bms_outputs_t),
                                   "own",
                                   NULL};
  entry.core = bms_core();
  return &entry;
}
