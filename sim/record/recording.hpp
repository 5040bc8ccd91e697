// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The files of a recording, written by a thread of their own.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/recorder.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

class Recording {
 public:
  /// With options.folder: creates it, removes what an earlier run recorded there, opens events.jsonl and
  /// the file of signals. Throws DataError.
  Recording(const std::vector<const Signal*>& signals, const RecordOptions& options);
  /// As close(), but quietly.
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void set_live(bool is_live);

  // Unless it is live, each of them waits for room and throws what went wrong with an earlier one.
  void add_row(Time t_ns, std::span<const double> values);
  void add_frame(Time t_ns, const can_emulator::CanFrame& frame);
  void add_burst(Time t_ns, Direction direction, can_emulator::BytesView bytes);
  void add_event(Time t_ns, std::string_view line);
  void add_file(std::string_view name, std::string_view text);

  /// Waits until the operating system has all of it.
  void flush();
  /// Likewise; nothing is added any more. True when the disk has answered to the end.
  bool close();
  /// Throws what has gone wrong, unless it is live.
  void check() const;
  RecordingReport report() const;

 private:
  class Writer;

  RecordFormat format_;
  std::chrono::milliseconds patience_;
  std::shared_ptr<Writer> writer_;  ///< also its thread's: it outlives us when the disk hangs
  std::thread thread_;
  bool has_answered_ = false;
};

}  // namespace doppelpack::sim
