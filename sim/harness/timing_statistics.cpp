// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/timing_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace doppelpack::sim {

namespace {

using std::chrono::nanoseconds;

double in_us(nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double in_ms(nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::string why_not_valid(const TimingReport& report) {
  const double worst_ms = report.budget_ms * TimingReport::kTooLate;
  if (report.slips > 0)
    return fmt::format("{} lag{} of more than {} ms {} given up", report.slips,
                       report.slips == 1 ? "" : "s", TimingReport::kGivenUp.count(),
                       report.slips == 1 ? "was" : "were");
  if (report.late_share > TimingReport::kLateShare)
    return fmt::format("{:.2g} % of the slots were later than {:g} ms, expected at most {:g} %",
                       report.late_share * 100.0, report.budget_ms,
                       TimingReport::kLateShare * 100.0);
  if (report.max_us > worst_ms * 1e3)
    return fmt::format("a slot was {:.3g} ms late, expected at most {:g} ms", report.max_us / 1e3,
                       worst_ms);
  return "";
}

}  // namespace

std::size_t LatenessHistogram::bucket_of(std::uint64_t ns) {
  ns = std::min(ns, (std::uint64_t{1} << kLongestBits) - 1);
  if (ns < kPerOctave) return static_cast<std::size_t>(ns);
  const int shift = static_cast<int>(std::bit_width(ns)) - kBits - 1;
  return static_cast<std::size_t>(shift) * kPerOctave + static_cast<std::size_t>(ns >> shift);
}

std::uint64_t LatenessHistogram::upper_edge(std::size_t bucket) {
  if (bucket < 2 * kPerOctave) return bucket;
  const std::size_t shift = bucket / kPerOctave - 1;
  const std::uint64_t first = bucket - shift * kPerOctave;
  return ((first + 1) << shift) - 1;
}

void LatenessHistogram::add(nanoseconds lateness) {
  lateness = std::max(lateness, nanoseconds(0));
  ++buckets_[bucket_of(static_cast<std::uint64_t>(lateness.count()))];
  ++count_;
  max_ = std::max(max_, lateness);
}

nanoseconds LatenessHistogram::quantile(double share) const {
  const double wanted = std::ceil(share * static_cast<double>(count_) - 1e-6);
  const std::uint64_t rank = std::clamp<std::uint64_t>(
      static_cast<std::uint64_t>(std::max(wanted, 1.0)), 1, std::max<std::uint64_t>(count_, 1));
  std::uint64_t below = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    below += buckets_[bucket];
    if (below >= rank)
      return std::min(nanoseconds(static_cast<nanoseconds::rep>(upper_edge(bucket))), max_);
  }
  return max_;
}

void TimingStatistics::serve(WallTime due, WallTime served, nanoseconds to_next) {
  const nanoseconds lateness = std::max(nanoseconds(served - due), nanoseconds(0));
  latenesses_.add(lateness);
  if (lateness >= to_next) ++missed_;
  const bool is_late = lateness > budget_;
  if (is_late) ++late_;
  if (is_late && !late_since_) late_since_ = due;
  if (late_since_) worst_catch_up_ = std::max(worst_catch_up_, nanoseconds(served - *late_since_));
  if (!is_late) late_since_.reset();
}

void TimingStatistics::give_up() {
  ++slips_;
  late_since_.reset();
}

void TimingStatistics::pause() {
  ++pauses_;
  late_since_.reset();
}

std::optional<TimingReport> TimingStatistics::report() const {
  if (latenesses_.count() == 0) return {};
  TimingReport report;
  report.budget_ms = in_ms(budget_);
  report.slots = latenesses_.count();
  report.missed_slots = missed_;
  report.late_share = static_cast<double>(late_) / static_cast<double>(report.slots);
  report.p50_us = in_us(latenesses_.quantile(0.5));
  report.p99_us = in_us(latenesses_.quantile(0.99));
  report.p99_9_us = in_us(latenesses_.quantile(0.999));
  report.max_us = in_us(latenesses_.max());
  report.worst_catch_up_ms = in_ms(worst_catch_up_);
  report.slips = slips_;
  report.pauses = pauses_;
  report.reason = why_not_valid(report);
  report.is_valid = report.reason.empty();
  return report;
}

}  // namespace doppelpack::sim
