// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A file of signals over time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sim/disk.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

/// Everything throws DataError.
class SignalSink {
 public:
  SignalSink() = default;
  virtual ~SignalSink() = default;
  SignalSink(const SignalSink&) = delete;
  SignalSink& operator=(const SignalSink&) = delete;

  /// One value for each signal, in their order.
  virtual void add_row(Time t_ns, std::span<const double> values) = 0;
  /// Hands all rows so far to the operating system; whoever opens the file finds them.
  virtual void flush() = 0;
  /// After the last row.
  virtual void finish() = 0;
};

/// signals.csv: "t_s" and the names, then rows of numbers with 9 digits, unknown ones are "nan".
std::unique_ptr<SignalSink> make_csv_sink(Disk& disk, const std::filesystem::path& folder,
                                          const std::vector<const Signal*>& signals);
/// signals.mf4: ASAM MDF 4.1, finalised at every moment, compressed in segments of so many bytes. title:
/// for people, in the file's header.
std::unique_ptr<SignalSink> make_mdf4_sink(Disk& disk, const std::filesystem::path& folder,
                                           const std::vector<const Signal*>& signals,
                                           std::string_view title, std::size_t segment_bytes);

}  // namespace doppelpack::sim
