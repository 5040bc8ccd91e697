// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What was on the bus, line by line: handed on while the test runs, and kept where an item needs it. Its
// memory does not grow with the length of a test.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/compat.hpp"

namespace doppelpack::sim {

class BusRecord {
 public:
  /// `sink` gets whole lines, in the order of their times.
  explicit BusRecord(std::function<void(std::string_view lines)> sink) : sink_(std::move(sink)) {}

  /// `text` ends in a newline. t_ns is later than that of the last settle().
  void add(Time t_ns, std::string text) { unsettled_.push_back({t_ns, std::move(text)}); }
  /// Nothing up to t_ns is still to come.
  void settle(Time t_ns);

  /// The next item begins: its evidence, from 2 s before the stimulus on (inverter reference, section
  /// 3). The stimulus is not later than the last settle().
  void open(Time stimulus_ns);
  /// The verdict on that item: its evidence ends 10 s later.
  void close(Time verdict_ns) { windows_.back().end_ns = verdict_ns + kAfterVerdict; }
  /// An item that is not played has no evidence.
  void skip() { windows_.emplace_back(); }
  /// Of the items, in their order.
  std::vector<Evidence> take_evidence();

  static constexpr Time kAfterVerdict = 10 * kSecond;

 private:
  struct Window {
    Time end_ns = 0;
    std::vector<TimedLine> first;
    std::deque<TimedLine> last;  ///< when `first` is full
    std::size_t left_out = 0;
  };
  static void keep(const TimedLine& line, Window& window);

  std::function<void(std::string_view lines)> sink_;
  std::vector<TimedLine> unsettled_;
  std::deque<TimedLine> recent_;  ///< what an item that begins now may need
  std::vector<Window> windows_;
};

}  // namespace doppelpack::sim
