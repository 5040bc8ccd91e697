/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* Runs the core over a trace and compares each step's outputs with the recorded ones. The same
 * program on the host and on the microcontroller; its result is one line of JSON.
 *
 *   replay <trace>           compare
 *   replay <trace> <step>    print the outputs of that step as well, to see where two differ */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "sim/bms_trace_format.h"

#define NO_STEP UINT32_MAX
#define READ_BYTES 65536u
#define LONGEST_INSTANCE 16384u

typedef struct {
  uint32_t power_ups, steps, differing, first_differing;
  uint32_t worst_ticks;
  uint64_t total_ticks;
} result_t;

static alignas(max_align_t) unsigned char instance[LONGEST_INSTANCE];
static bms_config_t config;
static bms_inputs_t inputs;
static bms_outputs_t outputs;
static uint32_t ticks_of_nothing;

static void fail(const char* reason) {
  printf("{\"error\": \"%s\"}\n", reason);
  exit(1);
}

/* False at the end of the trace, if that is where a record may end. */
static bool take(void* to, size_t bytes, bool may_end) {
  static unsigned char buffer[READ_BYTES];
  static size_t at, end;
  unsigned char* target = to;
  for (size_t taken = 0; taken < bytes;) {
    if (at == end) {
      at = 0;
      end = platform_read(buffer, sizeof buffer);
      if (end == 0 && taken == 0 && may_end) return false;
      if (end == 0) fail("the trace ends within a record");
    }
    const size_t left = bytes - taken, ready = end - at;
    const size_t part = left < ready ? left : ready;
    memcpy(target + taken, buffer + at, part);
    at += part;
    taken += part;
  }
  return true;
}

static void check_header(void) {
  const bms_trace_header_t expected = bms_trace_header();
  bms_trace_header_t header;
  take(&header, sizeof header, false);
  if (memcmp(&header, &expected, sizeof header) != 0)
    fail("the trace is of another ABI, or its structs have other sizes here");
  if (bms_core()->instance_bytes > sizeof instance) fail("the instance is larger than expected");
}

static void power_up(void) {
  static uint8_t nvm[BMS_NVM_BYTES];
  take(&config, sizeof config, false);
  take(nvm, sizeof nvm, false);
  if (bms_core()->init(instance, &config, nvm).error != BMS_OK) fail("configuration refused");
}

typedef void step_t(void*, const bms_inputs_t*, uint32_t, bms_outputs_t*);

static uint32_t time_step(step_t* step, uint32_t dt_us) {
  const uint32_t start = platform_ticks();
  step(instance, &inputs, dt_us, &outputs);
  return (platform_ticks() - start) & 0xFFFFFFu;
}

static void do_nothing(void* self, const bms_inputs_t* in, uint32_t dt_us, bms_outputs_t* out) {
  (void)self, (void)in, (void)dt_us, (void)out;
}

static void print_outputs(void) {
  const unsigned char* bytes = (const unsigned char*)&outputs;
  for (size_t i = 0; i < sizeof outputs; ++i)
    fprintf(stderr, "%02x%c", bytes[i], i % 16 == 15 ? '\n' : ' ');
  fprintf(stderr, "\n");
}

static void take_inputs(void) {
  unsigned char* bytes = (unsigned char*)&inputs;
  memset(bytes, 0, sizeof inputs);
  take(bytes, BMS_TRACE_INPUTS_HEAD_BYTES, false);
  const size_t messages = bms_trace_inputs_bytes(&inputs) - BMS_TRACE_INPUTS_HEAD_BYTES;
  if (messages > 0) take(bytes + BMS_TRACE_INPUTS_HEAD_BYTES, messages, false);
}

/* Not on the stack, whose depth is measured. */
static uint64_t digest_outputs(void) {
  static uint32_t words[BMS_TRACE_OUTPUT_WORDS];
  memcpy(words, &outputs, sizeof words);
  return bms_trace_digest(words);
}

static void step(const bms_trace_record_t* record, uint32_t shown, result_t* result) {
  take_inputs();
  const uint32_t spent = time_step(bms_core()->step, record->dt_us);
  const uint32_t ticks = spent > ticks_of_nothing ? spent - ticks_of_nothing : 0;
  result->total_ticks += ticks;
  if (ticks > result->worst_ticks) result->worst_ticks = ticks;
  if (digest_outputs() != record->digest && result->differing++ == 0)
    result->first_differing = result->steps;
  if (result->steps++ == shown) print_outputs();
}

static void print_result(const result_t* result) {
  const size_t stack_bytes = platform_used_stack();
  const bool differs = result->differing != 0;
  printf("{\"power_ups\": %lu, \"steps\": %lu, \"differing\": %lu, \"first_differing\": %ld, ",
         (unsigned long)result->power_ups, (unsigned long)result->steps,
         (unsigned long)result->differing, differs ? (long)result->first_differing : -1L);
  /* Not %llu: the C library of the microcontroller may be built without it. */
  printf("\"total_ticks_high\": %lu, \"total_ticks_low\": %lu, \"worst_ticks\": %lu, ",
         (unsigned long)(result->total_ticks >> 32), (unsigned long)(uint32_t)result->total_ticks,
         (unsigned long)result->worst_ticks);
  printf("\"instance_bytes\": %lu, \"config_bytes\": %lu, \"inputs_bytes\": %lu, ",
         (unsigned long)bms_core()->instance_bytes, (unsigned long)sizeof config,
         (unsigned long)sizeof inputs);
  printf("\"outputs_bytes\": %lu, \"stack_bytes\": %lu}\n", (unsigned long)sizeof outputs,
         (unsigned long)stack_bytes);
}

int main(int argc, char** argv) {
  if (argc < 2 || !platform_open(argv[1])) fail("usage: replay <trace> [<step to show>]");
  const uint32_t shown = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : NO_STEP;
  result_t result = {0};
  bms_trace_record_t record;
  check_header();
  step_t* volatile nothing = do_nothing;
  ticks_of_nothing = time_step(nothing, 0);
  platform_paint_stack();
  while (take(&record, sizeof record, true)) {
    if (record.kind == BMS_TRACE_STEP) {
      step(&record, shown, &result);
    } else {
      power_up();
      ++result.power_ups;
    }
  }
  print_result(&result);
  return result.differing == 0 ? 0 : 1;
}
