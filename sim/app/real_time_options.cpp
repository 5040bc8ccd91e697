// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "real_time_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdio>

#include "console.hpp"
#include "shared_options.hpp"
#include "sim/data_error.hpp"
#include "sim/real_time_bundle.hpp"

namespace doppelpack::app {

namespace {

std::chrono::nanoseconds parse_duration(const char* option, const std::string& text, double most_s,
                                        const char* expected) {
  const double time_s = parse_option(option, text, sim::Dimension::time);
  if (time_s > 0.0 && time_s <= most_s) return std::chrono::nanoseconds(std::llround(time_s * 1e9));
  throw sim::DataError({option, 0, ""},
                       fmt::format("found \"{}\", expected a time above 0, {}", text, expected));
}

bool asks_for_anything(const PaceOptions& options) {
  return options.is_real_time || !options.spin.empty() || options.fifo_priority ||
         options.locks_memory || options.cpu || !options.budget.empty() ||
         options.requires_valid_timing;
}

}  // namespace

void add_pace_options(CLI::App& command, PaceOptions& options) {
  command.add_flag("--real-time", options.is_real_time,
                   fmt::format("Where permitted: --spin \"{} us\" --fifo {} --lock-memory; "
                               "docs/real_time.md",
                               sim::kRealTimeSpin.count(), sim::kRealTimeFifoPriority));
  command.add_option("--spin", options.spin,
                     "Wake that much before each deadline and look at the clock, \"100 us\"");
  command
      .add_option("--fifo", options.fifo_priority,
                  "SCHED_FIFO at that priority for the thread of the simulation, where permitted")
      ->check(CLI::Range(1, 99));
  command.add_flag("--lock-memory", options.locks_memory,
                   "Keep the whole process in memory, where permitted");
  command.add_option("--cpu", options.cpu, "Run the thread of the simulation on that CPU only")
      ->check(CLI::Range(0, 1023));
  command.add_option("--timing-budget", options.budget,
                     "Later than that a slot is late; without it 1 ms, a pass of the firmware");
  command.add_flag("--require-valid-timing", options.requires_valid_timing,
                   "Exit code 1 when the timing of the run is not valid");
}

void apply(const PaceOptions& options, sim::BenchOptions& bench) {
  if (asks_for_anything(options) && bench.speed <= 0.0)
    throw sim::DataError({"--speed", 0, ""},
                         "found \"max\", expected a number where real time is asked for");
  sim::RealTimeOptions& wanted = bench.real_time;
  if (!options.budget.empty())
    wanted.budget = parse_duration("--timing-budget", options.budget, 1.0, "at most 1 s");
  if (options.is_real_time) wanted.spin = sim::kRealTimeSpin;
  // A thread that spins all the time would stop others, and at last be stopped by the kernel.
  if (!options.spin.empty())
    wanted.spin = parse_duration("--spin", options.spin, 500e-6, "at most 500 us");
  wanted.fifo_priority =
      options.fifo_priority.value_or(options.is_real_time ? sim::kRealTimeFifoPriority : 0);
  wanted.locks_memory = options.locks_memory || options.is_real_time;
  wanted.cpu = options.cpu;
  wanted.may_rest = false;
  if (bench.notice) return;
  bench.notice = [](std::string_view line) { fmt::print(stderr, "{}\n", line); };
}

void print_timing(const std::optional<sim::TimingReport>& timing) {
  if (!timing) return;
  fmt::print(
      "  timing {}: {} slots, {} missed, late by {:.0f} us (p50), {:.0f} us (p99), {:.0f} us "
      "(p99.9), {:.0f} us at most; caught up in {:.3g} ms at most, {} slip{}\n",
      timing->is_valid ? tinted("valid", Tint::good) : tinted("not valid", Tint::bad),
      timing->slots, timing->missed_slots, timing->p50_us, timing->p99_us, timing->p99_9_us,
      timing->max_us, timing->worst_catch_up_ms, timing->slips, timing->slips == 1 ? "" : "s");
  if (!timing->is_valid) fmt::print("       {}\n", timing->reason);
  if (!timing->scheduling.empty())
    fmt::print("       scheduled with {}\n", fmt::join(timing->scheduling, "; "));
  std::fflush(stdout);
}

bool is_timing_accepted(const PaceOptions& options, const sim::RunResult& result) {
  return !options.requires_valid_timing || (result.timing && result.timing->is_valid);
}

}  // namespace doppelpack::app
