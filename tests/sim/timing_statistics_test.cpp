// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Deadlines whose lateness is known, and what is reported of them. Nothing here looks at a clock.

#include "sim/timing_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace doppelpack::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr double kResolution = 1.0 / 64.0;

/// A run whose deadlines are a millisecond apart.
class Slots {
 public:
  explicit Slots(nanoseconds budget = milliseconds(1)) : statistics(budget) {}

  void serve(nanoseconds lateness, int times = 1) {
    for (int i = 0; i < times; ++i) {
      const TimingStatistics::WallTime due(++number_ * milliseconds(1));
      statistics.serve(due, due + lateness, milliseconds(1));
    }
  }
  TimingReport report() const { return statistics.report().value(); }

  TimingStatistics statistics;

 private:
  int number_ = 0;
};

// ---- the histogram ----

TEST(LatenessHistogram, has_nothing_to_say_about_nothing) {
  const LatenessHistogram none;
  EXPECT_EQ(none.quantile(0.5), nanoseconds(0));
  EXPECT_EQ(none.max(), nanoseconds(0));
}

TEST(LatenessHistogram, is_exact_below_128_ns) {
  LatenessHistogram histogram;
  for (int ns = 1; ns <= 100; ++ns) histogram.add(nanoseconds(ns));
  for (int percent = 1; percent <= 100; ++percent)
    EXPECT_EQ(histogram.quantile(percent / 100.0), nanoseconds(percent));
}

TEST(LatenessHistogram, quantiles_of_evenly_spread_durations) {
  LatenessHistogram histogram;
  for (int us = 1; us <= 100'000; ++us) histogram.add(microseconds(us));
  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto truth_ns = share * 1e8;
    const auto found_ns = static_cast<double>(histogram.quantile(share).count());
    EXPECT_GE(found_ns, truth_ns) << share;
    EXPECT_LE(found_ns, truth_ns * (1.0 + kResolution)) << share;
  }
  EXPECT_EQ(histogram.max(), milliseconds(100));
}

// Of 2^-k of the durations each, the k-th is 2^k us: the quantiles are known whatever the scale.
TEST(LatenessHistogram, quantiles_over_nine_decades) {
  LatenessHistogram histogram;
  for (int k = 0; k < 20; ++k)
    for (int i = 0; i < (1 << (19 - k)); ++i)
      histogram.add(nanoseconds(std::int64_t{1} << (k + 10)));
  for (int k = 0; k < 10; ++k) {
    const double truth_ns = std::ldexp(1.0, k + 10);
    const double share = 1.0 - std::ldexp(1.0, -(k + 1));
    const auto found_ns = static_cast<double>(histogram.quantile(share).count());
    EXPECT_GE(found_ns, truth_ns) << k;
    EXPECT_LE(found_ns, truth_ns * (1.0 + kResolution)) << k;
  }
}

TEST(LatenessHistogram, no_quantile_is_above_the_longest) {
  LatenessHistogram histogram;
  histogram.add(nanoseconds(1'000'001));
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(1'000'001));
}

TEST(LatenessHistogram, counts_what_takes_forever) {
  LatenessHistogram histogram;
  histogram.add(nanoseconds(1));
  histogram.add(seconds(100'000));
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.max(), seconds(100'000));
  EXPECT_GE(histogram.quantile(1.0), seconds(137));
}

// ---- deadlines ----

TEST(TimingStatistics, nothing_before_the_first_deadline) {
  const Slots slots;
  EXPECT_FALSE(slots.statistics.report());
}

TEST(TimingStatistics, a_thread_that_always_wakes_a_little_late) {
  Slots slots;
  slots.serve(microseconds(60), 99'000);
  slots.serve(microseconds(400), 1'000);
  const TimingReport report = slots.report();
  EXPECT_TRUE(report.is_valid) << report.reason;
  EXPECT_EQ(report.slots, 100'000U);
  EXPECT_EQ(report.missed_slots, 0U);
  EXPECT_EQ(report.late_share, 0.0);
  EXPECT_NEAR(report.p50_us, 60.0, 60.0 * kResolution);
  EXPECT_NEAR(report.p99_us, 60.0, 60.0 * kResolution);
  EXPECT_NEAR(report.p99_9_us, 400.0, 400.0 * kResolution);
  EXPECT_EQ(report.max_us, 400.0);
  EXPECT_EQ(report.worst_catch_up_ms, 0.0);
  EXPECT_EQ(report.budget_ms, 1.0);
}

TEST(TimingStatistics, before_it_is_due_is_on_time) {
  Slots slots;
  slots.serve(microseconds(-300));
  EXPECT_EQ(slots.report().max_us, 0.0);
  EXPECT_TRUE(slots.report().is_valid);
}

// One slot takes 5.4 ms longer than it may, those after it 0.4 ms instead of 1 ms: the lag shrinks by
// 0.6 ms per slot, 5.4, 4.8, ... 1.2, 0.6. Eight of them are later than the millisecond to the next
// deadline, and the ninth, 8 ms after the first was due, is served 0.6 ms after its own deadline.
TEST(TimingStatistics, a_stall_that_is_caught_up) {
  Slots slots;
  slots.serve(microseconds(10), 100);
  for (int lag_us = 5400; lag_us >= 0; lag_us -= 600) slots.serve(microseconds(lag_us));
  slots.serve(microseconds(10), 100);
  const TimingReport report = slots.report();
  EXPECT_EQ(report.missed_slots, 8U);
  EXPECT_NEAR(report.late_share, 8.0 / 210.0, 1e-12);
  EXPECT_EQ(report.max_us, 5400.0);
  EXPECT_NEAR(report.worst_catch_up_ms, 8.6, 1e-9);
}

TEST(TimingStatistics, the_longest_of_several_stalls) {
  Slots slots;
  slots.serve(milliseconds(2));
  slots.serve(microseconds(500));  // 1.5 ms after the deadline of the first
  for (int lag_us = 4000; lag_us > 0; lag_us -= 800)
    slots.serve(microseconds(lag_us));  // the fifth, 0.8 ms late, is due 4 ms after the first
  slots.serve(milliseconds(2));
  slots.serve(microseconds(900));  // 1.9 ms
  EXPECT_NEAR(slots.report().worst_catch_up_ms, 4.8, 1e-9);
}

TEST(TimingStatistics, a_stall_that_goes_on_counts_so_far) {
  Slots slots;
  slots.serve(milliseconds(2), 5);  // the fifth is due 4 ms after the first
  EXPECT_NEAR(slots.report().worst_catch_up_ms, 6.0, 1e-9);
}

TEST(TimingStatistics, missed_is_about_the_next_deadline_and_late_about_the_budget) {
  Slots slots(milliseconds(3));
  slots.serve(nanoseconds(999'999));
  slots.serve(milliseconds(1));
  slots.serve(milliseconds(3));
  slots.serve(milliseconds(3) + nanoseconds(1));
  EXPECT_EQ(slots.report().missed_slots, 3U);
  EXPECT_EQ(slots.report().late_share, 0.25);
}

// ---- the verdict ----

TEST(TimingVerdict, one_slot_in_a_thousand_may_be_late) {
  Slots slots;
  slots.serve(nanoseconds(0), 999);
  slots.serve(milliseconds(2));
  EXPECT_TRUE(slots.report().is_valid) << slots.report().reason;
  slots.serve(milliseconds(2));
  EXPECT_FALSE(slots.report().is_valid);
  EXPECT_NE(slots.report().reason.find("0.2 % of the slots were later than 1 ms"),
            std::string::npos)
      << slots.report().reason;
}

TEST(TimingVerdict, none_may_be_ten_times_as_late) {
  Slots slots;
  slots.serve(nanoseconds(0), 9'999);
  slots.serve(milliseconds(10));
  EXPECT_TRUE(slots.report().is_valid) << slots.report().reason;
  slots.serve(milliseconds(10) + nanoseconds(1));
  EXPECT_FALSE(slots.report().is_valid);
  EXPECT_NE(slots.report().reason.find("expected at most 10 ms"), std::string::npos);
}

TEST(TimingVerdict, follows_the_budget) {
  for (const auto& [budget, is_valid] :
       {std::pair{milliseconds(2), false}, std::pair{milliseconds(3), true}}) {
    Slots slots(budget);
    slots.serve(milliseconds(3), 100);
    EXPECT_EQ(slots.report().is_valid, is_valid);
  }
}

TEST(TimingVerdict, a_lag_that_is_given_up_is_never_valid) {
  Slots slots;
  slots.serve(nanoseconds(0), 100'000);
  slots.statistics.give_up();
  EXPECT_EQ(slots.report().slips, 1U);
  EXPECT_FALSE(slots.report().is_valid);
  EXPECT_EQ(slots.report().reason, "1 lag of more than 200 ms was given up");
}

TEST(TimingVerdict, pauses_and_other_speeds_are_nobodys_fault) {
  Slots slots;
  slots.serve(nanoseconds(0), 10'000);
  slots.serve(milliseconds(2));
  slots.statistics.pause();
  slots.serve(nanoseconds(0));
  slots.serve(milliseconds(2));
  slots.statistics.set_clock();
  slots.serve(nanoseconds(0));
  const TimingReport report = slots.report();
  EXPECT_EQ(report.pauses, 1U);
  EXPECT_TRUE(report.is_valid) << report.reason;
  EXPECT_NEAR(report.worst_catch_up_ms, 2.0, 1e-9) << "ends where the deadlines begin anew";
}

}  // namespace
}  // namespace doppelpack::sim
