// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a bench records, and what became of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sim/disk.hpp"

namespace doppelpack::sim {

/// Of the signals: signals.csv or signals.mf4 (ASAM MDF 4.1).
enum class RecordFormat : std::uint8_t { csv, mdf4 };

std::string_view name_of(RecordFormat format);  ///< "csv", "mdf4"
/// Throws std::invalid_argument.
RecordFormat parse_record_format(std::string_view text);

struct RecordChoice {
  RecordFormat format = RecordFormat::csv;
  bool keeps_rows = false;  ///< in memory, for Recorder::column(), as long as the bench lives
  /// What waits to be written takes at most twice this.
  std::size_t queue_bytes = std::size_t{32} << 20U;
  /// How long the end of a paced run waits for a disk that takes nothing at all.
  std::chrono::milliseconds patience{10'000};
  std::shared_ptr<Disk> disk = {};  ///< nullptr: host_disk()
};

/// What is missing in the files of a paced run, which never waits for its disk.
struct RecordingReport {
  RecordFormat format = RecordFormat::csv;
  std::uint64_t lost_rows = 0;
  std::uint64_t lost_frames = 0;  ///< of CAN, and bursts on RS485
  std::uint64_t lost_events = 0;
  std::string stopped;  ///< why nothing was written from some moment on; empty: it was

  bool is_complete() const { return lost_rows + lost_frames + lost_events == 0; }
};

/// One line for people; empty for a recording that is complete.
std::string describe(const RecordingReport& report);

}  // namespace doppelpack::sim
