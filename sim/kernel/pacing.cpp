// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "pacing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace doppelpack::sim {

namespace {

/// Simulated time is cut that fine, at high speed no finer than this of the host's: a thread that
/// sleeps for less would spend its time falling asleep.
constexpr Time kShortestSlot = kMillisecond;
constexpr std::chrono::microseconds kShortestSleep{250};

}  // namespace

Pacing::Pacing(double speed, const RealTimeOptions& options,
               std::function<void(std::string_view line)> notice)
    : options_(options),
      notice_(std::move(notice)),
      pacer_(speed, options.spin),
      last_speed_(speed),
      statistics_(options.budget) {}

Time Pacing::slot_ns() const {
  const std::chrono::duration<double, std::milli> sleep = kShortestSleep;
  const double milliseconds = std::ceil(sleep.count() * pacer_.speed());
  return std::max(kShortestSlot, static_cast<Time>(milliseconds) * kMillisecond);
}

void Pacing::set_speed(double speed) {
  pacer_ = Pacer(speed, options_.spin);
  if (speed > 0.0) last_speed_ = speed;
  statistics_.set_clock();
}

void Pacing::resume(Time t_ns) {
  if (is_paced() && !thread_) claim_thread();
  if (!pacer_.resume(t_ns)) return;
  if (options_.may_rest) {
    statistics_.pause();
  } else {
    statistics_.give_up();
  }
}

void Pacing::claim_thread() {
  thread_.emplace(options_);
  if (thread_->refusals().empty() || !notice_) return;
  notice_(fmt::format("real time: {}; docs/real_time.md", fmt::join(thread_->refusals(), "; ")));
}

void Pacing::wait_for(Time t_ns) {
  if (!is_paced()) return;
  const auto due = pacer_.due(t_ns);
  const auto served = pacer_.wait_for(t_ns);
  statistics_.serve(due, served, pacer_.due(t_ns + slot_ns()) - due);
  if (served - due < TimingReport::kGivenUp) return;
  statistics_.give_up();
  pacer_.start_anew(t_ns, served);
}

std::optional<TimingReport> Pacing::report() const {
  std::optional<TimingReport> report = statistics_.report();
  if (!report) return report;
  report->speed = last_speed_;
  if (thread_) report->scheduling.assign(thread_->words().begin(), thread_->words().end());
  return report;
}

}  // namespace doppelpack::sim
