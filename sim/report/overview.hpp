// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A run of any length in a bounded number of intervals.
#pragma once

#include <span>

#include "report/report_data.hpp"

namespace doppelpack::sim {

/// When the last interval is full, each two become one: nothing that stuck out is lost.
class OverviewRecorder {
 public:
  /// most: even; interval_ns: of the finest intervals.
  OverviewRecorder(std::size_t signals, Time start_ns, Time interval_ns, std::size_t most);

  /// Times must not fall.
  void add(Time t_ns, std::span<const float> values);

  const Overview& overview() const { return overview_; }

 private:
  void merge_pairs();

  std::size_t most_;
  Overview overview_;
};

}  // namespace doppelpack::sim
