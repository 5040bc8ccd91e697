/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* The host: a file, and nothing to measure. */
#include <stdio.h>

#include "platform.h"

static FILE* trace;

bool platform_open(const char* path) {
  trace = fopen(path, "rb");
  return trace != NULL;
}

size_t platform_read(void* to, size_t bytes) {
  return fread(to, 1, bytes, trace);
}

uint32_t platform_ticks(void) {
  return 0;
}

void platform_paint_stack(void) {}

size_t platform_used_stack(void) {
  return 0;
}
