/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* A trace of the protection core: everything it was given, and a digest of everything it answered.
 * Whoever has a trace can run any build of the core over it, on any processor, and say for each
 * step whether its outputs were the same, byte for byte.
 *
 * A file is one header, then records to its end. A record of a power-up is followed by the
 * configuration and the non-volatile memory, one of a step by the inputs up to the last message of
 * the link: the structs of bms/ as they lie in memory. These hold fixed-width integers, bool and
 * 32-bit enumerations only, so that they lie alike on every little-endian processor;
 * verification/mcu checks it. */
#ifndef SIM_BMS_TRACE_FORMAT_H
#define SIM_BMS_TRACE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "bms/bms.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BMS_TRACE_MAGIC UINT32_C(0x54534d42) /* "BMST" */

typedef struct {
  uint32_t magic;
  uint32_t abi_version; /* of bms/ */
  uint32_t config_bytes;
  uint32_t nvm_bytes;
  uint32_t inputs_bytes;
  uint32_t outputs_bytes;
} bms_trace_header_t;

#define BMS_TRACE_POWER_UP UINT32_C(1)
#define BMS_TRACE_STEP UINT32_C(2)

typedef struct {
  uint32_t kind;   /* BMS_TRACE_POWER_UP or BMS_TRACE_STEP */
  uint32_t dt_us;  /* 0 at power-up */
  uint64_t digest; /* of the outputs after the step; 0 at power-up */
} bms_trace_record_t;

static inline bms_trace_header_t bms_trace_header(void) {
  const bms_trace_header_t header = {BMS_TRACE_MAGIC, BMS_ABI_VERSION,      sizeof(bms_config_t),
                                     BMS_NVM_BYTES,   sizeof(bms_inputs_t), sizeof(bms_outputs_t)};
  return header;
}

/* How many bytes of the inputs are recorded: most of them would be room for messages. */
#define BMS_TRACE_INPUTS_HEAD_BYTES offsetof(bms_inputs_t, bus.link)

static inline size_t bms_trace_inputs_bytes(const bms_inputs_t* inputs) {
  const size_t count =
      inputs->bus.link_count < BMS_LINK_INBOX ? inputs->bus.link_count : BMS_LINK_INBOX;
  return BMS_TRACE_INPUTS_HEAD_BYTES + count * sizeof(bms_link_message_t);
}

#define BMS_TRACE_OUTPUT_WORDS (sizeof(bms_outputs_t) / sizeof(uint32_t))

/* FNV-1a over the outputs, copied to 32-bit words instead of bytes, for speed. Each round is a
 * bijection of the digest: outputs that differ in a single word never share a digest. */
static inline uint64_t bms_trace_digest(const uint32_t* words) {
  uint64_t digest = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < BMS_TRACE_OUTPUT_WORDS; ++i)
    digest = (digest ^ words[i]) * UINT64_C(0x100000001b3);
  return digest;
}

#ifdef __cplusplus
}
#endif

#endif
