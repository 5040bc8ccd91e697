// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The end of the event log, and what it says about active faults: a pure observer of the log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/event_log.hpp"

namespace doppelpack::http {

/// One line of the log.
struct EventLine {
  std::uint64_t number = 0;                 ///< position in the log, from 1
  std::shared_ptr<const std::string> json;  ///< {"number":7,"t_s":1.5,"event":"gate",...}
};

struct ActiveFault {
  std::string id;
  std::string fault;
  int pack = 1;
  int target = 0;  ///< from 1; 0: the pack as a whole
  double severity = 0.0;
  double since_s = 0.0;
};

struct EventTail {
  std::deque<EventLine> lines;  ///< oldest first, at most EventTap::kMostLines
  std::uint64_t count = 0;      ///< all of the log
  std::vector<ActiveFault> faults;
};

class EventTap {
 public:
  static constexpr std::size_t kMostLines = 400;

  /// Takes over what the log has got since the last call.
  std::shared_ptr<const EventTail> look(const sim::EventLog& log);

 private:
  void take(const sim::Event& event);

  EventTail now_;
  std::shared_ptr<const EventTail> published_ = std::make_shared<EventTail>();
};

}  // namespace doppelpack::http
