// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What can be asked of a live bench, as pure data: HTTP threads make commands, the thread of the
// simulation obeys them between two slices of its run.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "sim/fault.hpp"
#include "sim/report.hpp"
#include "sim/time.hpp"

namespace doppelpack::http {

/// Lets time run, or stand still.
struct SetRunning {
  bool is_running = true;
};
/// Simulated seconds per second; 0: as fast as possible.
struct SetSpeed {
  double speed = 1.0;
};
/// Lets that much time pass, as fast as possible, then stands still.
struct Step {
  sim::Time duration_ns = sim::kSecond;
};
struct SetControl {
  std::string name;
  std::string value;  ///< as people write it: "2 kW", "closed", a bare number in the signal's unit
};
struct Press {
  std::string button;
  sim::Time duration_ns = 100 * sim::kMillisecond;
  int pack = 1;
};
struct Inject {
  std::string fault;
  int target = 0;
  std::string severity;  ///< "10 kOhm", a bare number in the fault's unit; empty: its default
  std::string id;        ///< empty: the fault's key
  int pack = 1;
  sim::Time duration_ns = 0;  ///< 0: until cleared
  std::string ramp_to;        ///< the severity it grows to, likewise; empty: it does not
  sim::Time ramp_ns = 0;      ///< within so long
};
struct Clear {
  std::string id;
};
/// Keeps this moment.
struct TakeSnapshot {
  std::string name;  ///< for people
};
/// Goes on from a kept moment.
struct Restore {
  int number = 0;
};
/// Puts what was collected for a report where it says; a bench that is over has one, too.
struct TakeReport {
  std::shared_ptr<std::shared_ptr<const sim::ReportData>> place;
};

using Command = std::variant<SetRunning, SetSpeed, Step, SetControl, Press, Inject, Clear,
                             TakeSnapshot, Restore, TakeReport>;

/// What became of it.
struct Outcome {
  std::string problem;  ///< one line; empty: done

  bool is_done() const { return problem.empty(); }
};

}  // namespace doppelpack::http
