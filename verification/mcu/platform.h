/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* What the replay needs of the machine it runs on. */
#ifndef VERIFICATION_MCU_PLATFORM_H
#define VERIFICATION_MCU_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens the trace. False: there is none. */
bool platform_open(const char* path);

/* Reads up to `bytes`; how many there were, 0 at the end of the trace. Uses hardly any stack, so
 * that the deepest stack is the core's. */
size_t platform_read(void* to, size_t bytes);

/* A free-running 24-bit counter; 0 where instructions are not counted. */
uint32_t platform_ticks(void);

/* Fills the free stack with a pattern; how much of it has been overwritten since. */
void platform_paint_stack(void);
size_t platform_used_stack(void);

#endif
