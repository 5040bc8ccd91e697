// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/window_recorder.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace doppelpack::sim {

namespace {

// What somebody or something did to the pack, and what it takes seriously.
constexpr std::array<std::string_view, 10> kGrave{
    "fault",     "entry",        "protection", "failure", "button",
    "violation", "core-failure", "comparator", "note",    "inverter"};
constexpr std::array<std::string_view, 7> kEveryday{"state", "warning", "limiting", "gate",
                                                    "coil",  "supply",  "set"};

template <typename Words>
bool is_one_of(const Words& words, const Event& event) {
  return std::find(words.begin(), words.end(), event.kind) != words.end();
}

template <typename Item>
void append(std::vector<Item>& items, const Item& item, std::size_t most, std::uint64_t& left_out) {
  if (items.size() < most)
    items.push_back(item);
  else
    ++left_out;
}

template <typename Item>
void drop_older(std::deque<Item>& items, Time t_ns) {
  while (!items.empty() && items.front().t_ns < t_ns) items.pop_front();
}

}  // namespace

WindowRecorder::WindowRecorder(Time start_ns, std::size_t packs)
    : start_ns_(start_ns), lit_before_(packs, 0) {}

void WindowRecorder::add(const Event& event) {
  const bool is_everyday = is_one_of(kEveryday, event);
  if (!is_everyday && !is_one_of(kGrave, event)) return;
  if (!place(event.t_ns, is_everyday)) {
    ++left_out_;
    return;
  }
  ReportWindow& window = windows_.back();
  append(window.events, event, kMostEvents, window.events_left_out);
}

// The last window grows as long as it may. What would follow an event beyond that begins a new one, which
// overlaps: the first seconds after a fault are never cut.
bool WindowRecorder::place(Time t_ns, bool is_everyday) {
  if (windows_.empty() || t_ns - kBefore > windows_.back().end_ns) return open(t_ns, is_everyday);
  ReportWindow& last = windows_.back();
  if (t_ns + kAfter > last.start_ns + kLongest)
    return open(t_ns, is_everyday) || t_ns <= last.end_ns;
  const Time before_ns = last.end_ns;
  last.end_ns = std::max(before_ns, t_ns + kAfter);
  if (t_ns > before_ns) bring_up_to_date(last, before_ns);
  return true;
}

bool WindowRecorder::open(Time t_ns, bool is_everyday) {
  if (windows_.size() == kMostWindows || numbers_ >= kMostNumbers) return false;
  if (is_everyday && everyday_windows_ == kMostEverydayWindows) return false;
  if (is_everyday) ++everyday_windows_;
  if (!windows_.empty()) windows_.back().end_ns = std::min(windows_.back().end_ns, t_ns);
  ReportWindow window;
  window.start_ns = std::max(t_ns - kBefore, start_ns_);
  window.end_ns = t_ns + kAfter;
  std::vector<std::uint32_t> lit = lit_before_;
  for (const LampEdge& edge : edges_)
    if (edge.t_ns < window.start_ns) lit[edge.pack] = edge.lit;
  for (std::size_t pack = 0; pack < lit.size(); ++pack)
    window.lamps.push_back({window.start_ns, pack, lit[pack]});
  bring_up_to_date(window, window.start_ns - 1);
  windows_.push_back(std::move(window));
  return true;
}

void WindowRecorder::bring_up_to_date(ReportWindow& window, Time after_ns) {
  for (const ReportRow& row : rows_)
    if (row.t_ns > after_ns) keep(window, row);
  for (const LampEdge& edge : edges_)
    if (edge.t_ns > after_ns) keep(window, edge);
  for (const HeardFrame& frame : frames_)
    if (frame.t_ns > after_ns) append(window.frames, frame, kMostFrames, window.frames_left_out);
  for (const HeardBurst& burst : bursts_)
    if (burst.t_ns > after_ns) append(window.bursts, burst, kMostBursts, window.bursts_left_out);
}

void WindowRecorder::keep(ReportWindow& window, const ReportRow& row) {
  if (numbers_ >= kMostNumbers) return;
  numbers_ += row.values.size();
  window.rows.push_back(row);
}

void WindowRecorder::keep(ReportWindow& window, const LampEdge& edge) {
  if (window.lamps.size() < kMostEdges) window.lamps.push_back(edge);
}

void WindowRecorder::add(ReportRow row) {
  forget(row.t_ns);
  if (is_open(row.t_ns)) keep(windows_.back(), row);
  rows_.push_back(std::move(row));
}

void WindowRecorder::add(const LampEdge& edge) {
  if (is_open(edge.t_ns)) keep(windows_.back(), edge);
  edges_.push_back(edge);
}

void WindowRecorder::hear(const HeardFrame& frame) {
  if (is_open(frame.t_ns)) {
    ReportWindow& window = windows_.back();
    append(window.frames, frame, kMostFrames, window.frames_left_out);
  }
  frames_.push_back(frame);
  if (frames_.size() > kMostFrames) frames_.pop_front();
}

void WindowRecorder::hear(HeardBurst burst) {
  burst.bytes.resize(std::min(burst.bytes.size(), kLongestBurst));
  if (is_open(burst.t_ns)) {
    ReportWindow& window = windows_.back();
    append(window.bursts, burst, kMostBursts, window.bursts_left_out);
  }
  bursts_.push_back(std::move(burst));
  if (bursts_.size() > kMostBursts) bursts_.pop_front();
}

void WindowRecorder::forget(Time now_ns) {
  const Time oldest_ns = now_ns - kBefore;
  drop_older(rows_, oldest_ns);
  drop_older(frames_, oldest_ns);
  drop_older(bursts_, oldest_ns);
  while (!edges_.empty() && edges_.front().t_ns < oldest_ns) {
    lit_before_[edges_.front().pack] = edges_.front().lit;
    edges_.pop_front();
  }
}

}  // namespace doppelpack::sim
