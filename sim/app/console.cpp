// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace doppelpack::app {

namespace {

std::string verdict_detail(const sim::Verdict& verdict) {
  std::string text;
  if (verdict.measured_s) text += fmt::format("  at {:.6g} s", *verdict.measured_s);
  if (verdict.kind == "within" && verdict.measured_s) {
    text = fmt::format("  after {:.6g} s", *verdict.measured_s);
  }
  if (verdict.limit_s) text += fmt::format(", limit {:.6g} s", *verdict.limit_s);
  if (verdict.margin_s) text += fmt::format(", margin {:.6g} s", *verdict.margin_s);
  return text;
}

}  // namespace

bool is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}

std::string tinted(std::string_view text, Tint tint) {
  if (!is_terminal()) return std::string(text);
  const int code = tint == Tint::good ? 32 : tint == Tint::bad ? 31 : 2;
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void show_status(std::string_view text) {
  if (!is_terminal()) return;
  fmt::print("\r\x1b[K{}", text);
  std::fflush(stdout);
}

void clear_status() {
  if (!is_terminal()) return;
  fmt::print("\r\x1b[K");
  std::fflush(stdout);
}

bool run_to(sim::Bench& bench, sim::Time t_ns, const StopOnSignal& stopper) {
  const sim::Time percent_ns = std::max<sim::Time>(bench.scenario().duration_ns / 100, 1);
  while (bench.now_ns() < t_ns && !stopper.was_stopped() && !bench.is_over()) {
    const sim::Time percent = bench.now_ns() / percent_ns + 1;
    bench.run_until(std::min(percent * percent_ns, t_ns));
    show_status(fmt::format("{} {} %", bench.scenario().key, std::min<sim::Time>(percent, 100)));
  }
  clear_status();
  return !stopper.was_stopped();
}

void print_result(const sim::RunResult& result) {
  fmt::print("{} {}  {:g} s simulated in {:.3g} s, {:.0f} x real time\n",
             result.has_passed ? tinted("PASS", Tint::good) : tinted("FAIL", Tint::bad),
             result.scenario, result.simulated_s, result.wall_s, result.real_time_factor);
  for (const sim::Verdict& verdict : result.expectations) {
    fmt::print("  {} {}: {}{}\n",
               verdict.has_held ? tinted("ok  ", Tint::good) : tinted("FAIL", Tint::bad),
               verdict.name, verdict.kind, verdict_detail(verdict));
    if (!verdict.has_held) fmt::print("       {}\n", verdict.reason);
  }
  fmt::print("{}\n", tinted("  event log sha256 " + result.event_log_sha256, Tint::faint));
  std::fflush(stdout);
}

}  // namespace doppelpack::app
