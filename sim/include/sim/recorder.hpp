// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a run leaves behind: signals over time, bus logs, the event log and the result. Files are written
// by a thread of their own; a process that is killed loses the last second at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "models/audit.hpp"
#include "sim/core_choice.hpp"
#include "sim/event_log.hpp"
#include "sim/expectations.hpp"
#include "sim/recording.hpp"
#include "sim/scenario.hpp"
#include "sim/signals.hpp"
#include "sim/timing.hpp"

namespace doppelpack::sim {

/// A growing column of numbers. A block handed out stays valid and unchanged for as long as its
/// shared pointer lives: growth moves on to a new block, and rows are only ever appended.
class Column {
 public:
  void append(double value);
  std::size_t size() const { return size_; }
  std::shared_ptr<const double[]> block() const { return block_; }

 private:
  std::shared_ptr<double[]> block_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// What the plant's own audit found: the largest residual of each invariant, and what ended the run.
struct AuditResult {
  models::AuditState state;
  std::optional<double> violated_at_s;
};

enum class Direction { from_pack, to_pack };

/// Whoever listens to the RS485 line.
using SerialWatch =
    std::function<void(Time t_ns, Direction direction, can_emulator::BytesView bytes)>;

/// Result of one run, as written to result.json.
struct RunResult {
  std::string scenario;
  std::string title;
  std::vector<std::string> rows;  ///< IDs of the fault matrix
  std::string product;
  std::uint64_t seed = 0;
  bool has_passed = true;
  std::vector<Verdict> expectations;
  double simulated_s = 0.0;
  double wall_s = 0.0;
  double real_time_factor = 0.0;
  std::string event_log_sha256;
  CoreIdentity core;
  std::optional<CoreIdentity> shadow;
  AuditResult audit;
  std::optional<RecordingReport> recording;  ///< empty: there was no folder for it
  std::optional<TimingReport> timing;        ///< of a paced run
};

/// How a recorder records, and for whom.
struct RecordOptions {
  std::optional<std::filesystem::path> folder = {};  ///< empty: no files
  RecordChoice choice = {};
  bool is_live = false;    ///< must never wait for the disk
  std::string title = {};  ///< of the run, for people
  /// One line for people about what was lost; comes from the thread that writes.
  std::function<void(std::string_view line)> notice = {};
};

class Recording;

class Recorder {
 public:
  /// Records the signals of the plan (globs expanded; the standard set when empty).
  /// With a folder: creates it, removes what an earlier run recorded there, and opens events.jsonl and
  /// signals.csv or signals.mf4; can1.log (`candump -L`) and rs485_1.log follow as soon as the bus
  /// carries something. Throws DataError when that fails, or for a signal that does not exist; then
  /// nothing was created.
  ///
  /// A recorder that is not live waits for its files where it must, and throws DataError when they cannot
  /// be written. A live one never does either: what finds no room is dropped, rows of signals first, and
  /// counted; a line of losses.jsonl says what and when. When a file cannot be written it stops.
  Recorder(const RecordPlan& plan, const SignalCatalogue& catalogue, const RecordOptions& options);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  EventLog& events() { return events_; }
  const EventLog& events() const { return events_; }

  /// From now on it is live, or it is not.
  void set_live(bool is_live);

  /// One row of signals.
  void sample(Time t_ns, const BenchState& state);
  /// One line, as from the interface "can1".
  void can_frame(Time t_ns, const can_emulator::CanFrame& frame);
  /// One line per burst: "(12.345678) > 7E323030..." with > from the pack and < to the pack.
  void serial_bytes(Time t_ns, Direction direction, can_emulator::BytesView bytes);
  /// From now on also tells this one of them; nullptr: nobody.
  void watch_serial(SerialWatch watch) { serial_watch_ = std::move(watch); }

  /// Positions of the recorded signals in the catalogue, in column order.
  std::span<const std::size_t> recorded() const { return recorded_; }
  /// The rows in memory; empty unless RecordChoice::keeps_rows.
  const Column& time_s() const { return time_s_; }
  const Column& column(std::size_t i) const { return columns_[i]; }

  /// Writes what explains an early end: violation.json, core_failure.json or divergence.json.
  void dump(std::string_view file_name, std::string_view text);

  /// Waits until everything so far is in the files.
  void flush();
  /// Completes the files, and says what they lack; nothing without a folder. Nothing is recorded after it.
  std::optional<RecordingReport> close();
  /// Writes result.json (atomically: to a temporary name, then renamed). After close().
  void finish(const RunResult& result);

 private:
  const SignalCatalogue& catalogue_;
  EventLog events_;
  std::vector<std::size_t> recorded_;
  Column time_s_;
  std::vector<Column> columns_;
  std::vector<double> row_;
  SerialWatch serial_watch_;
  const std::optional<std::filesystem::path> folder_;
  const bool keeps_rows_;
  std::unique_ptr<Recording> recording_;  ///< nullptr without a folder
};

std::string to_json(const RunResult& result);  ///< pretty, two spaces
/// violation.json: the plant as it was when it broke an invariant.
std::string to_json(Time t_ns, const models::PackState& pack);

/// JUnit XML of several runs: one test suite per scenario, one test case per expectation. The time of
/// a suite is wall-clock time; simulated time stands in its properties and in the failure texts.
std::string to_junit(std::span<const RunResult> results);

/// The suite of a run, with more properties than those of the result.
struct JunitSuite {
  RunResult result;
  std::vector<std::pair<std::string, std::string>> properties;
  std::string skipped;  ///< why nothing was run; empty: it was
};
std::string to_junit(std::span<const JunitSuite> suites);

}  // namespace doppelpack::sim
