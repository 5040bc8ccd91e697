// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The event log: what happened, one JSON object per line, and its SHA-256. Only simulated facts go
// in, so the same scenario and seed give the same bytes on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/time.hpp"

namespace doppelpack::sim {

using EventValue = std::variant<std::string, double, std::int64_t, bool>;
using EventField = std::pair<std::string_view, EventValue>;

struct Event {
  Time t_ns = 0;
  std::string kind;  ///< "fault", "gate", "protection", "expectation", ...
  std::vector<std::pair<std::string, EventValue>> fields;
};

class EventLog {
 public:
  EventLog();
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Takes a line, with its newline, and the time it is about.
  using LineTaker = std::function<void(Time t_ns, std::string_view line)>;
  /// From now on every line also goes there; earlier lines first.
  void write_to(LineTaker taker);

  /// {"t_ns":1500000000,"event":"gate","gate":"charge","is_open":true}; keys in the order given.
  /// Numbers are the shortest that read back the same; what is not finite becomes null.
  void add(Time t_ns, std::string_view kind, std::initializer_list<EventField> fields);
  void add(Event event);

  const std::vector<Event>& events() const;
  /// Of all lines so far, newline included; lower-case hex.
  std::string sha256() const;

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace doppelpack::sim
