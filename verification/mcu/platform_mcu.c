/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: 2026 The doppelpack authors */

/* A Cortex-M4 in QEMU: vectors, start-up, files by semihosting, the SysTick as a stop-watch.
 * Semihosting calls: Arm, "Semihosting for AArch32 and AArch64", release 2.0. */
#include <stdlib.h>
#include <string.h>

#include "platform.h"

#define SYS_OPEN 0x01u
#define SYS_READ 0x06u
#define SYS_GET_CMDLINE 0x15u
#define SYS_EXIT 0x18u
#define STOPPED_BY_ERROR 0x20023u /* ADP_Stopped_RunTimeErrorUnknown: QEMU ends with status 1 */

#define SYST_CSR (*(volatile uint32_t*)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t*)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t*)0xE000E018u)
#define LAST_TICK 0xFFFFFFu

#define PAINT 0xC5u
#define PAINTED_BYTES 16384u
#define SPARED_BYTES 64u /* the frame of platform_paint_stack() itself */

extern uint32_t __etext, __data_start, __data_end, __bss_start, __bss_end, __stack_top;
extern void initialise_monitor_handles(void);
int main(int argc, char** argv);
void reset(void);

static uintptr_t call_host(uint32_t operation, const void* block) {
  register uint32_t r0 __asm("r0") = operation;
  register const void* r1 __asm("r1") = block;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void fault(void) {
  call_host(SYS_EXIT, (const void*)STOPPED_BY_ERROR);
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static void* const vectors[] = {
    &__stack_top, (void*)reset, (void*)fault, (void*)fault,
    (void*)fault, (void*)fault, (void*)fault,
};

/* The words of the command line that QEMU was given, with `arg=`. */
static int split_command_line(char** argv, int most) {
  static char line[1024];
  uintptr_t block[2] = {(uintptr_t)line, sizeof line};
  int argc = 0;
  if (call_host(SYS_GET_CMDLINE, block) != 0) return 0;
  for (char* word = strtok(line, " "); word != NULL && argc < most; word = strtok(NULL, " "))
    argv[argc++] = word;
  return argc;
}

void reset(void) {
  const size_t data_bytes = (size_t)((char*)&__data_end - (char*)&__data_start);
  memcpy(&__data_start, &__etext, data_bytes);
  memset(&__bss_start, 0, (size_t)((char*)&__bss_end - (char*)&__bss_start));
  initialise_monitor_handles();
  SYST_RVR = LAST_TICK;
  SYST_CVR = 0;
  SYST_CSR = 5; /* on, at the processor's clock */
  static char* argv[4];
  exit(main(split_command_line(argv, 4), argv));
}

void _init(void) {}
void _fini(void) {}

static uintptr_t trace;

bool platform_open(const char* path) {
  const uintptr_t mode_rb = 1;
  const uintptr_t block[3] = {(uintptr_t)path, mode_rb, strlen(path)};
  trace = call_host(SYS_OPEN, block);
  return trace != UINTPTR_MAX;
}

size_t platform_read(void* to, size_t bytes) {
  const uintptr_t block[3] = {trace, (uintptr_t)to, bytes};
  return bytes - call_host(SYS_READ, block);
}

uint32_t platform_ticks(void) {
  return LAST_TICK - SYST_CVR; /* it counts down */
}

static unsigned char* painted_top;

__attribute__((noinline)) void platform_paint_stack(void) {
  volatile unsigned char* here = (unsigned char*)__builtin_frame_address(0) - SPARED_BYTES;
  painted_top = (unsigned char*)here;
  for (size_t i = 1; i <= PAINTED_BYTES; ++i) here[-(ptrdiff_t)i] = PAINT;
}

size_t platform_used_stack(void) {
  size_t clean = 0;
  while (clean < PAINTED_BYTES && painted_top[clean - (ptrdiff_t)PAINTED_BYTES] == PAINT) ++clean;
  return PAINTED_BYTES + SPARED_BYTES - clean;
}
