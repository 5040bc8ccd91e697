// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An event of the kernel whose time is part of the bench's state.
#pragma once

#include <algorithm>
#include <systemc>

#include "local_time.hpp"

namespace doppelpack::sim {

class Alarm {
 public:
  /// due_ns: where its time is kept; kNever: not set. Both outlive it.
  Alarm(LocalTime& time, Time& due_ns) : time_(time), due_ns_(due_ns) { time.add(*this); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// What a process is sensitive to.
  const sc_core::sc_event& event() const { return event_; }

  /// Goes off at t_ns, which has not passed, or earlier if it was set so before.
  void set(Time t_ns) {
    due_ns_ = std::min(due_ns_, t_ns);
    time_.notify(event_, t_ns - time_.now_ns());
  }

  void cancel() {
    event_.cancel();
    due_ns_ = kNever;
  }

  /// The first thing that whoever is called by it does.
  void acknowledge() { due_ns_ = kNever; }

  bool is_set() const { return due_ns_ != kNever; }

  /// The kernel learns the time that the state has. Once, before time runs.
  void arm() {
    if (is_set()) time_.notify(event_, due_ns_ - time_.now_ns());
  }

 private:
  LocalTime& time_;
  Time& due_ns_;
  sc_core::sc_event event_;
};

}  // namespace doppelpack::sim
