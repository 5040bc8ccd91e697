// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/call_check.hpp"

#include <fmt/format.h>

#include <ctime>

#include "cores/core_report.hpp"

namespace doppelpack::sim {

void fail(const CoreCall& call, FailureKind kind, const std::string& what) {
  const std::string reason = fmt::format(
      "core \"{}\" {} at {:.9g} s in {}", call.identity.name, what, to_seconds(call.at.t_ns),
      call.inputs == nullptr ? "init" : fmt::format("step {}", call.at.number));
  throw CoreFailure(kind, reason, "core_failure.json", failure_report(call, kind, reason));
}

void check_memory(const CoreCall& call, const GuardedMemory& memory,
                  std::span<const std::byte> state) {
  if (memory.is_intact(state)) [[likely]]
    return;
  fail(call, FailureKind::scribble,
       fmt::format("wrote outside its instance of {} bytes", call.instance.size()));
}

void check_cpu_time(const CoreCall& call, double took_s, double budget_s) {
  if (budget_s <= 0.0 || took_s <= budget_s) [[likely]]
    return;
  fail(call, FailureKind::overrun,
       fmt::format("took {:.6g} s of CPU time, budget {:.6g} s,", took_s, budget_s));
}

double CpuStopwatch::now_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace doppelpack::sim
