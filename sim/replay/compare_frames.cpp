// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "sim/replay.hpp"

namespace doppelpack::sim {

namespace {

using IdentifierKey = std::pair<std::uint32_t, bool>;
using FrameRow = std::vector<TimedFrame>;

std::map<IdentifierKey, std::pair<FrameRow, FrameRow>> sort_by_identifier(
    std::span<const TimedFrame> expected, std::span<const TimedFrame> found) {
  std::map<IdentifierKey, std::pair<FrameRow, FrameRow>> rows;
  for (const TimedFrame& timed : expected)
    rows[{timed.frame.id, timed.frame.is_extended}].first.push_back(timed);
  for (const TimedFrame& timed : found)
    rows[{timed.frame.id, timed.frame.is_extended}].second.push_back(timed);
  return rows;
}

FrameDifference content_differs(const TimedFrame& expected, const TimedFrame& found) {
  return {expected.t_ns, expected, found, "the content differs"};
}

FrameDifference is_missing(const TimedFrame& expected) {
  return {expected.t_ns, expected, std::nullopt, "did not come"};
}

FrameDifference is_extra(const TimedFrame& found) {
  return {found.t_ns, std::nullopt, found, "is not in the log"};
}

// Frame by frame, each at its time.
std::optional<FrameDifference> compare_times(const FrameRow& expected, const FrameRow& found,
                                             const CompareRules& rules) {
  std::size_t j = 0;
  for (const TimedFrame& wanted : expected) {
    for (; j < found.size() && found[j].t_ns < wanted.t_ns - rules.tolerance_ns; ++j) {
      if (found[j].t_ns >= rules.start_ns) return is_extra(found[j]);
    }
    if (j == found.size() || found[j].t_ns > wanted.t_ns + rules.tolerance_ns)
      return is_missing(wanted);
    if (found[j].frame != wanted.frame) return content_differs(wanted, found[j]);
    ++j;
  }
  // What came just after the end may be what the log would have held next.
  if (j < found.size() && found[j].t_ns >= rules.start_ns &&
      found[j].t_ns <= rules.end_ns - rules.tolerance_ns)
    return is_extra(found[j]);
  return std::nullopt;
}

// Frame by frame, each a pause after the one before it.
std::optional<FrameDifference> compare_pauses(const FrameRow& expected, const FrameRow& all_found,
                                              const CompareRules& rules) {
  FrameRow found = all_found;
  std::erase_if(found, [&](const TimedFrame& timed) { return timed.t_ns < rules.start_ns; });
  const std::size_t both = std::min(expected.size(), found.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (found[i].frame != expected[i].frame) return content_differs(expected[i], found[i]);
    if (i == 0) continue;
    const Time wanted_ns = expected[i].t_ns - expected[i - 1].t_ns;
    const Time pause_ns = found[i].t_ns - found[i - 1].t_ns;
    if (std::abs(pause_ns - wanted_ns) > rules.tolerance_ns) {
      return FrameDifference{
          expected[i].t_ns, expected[i], found[i],
          fmt::format("came {:.3f} s after the one before it, in the log {:.3f} s",
                      to_seconds(pause_ns), to_seconds(wanted_ns))};
    }
  }
  if (both < expected.size()) return is_missing(expected[both]);
  // One more fits into the span when the first one came earlier.
  const std::size_t first_extra = both + (both > 0 ? 1 : 0);
  if (first_extra < found.size() && found[first_extra].t_ns <= rules.end_ns)
    return is_extra(found[first_extra]);
  return std::nullopt;
}

}  // namespace

std::optional<FrameDifference> first_difference(std::span<const TimedFrame> expected,
                                                std::span<const TimedFrame> found,
                                                const CompareRules& rules) {
  std::optional<FrameDifference> first;
  for (const auto& [key, both] : sort_by_identifier(expected, found)) {
    const auto difference = rules.is_phase_free ? compare_pauses(both.first, both.second, rules)
                                                : compare_times(both.first, both.second, rules);
    if (difference && (!first || difference->t_ns < first->t_ns)) first = difference;
  }
  return first;
}

}  // namespace doppelpack::sim
