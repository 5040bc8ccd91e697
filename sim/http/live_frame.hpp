// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a live bench publishes some ten times a second: immutable, so whoever looks takes all the time
// it wants and nobody waits for it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/bus_tap.hpp"
#include "http/event_tap.hpp"
#include "sim/time.hpp"
#include "sim/timing.hpp"

namespace doppelpack::http {

struct ClockState {
  bool is_running = true;
  double speed = 1.0;  ///< simulated seconds per second; 0: as fast as possible
};

/// How well simulated time keeps up with the host's, in slices of the run.
struct TimingHealth {
  double achieved_speed = 0.0;    ///< over the last second
  double lag_ms = 0.0;            ///< behind the deadline at the end of the last slice
  double worst_lag_ms = 0.0;      ///< since the clock was set last
  std::uint64_t slices = 0;       ///< likewise
  std::uint64_t late_slices = 0;  ///< likewise: later than kLate_ms
  std::uint64_t slips = 0;        ///< likewise: lags so long that they were given up

  static constexpr double kLate_ms = 5.0;
};

/// A moment that was kept.
struct KeptMoment {
  int number = 0;  ///< counts from 1
  std::string name;
  double t_s = 0.0;
};

struct LiveFrame {
  std::uint64_t number = 0;
  std::uint64_t restores = 0;  ///< how often time has gone back; events and buses begin anew then
  sim::Time t_ns = 0;
  std::vector<double> values;  ///< of all signals, in the order of the catalogue
  ClockState clock;
  TimingHealth timing;
  std::optional<sim::TimingReport> report;  ///< of the deadlines of this bench so far
  std::string why_over;                     ///< empty: it goes on
  std::shared_ptr<const EventTail> events;
  std::shared_ptr<const BusTraffic> buses;
  std::vector<KeptMoment> snapshots;
};

}  // namespace doppelpack::http
