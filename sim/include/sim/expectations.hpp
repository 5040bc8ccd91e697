// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Judges a scenario's expectations while it runs, with measured times and margins.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/condition_expression.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

/// How one expectation came out. Times in seconds of simulated time.
struct Verdict {
  std::string name;
  std::string kind;      ///< "within", "never", "always", "by", "at_end"
  std::string that;      ///< the condition's text
  std::string proves{};  ///< what it shows of a row of the fault matrix; empty: nothing
  bool has_held = false;
  bool is_decided = false;
  std::optional<double> measured_s;  ///< within: from `of` to `that`; by: when; never: when broken
  std::optional<double> limit_s;
  std::optional<double> margin_s;  ///< limit - measured; negative: too late
  std::string reason;  ///< one line for a failure: "charge_gate was closed until the end"
};

/// How far the judging of one expectation has come.
struct WatchProgress {
  bool did_of_hold = false;
  bool has_of_happened = false;
  std::optional<Time> since_ns;  ///< within: the clock runs since then
  bool has_looked = false;       ///< never, always: there was something to judge
};

/// Both beside the expectations of the scenario.
struct WatchState {
  std::vector<Verdict> verdicts;
  std::vector<WatchProgress> progress;
};

/// What exactly is judged:
/// - within: `of` is an entry of the timeline firing, or a condition coming true (true at the first
///   look counts). `that` must be seen true in [of, of + limit]. Once it was, the next `of` starts the
///   clock again; the slowest answer is kept. `of` never happening is a failure. What comes too late
///   is still measured.
/// - by: `that` must be seen true once, not after the limit. What comes too late is still measured.
/// - never, always: the first look at or after `after` that breaks it decides. A run that ends before
///   is a failure: nothing was judged.
/// - at_end: `that` when the run ends.
class ExpectationWatch {
 public:
  /// Throws DataError when a condition does not fit the product's signals, or when the `of` of a
  /// `within` is neither the id of a timeline entry nor a condition.
  ExpectationWatch(const Scenario& scenario, const SignalCatalogue& catalogue);
  ~ExpectationWatch();
  ExpectationWatch(const ExpectationWatch&) = delete;
  ExpectationWatch& operator=(const ExpectationWatch&) = delete;

  /// A timeline entry fired: the reference of `within ... of: ID`.
  void on_entry(std::string_view id, Time t_ns);

  /// Looks at the state once. Called after every pass of the firmware while is_watching().
  void observe(Time t_ns, const BenchState& state);

  bool is_watching() const;  ///< something is undecided, or late, and needs observing
  /// Ends the run: everything still undecided gets its final verdict.
  void finish(Time t_ns, const BenchState& state);

  std::span<const Verdict> verdicts() const { return state_.verdicts; }
  bool has_failed() const;  ///< any decided verdict that did not hold

  const WatchState& state() const { return state_; }
  /// Goes on from there; of the same scenario.
  void restore(const WatchState& state) { state_ = state; }

 private:
  struct Watched;
  struct Judge;
  WatchState state_;
  std::vector<Watched> watched_;
};

}  // namespace doppelpack::sim
