// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/metrics.hpp"

#include <fmt/format.h>

#include <cmath>

namespace doppelpack::http {

namespace {

void append_metric(std::string& text, std::string_view name, std::string_view type,
                   std::string_view help, double value) {
  text += fmt::format("# HELP doppelpack_{0} {1}\n# TYPE doppelpack_{0} {2}\ndoppelpack_{0} {3}\n",
                      name, help, type, value);
}

std::string number_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0.0 ? "+Inf" : "-Inf";
  return fmt::format("{:.9g}", value + 0.0);
}

void append_signals(const Site& site, const LiveFrame& frame, std::string& text) {
  text +=
      "# HELP doppelpack_signal Signals of the standard recording, by name and unit\n"
      "# TYPE doppelpack_signal gauge\n";
  for (const std::size_t position : site.metrics) {
    const sim::Signal& signal = site.live.signals().all()[position];
    text += fmt::format("doppelpack_signal{{name=\"{}\",unit=\"{}\"}} {}\n", signal.name,
                        sim::unit_of(signal.dimension), number_of(frame.values[position]));
  }
}

void append_deadlines(const sim::TimingReport& report, std::string& text) {
  const auto in_seconds = [&](std::string_view name, std::string_view help, double us) {
    append_metric(text, name, "gauge", help, us / 1e6);
  };
  append_metric(text, "timing_valid", "gauge", "1 while the timing of the run is valid",
                report.is_valid ? 1.0 : 0.0);
  append_metric(text, "deadlines_total", "counter", "Deadlines of the paced run",
                static_cast<double>(report.slots));
  append_metric(text, "missed_deadlines_total", "counter",
                "Of these, served when the one after had passed as well",
                static_cast<double>(report.missed_slots));
  append_metric(text, "late_share", "gauge", "Share of the deadlines later than the budget",
                report.late_share);
  in_seconds("lateness_p50_seconds", "Lateness of the deadlines, median", report.p50_us);
  in_seconds("lateness_p99_seconds", "Likewise, 99 %", report.p99_us);
  in_seconds("lateness_p99_9_seconds", "Likewise, 99.9 %", report.p99_9_us);
  in_seconds("lateness_max_seconds", "Likewise, the worst", report.max_us);
}

}  // namespace

std::string metrics_text(const Site& site) {
  const auto frame = site.live.frame();
  const TimingHealth& timing = frame->timing;
  const Traffic& traffic = site.traffic;
  const auto count = [](std::uint64_t value) { return static_cast<double>(value); };
  std::string text;
  append_metric(text, "simulated_seconds", "counter", "Simulated time",
                sim::to_seconds(frame->t_ns));
  append_metric(text, "running", "gauge", "1 while time runs", frame->clock.is_running ? 1.0 : 0.0);
  append_metric(text, "over", "gauge", "1 once the bench has ended by itself",
                frame->why_over.empty() ? 0.0 : 1.0);
  append_metric(text, "speed", "gauge", "Simulated seconds per second asked for; 0: all there is",
                frame->clock.speed);
  append_metric(text, "achieved_speed", "gauge", "Likewise, over the last second",
                timing.achieved_speed);
  append_metric(text, "lag_seconds", "gauge", "Behind the deadline of the last slice",
                timing.lag_ms / 1e3);
  append_metric(text, "worst_lag_seconds", "gauge", "Worst since the clock was set",
                timing.worst_lag_ms / 1e3);
  append_metric(text, "late_slices", "gauge", "Slices more than 5 ms late since then",
                count(timing.late_slices));
  append_metric(text, "slips", "gauge", "Lags given up since then", count(timing.slips));
  if (frame->report) append_deadlines(*frame->report, text);
  append_metric(text, "events_total", "counter", "Lines of the event log",
                count(frame->events->count));
  append_metric(text, "active_faults", "gauge", "Faults that are on",
                count(frame->events->faults.size()));
  append_metric(text, "requests_total", "counter", "HTTP requests", count(traffic.requests));
  append_metric(text, "refused_requests_total", "counter", "Of these, answered with an error",
                count(traffic.refused));
  append_metric(text, "commands_total", "counter", "Commands obeyed", count(traffic.commands));
  append_metric(text, "streams", "gauge", "Streams open", traffic.streams);
  append_metric(text, "stream_frames_total", "counter", "Frames sent to streams",
                count(traffic.stream_frames));
  append_metric(text, "skipped_frames_total", "counter", "Frames that slow clients were spared",
                count(traffic.skipped_frames));
  append_signals(site, *frame, text);
  return text;
}

}  // namespace doppelpack::http
