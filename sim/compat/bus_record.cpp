// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/bus_record.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace doppelpack::sim {

namespace {

constexpr Time kBeforeStimulus = 2 * kSecond;

// Of each end of an item. All of the longest item of ours are 3000; a minute of a full bus is 240000,
// which nobody reads in a report.
constexpr std::size_t kMostLines = 10'000;

}  // namespace

void BusRecord::keep(const TimedLine& line, Window& window) {
  if (line.t_ns >= window.end_ns) return;
  if (window.first.size() < kMostLines) {
    window.first.push_back(line);
    return;
  }
  window.last.push_back(line);
  if (window.last.size() <= kMostLines) return;
  window.last.pop_front();
  ++window.left_out;
}

void BusRecord::settle(Time t_ns) {
  // A frame has the time of its end, so it may have come before one that was added earlier.
  std::stable_sort(unsettled_.begin(), unsettled_.end(),
                   [](const TimedLine& a, const TimedLine& b) { return a.t_ns < b.t_ns; });
  const auto end = std::find_if(unsettled_.begin(), unsettled_.end(),
                                [t_ns](const TimedLine& line) { return line.t_ns > t_ns; });
  std::string lines;
  for (auto line = unsettled_.begin(); line != end; ++line) {
    lines += line->text;
    for (Window& window : windows_) keep(*line, window);
    recent_.push_back(std::move(*line));
  }
  unsettled_.erase(unsettled_.begin(), end);
  while (!recent_.empty() && recent_.front().t_ns < t_ns - kBeforeStimulus) recent_.pop_front();
  if (!lines.empty()) sink_(lines);
}

void BusRecord::open(Time stimulus_ns) {
  Window& window = windows_.emplace_back();
  window.end_ns = std::numeric_limits<Time>::max();
  for (const TimedLine& line : recent_) {
    if (line.t_ns >= stimulus_ns - kBeforeStimulus) keep(line, window);
  }
}

std::vector<Evidence> BusRecord::take_evidence() {
  std::vector<Evidence> all;
  for (Window& window : windows_) {
    Evidence& evidence = all.emplace_back();
    evidence.lines = std::move(window.first);
    evidence.left_out_at = evidence.lines.size();
    evidence.left_out = window.left_out;
    std::move(window.last.begin(), window.last.end(), std::back_inserter(evidence.lines));
  }
  return all;
}

}  // namespace doppelpack::sim
