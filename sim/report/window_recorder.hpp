// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Windows around noteworthy events: from 2 s before to 5 s after, one for events that lie close.
#pragma once

#include <deque>
#include <span>

#include "report/report_data.hpp"

namespace doppelpack::sim {

/// The last seconds are always in memory, so a window begins before its event. Bounded: the number of
/// windows, their length, and what each holds; what finds no place is counted.
class WindowRecorder {
 public:
  static constexpr Time kBefore = 2 * kSecond;
  static constexpr Time kAfter = 5 * kSecond;
  static constexpr Time kLongest = 30 * kSecond;
  static constexpr std::size_t kMostWindows = 24;
  /// Those that only everyday events have opened: states, warnings, gates.
  static constexpr std::size_t kMostEverydayWindows = 8;
  static constexpr std::size_t kMostFrames = 150;
  static constexpr std::size_t kMostBursts = 40;
  static constexpr std::size_t kLongestBurst = 512;
  static constexpr std::size_t kMostEvents = 100;
  static constexpr std::size_t kMostEdges = 2000;
  /// Numbers in the rows of all windows.
  static constexpr std::size_t kMostNumbers = 600'000;

  WindowRecorder(Time start_ns, std::size_t packs);

  // Times never fall, but an event may be a little older than what was last heard.
  void add(const Event& event);
  void add(ReportRow row);
  void add(const LampEdge& edge);
  void hear(const HeardFrame& frame);
  void hear(HeardBurst burst);

  const std::vector<ReportWindow>& windows() const { return windows_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  bool is_open(Time t_ns) const { return !windows_.empty() && t_ns <= windows_.back().end_ns; }
  bool place(Time t_ns, bool is_everyday);
  bool open(Time t_ns, bool is_everyday);
  void bring_up_to_date(ReportWindow& window, Time after_ns);
  void keep(ReportWindow& window, const ReportRow& row);
  static void keep(ReportWindow& window, const LampEdge& edge);
  void forget(Time now_ns);

  Time start_ns_;
  std::vector<ReportWindow> windows_;
  std::size_t everyday_windows_ = 0;
  std::uint64_t left_out_ = 0;
  std::size_t numbers_ = 0;
  // The last kBefore.
  std::deque<ReportRow> rows_;
  std::deque<LampEdge> edges_;
  std::deque<HeardFrame> frames_;
  std::deque<HeardBurst> bursts_;
  std::vector<std::uint32_t> lit_before_;  ///< of each pack, before the first of edges_
};

}  // namespace doppelpack::sim
