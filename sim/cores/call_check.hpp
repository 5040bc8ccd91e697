// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is looked at after every call of a core, and how a failure is reported.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cores/core_host.hpp"
#include "cores/guarded_memory.hpp"

namespace doppelpack::sim {

/// One call, for the report. `inputs` nullptr: it was init.
struct CoreCall {
  const CoreIdentity& identity;
  const CoreStep& at;
  const bms_inputs_t* inputs;
  std::span<const std::byte> instance;
};

/// Throws CoreFailure. `what`: "ended by signal 11 (Segmentation fault)".
[[noreturn]] void fail(const CoreCall& call, FailureKind kind, const std::string& what);

/// Throws CoreFailure when a guard is hit.
void check_memory(const CoreCall& call, const GuardedMemory& memory,
                  std::span<const std::byte> state);

/// Throws CoreFailure above the budget; 0: none.
void check_cpu_time(const CoreCall& call, double took_s, double budget_s);

/// CPU time of this thread, so that a busy host does not count. Off it costs nothing and reads 0.
class CpuStopwatch {
 public:
  explicit CpuStopwatch(bool is_on) : is_on_(is_on), start_s_(is_on ? now_s() : 0.0) {}
  double elapsed_s() const { return is_on_ ? now_s() - start_s_ : 0.0; }

 private:
  static double now_s();

  bool is_on_;
  double start_s_;
};

}  // namespace doppelpack::sim
