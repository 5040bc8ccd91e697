// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench at one moment: a value that can be copied, compared by its file and put back into any number
// of benches, of this process or another. A bench that goes on from it does the same bit for bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/bench_state.hpp"
#include "sim/core_choice.hpp"
#include "sim/event_log.hpp"
#include "sim/expectations.hpp"

namespace doppelpack::sim {

struct Scenario;

struct Snapshot {
  std::string scenario;     ///< its key, for people
  std::string fingerprint;  ///< of the scenario, and of all that its bench is built from
  CoreIdentity core;        ///< whose memory the units have
  Time t_ns = 0;
  BenchState state;
  WatchState watch;
  std::vector<Event> events;  ///< the log so far
};

/// SHA-256 of what a bench is built from and of what will happen to it: files, overrides, seed.
std::string fingerprint(const Scenario& scenario);

/// A line of JSON about it (format, scenario, time, core, size and SHA-256 of what follows), then the
/// state. The same run gives the same bytes. The old file stays until the new one is complete. Throws
/// DataError.
void write_snapshot(const Snapshot& snapshot, const std::filesystem::path& file);

/// Throws DataError for a file that is none, is damaged, or is of another format or layout.
Snapshot read_snapshot(const std::filesystem::path& file);

}  // namespace doppelpack::sim
