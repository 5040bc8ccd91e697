// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench that is watched and handled while it runs. One thread owns it: that which calls run_slice().
// Other threads see published frames and put commands into the mailbox.
#pragma once

#include <atomic>
#include <memory>

#include "http/live_frame.hpp"
#include "http/mailbox.hpp"
#include "http/run_clock.hpp"
#include "sim/bench.hpp"

namespace doppelpack::http {

class LiveBench {
 public:
  /// Throws what Bench throws.
  LiveBench(sim::Scenario scenario, const sim::BenchOptions& options);

  // ---- of the thread that owns it ----

  /// Obeys what is in the mailbox, lets some milliseconds of the host pass, at most up to end_ns of
  /// simulated time, and publishes a frame.
  void run_slice(sim::Time end_ns);
  sim::Bench& bench() { return bench_; }

  // ---- of any thread ----

  std::shared_ptr<const LiveFrame> frame() const { return published_.load(); }
  Mailbox& mailbox() { return mailbox_; }
  const sim::Scenario& scenario() const { return scenario_; }
  const sim::SignalCatalogue& signals() const { return catalogue_; }
  /// Ends the present slice soon.
  void wake();

 private:
  sim::BenchOptions watched(sim::BenchOptions options);
  void obey_letters();
  Outcome obey(const Command& command);
  void carry_out(const Command& command);
  void let_time_pass(sim::Time end_ns);
  void publish();

  const sim::Scenario scenario_;
  const sim::SignalCatalogue catalogue_;
  BusTap buses_;
  EventTap events_;
  sim::Bench bench_;
  RunClock clock_;
  sim::Time step_end_ns_ = -1;  ///< -1: no step is under way
  std::uint64_t frames_ = 0;
  Mailbox mailbox_;
  std::atomic<std::shared_ptr<const LiveFrame>> published_;
};

}  // namespace doppelpack::http
