// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One bench: a virtual pack, or a bank of them, with firmware, buses, inverter and scenario, single-threaded.
// Everything an observer can do is here; observing never changes a bit of what is simulated.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "can_emulator/port.hpp"
#include "sim/bench_state.hpp"
#include "sim/bms_trace.hpp"
#include "sim/condition_expression.hpp"
#include "sim/core_choice.hpp"
#include "sim/expectations.hpp"
#include "sim/fault.hpp"
#include "sim/outside_current.hpp"
#include "sim/recorder.hpp"
#include "sim/scenario.hpp"
#include "sim/signals.hpp"
#include "sim/snapshot.hpp"
#include "sim/timing.hpp"

namespace doppelpack::sim {

/// What a bench is connected to and how fast it runs. The defaults: no ports, as fast as possible.
struct BenchOptions {
  CoreChoice core;
  std::optional<ShadowChoice> shadow;
  double speed = 0.0;         ///< simulated seconds per second; 0: as fast as possible
  RealTimeOptions real_time;  ///< of a paced run
  std::vector<can_emulator::PortUri> can_ports;
  std::vector<can_emulator::PortUri> rs485_ports;
  /// Opens whoever measures a current that flows in the pack, in place of the virtual inverter's; nullptr:
  /// nobody does. Speed has to be 1 then, and the run is not reproducible.
  std::function<std::unique_ptr<OutsideCurrent>()> open_power;
  std::optional<std::filesystem::path> out;  ///< folder for the recording
  RecordChoice recording;
  bool has_can_node = false;      ///< one more on CAN, for Bench::transmit
  BmsTrace* bms_trace = nullptr;  ///< gets what the core gets; must outlive the bench
  /// One line for people about ports and the recording, from another thread, or about what real_time asks for.
  std::function<void(std::string_view line)> notice;
  /// Every frame that got through on CAN, at its end.
  std::function<void(Time t_ns, const can_emulator::CanFrame& frame, bool is_from_pack)> can_watch;
  /// Every burst of bytes on RS485, at its end.
  SerialWatch serial_watch;
  /// Whoever watches more than the expectations: after every pass of the firmware.
  std::function<void(Time t_ns, const BenchState& state)> pass_watch;
};

/// How a fault comes and goes by itself; the defaults: at once, and until it is cleared.
struct FaultCourse {
  Time duration_ns = 0;           ///< 0: until cleared
  std::optional<double> ramp_to;  ///< the severity it grows to
  Time ramp_ns = 0;               ///< within so long
};

class Bench {
 public:
  /// Builds the specimen, powers the firmware up at t = 0. Throws DataError or PortError; nothing is
  /// written to options.out before everything has been checked.
  explicit Bench(Scenario scenario, BenchOptions options = {});
  /// Goes on from there as the bench that it was taken of would: same scenario, same core; ports and
  /// folder are this one's own. The event log has what happened before, signals and bus logs begin
  /// here. Throws DataError also when the snapshot is of something else.
  Bench(Scenario scenario, BenchOptions options, const Snapshot& from);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Time now_ns() const;
  const Scenario& scenario() const;
  const BenchState& state() const;
  const SignalCatalogue& signals() const;
  const Recorder& recorder() const;

  /// The only thing that moves time. Timeline, profiles and recording happen on the way. A bench that runs
  /// as fast as possible waits for its files, which are complete when this returns; a paced one never does.
  void run_until(Time t_ns);
  /// Runs until the condition holds (looked at after every pass of the firmware), at most to t_ns.
  /// True if it held. An already true condition returns at once.
  bool run_until(const ConditionExpression& condition, Time t_ns);
  /// Simulated seconds per second from now on; 0: as fast as possible.
  void set_speed(double speed);
  /// How well a paced run has kept to the host's clock; nothing before its first millisecond.
  std::optional<TimingReport> timing() const;
  /// Makes a running run_until() return at the next millisecond; may be called from a signal handler
  /// or another thread.
  void request_stop();

  /// True once the plant has broken an invariant of its audit, or the core has failed (or differs from
  /// its shadow): time stands still from there on, why_over() and the last verdict of finish() say what
  /// happened, options.out has details in violation.json, core_failure.json or divergence.json.
  bool is_over() const;
  /// One line; empty while is_over() is false.
  std::string why_over() const;

  /// Puts a fault on (1-based target; 0: the pack as a whole) of a pack (from 1), under an id to clear
  /// it by. Throws DataError for an unknown fault, target, severity or pack, and for a ramp of a
  /// fault without severity.
  void inject(std::string_view fault, int target, std::optional<double> severity,
              std::string_view id, int pack = 1, const FaultCourse& course = {});
  void clear(std::string_view id);
  /// Sets a control by name. Throws DataError.
  void set(std::string_view control, double value);
  /// The same by position in signals().all(), as a profile does it: not in the event log. For whoever
  /// changes it all the time.
  void drive(std::size_t control, double value);
  void press(std::string_view button, Time duration_ns, int pack = 1);
  /// This moment; between two runs, while the bench is not over. What sits in the ports' threads is no
  /// part of it. Throws DataError when the core cannot be copied.
  Snapshot snapshot() const;
  /// Hands a frame to the node of `has_can_node`, to be sent when it is its turn.
  void transmit(const can_emulator::CanFrame& frame);

  /// Judges what is still open and writes result.json. Call once, after the last run.
  /// judged_outside: what whoever runs the bench has expected of it. It stands before the scenario's, and
  /// the run has passed only if that held, too; the event log, which is the bench's, does not have it.
  RunResult finish(const std::vector<Verdict>& judged_outside = {});

 private:
  class Kernel;
  std::unique_ptr<Kernel> kernel_;
};

}  // namespace doppelpack::sim
