// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What becomes of the deadlines of a paced run: counted one by one, in memory that does not grow. Knows no
// clock; every time is passed in.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/timing.hpp"

namespace doppelpack::sim {

/// Counts durations in buckets that grow with them, 64 per power of two: a percentile is at most 1/64
/// above the true one, up to 137 s (longer ones count as that).
class LatenessHistogram {
 public:
  void add(std::chrono::nanoseconds lateness);
  std::uint64_t count() const { return count_; }
  std::chrono::nanoseconds max() const { return max_; }
  /// The least duration such that this share (0..1) of all is not longer: the upper edge of its bucket, at
  /// most max(). 0 of none.
  std::chrono::nanoseconds quantile(double share) const;

 private:
  static constexpr int kBits = 6;  ///< of a bucket within its power of two
  static constexpr int kLongestBits = 37;
  static constexpr std::size_t kPerOctave = std::size_t{1} << kBits;

  static std::size_t bucket_of(std::uint64_t ns);
  static std::uint64_t upper_edge(std::size_t bucket);

  std::array<std::uint64_t, (kLongestBits - kBits + 1) * kPerOctave> buckets_{};
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

class TimingStatistics {
 public:
  using WallTime = std::chrono::steady_clock::time_point;

  explicit TimingStatistics(std::chrono::nanoseconds budget) : budget_(budget) {}

  /// A deadline was served; the one after it is due that much later. Before it is due counts as on time.
  void serve(WallTime due, WallTime served, std::chrono::nanoseconds to_next);
  /// The lag of the last slot is not caught up: deadlines begin anew.
  void give_up();
  /// Nobody wanted the bench to run for a while: deadlines begin anew.
  void pause();
  /// Deadlines begin anew because the clock of the bench was set.
  void set_clock() { late_since_.reset(); }

  /// Nothing before the first slot. `speed` and `scheduling` are left to who knows them.
  std::optional<TimingReport> report() const;

 private:
  std::chrono::nanoseconds budget_;
  LatenessHistogram latenesses_;
  std::uint64_t missed_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t slips_ = 0;
  std::uint64_t pauses_ = 0;
  std::optional<WallTime> late_since_;  ///< the deadline of the first slot of those late in a row
  std::chrono::nanoseconds worst_catch_up_{0};
};

}  // namespace doppelpack::sim
