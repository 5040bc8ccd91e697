// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The time of those who act with the firmware. As long as nobody else is due, its task runs ahead of
// the kernel, many passes in one event (temporal decoupling, IEEE 1666-2011 section 12.1; the quantum
// ends at the next event of anybody else). What happens, and when, is the same; only the kernel's
// bookkeeping is saved. Outside the task this is the kernel's time.
#pragma once

#include <algorithm>
#include <systemc>
#include <vector>

#include "context.hpp"

namespace doppelpack::sim {

class Alarm;

class LocalTime {
 public:
  Time now_ns() const { return is_ahead_ ? local_ns_ : sc_now_ns(); }

  /// Notifies after a delay from now_ns(). Nobody runs ahead of what was notified.
  void notify(sc_core::sc_event& event, Time delay_ns) {
    const Time due_ns = now_ns() + delay_ns;
    event.notify(to_sc_time(due_ns - sc_now_ns()));
    free_until_ns_ = std::min(free_until_ns_, due_ns);
  }

  // ---- the bench ----

  /// The kernel is about to run up to t_ns.
  void set_end(Time t_ns) { end_ns_ = t_ns; }

  /// Nobody runs ahead any more in this event.
  void stop() { free_until_ns_ = 0; }

  /// Whoever waits for a time; for as long as time passes.
  void add(Alarm& alarm) { alarms_.push_back(&alarm); }
  const std::vector<Alarm*>& alarms() const { return alarms_; }

  // ---- whoever runs ahead: begin(), move_to() again and again, rejoin() ----

  void begin() {
    const auto pending = static_cast<Time>(sc_core::sc_time_to_pending_activity().value());
    local_ns_ = sc_now_ns();
    is_ahead_ = true;
    free_until_ns_ = std::min(local_ns_ + pending, end_ns_ + 1);
  }

  /// False, and nothing has moved, if somebody else is due before or at t_ns.
  bool move_to(Time t_ns) {
    if (t_ns >= free_until_ns_) return false;
    local_ns_ = t_ns;
    return true;
  }

  void rejoin() { is_ahead_ = false; }

 private:
  bool is_ahead_ = false;
  Time local_ns_ = 0;       ///< while ahead
  Time free_until_ns_ = 0;  ///< nobody else is due before
  Time end_ns_ = 0;
  std::vector<Alarm*> alarms_;
};

}  // namespace doppelpack::sim
