// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench that is watched and handled while it runs. One thread owns it: that which calls run_slice().
// Other threads see published frames and put commands into the mailbox.
#pragma once

#include <atomic>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "http/live_frame.hpp"
#include "http/mailbox.hpp"
#include "http/run_clock.hpp"
#include "sim/bench.hpp"
#include "sim/report.hpp"
#include "sim/snapshot.hpp"

namespace doppelpack::http {

class LiveBench {
 public:
  /// Older ones are forgotten.
  static constexpr std::size_t kMostSnapshots = 16;

  /// Throws what Bench throws. After a restore a recording goes on in a folder of its own,
  /// options.out/restored-1 and so on.
  LiveBench(sim::Scenario scenario, const sim::BenchOptions& options);

  // ---- of the thread that owns it ----

  /// Obeys what is in the mailbox, lets some milliseconds of the host pass, at most up to end_ns of
  /// simulated time, and publishes a frame. Throws what Bench throws when a restore could not open the
  /// ports again: then there is no bench any more.
  void run_slice(sim::Time end_ns);
  sim::Bench& bench() { return *bench_; }
  /// Since the start, or since time has gone back last.
  std::shared_ptr<const sim::ReportData> report() const { return report_->take(); }

  // ---- of any thread ----

  std::shared_ptr<const LiveFrame> frame() const { return published_.load(); }
  Mailbox& mailbox() { return mailbox_; }
  const sim::Scenario& scenario() const { return scenario_; }
  const sim::SignalCatalogue& signals() const { return catalogue_; }
  /// Ends the wait of a bench that stands still.
  void wake() { mailbox_.wake(); }

 private:
  struct Kept {
    KeptMoment moment;
    sim::Snapshot snapshot;
  };

  sim::BenchOptions watched(sim::BenchOptions options);
  void keep(const std::string& name);
  void restore(int number);
  void obey_letters();
  Outcome obey(const Command& command);
  void carry_out(const Command& command);
  void let_time_pass(sim::Time end_ns);
  void publish();

  const sim::Scenario scenario_;
  const sim::SignalCatalogue catalogue_;
  const sim::BenchOptions options_;
  std::optional<BusTap> buses_{std::in_place};
  std::optional<EventTap> events_{std::in_place};
  std::optional<sim::ReportCollector> report_{std::in_place};
  std::unique_ptr<sim::Bench> bench_;  ///< nullptr: lost_ says why
  std::exception_ptr lost_;
  RunClock clock_;
  std::deque<Kept> kept_;
  int last_kept_ = 0;
  std::uint64_t restores_ = 0;
  sim::Time step_end_ns_ = -1;  ///< -1: no step is under way
  std::uint64_t frames_ = 0;
  Mailbox mailbox_;
  std::atomic<std::shared_ptr<const LiveFrame>> published_;
};

}  // namespace doppelpack::http
