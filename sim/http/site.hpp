// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All that handlers of requests share: the live bench seen from outside, and what was made of it once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "http/guard.hpp"
#include "http/live_bench.hpp"
#include "http/page_files.hpp"

namespace doppelpack::http {

/// Ends all streams at once.
class Closing {
 public:
  /// False: closed meanwhile.
  bool sleep_until(std::chrono::steady_clock::time_point time);
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable closed_;
  bool is_closed_ = false;
};

/// Since the start; for /metrics.
struct Traffic {
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> refused = 0;  ///< answered with 4xx or 5xx
  std::atomic<std::uint64_t> commands = 0;
  std::atomic<std::uint64_t> stream_frames = 0;
  std::atomic<std::uint64_t> skipped_frames = 0;  ///< that a slow client was spared
  std::atomic<int> streams = 0;                   ///< open now
};

struct Site {
  /// served_by: the shell command that serves the same again.
  Site(LiveBench& bench, Guard site_guard, std::string served_by = "");

  static constexpr int kMostStreams = 16;

  LiveBench& live;
  const Guard guard;
  const PageFiles page;
  const std::string command;               ///< that serves the same again
  const std::string bench_text;            ///< describe_bench()
  const std::string faults_text;           ///< describe_faults()
  const std::vector<std::size_t> metrics;  ///< signals of /metrics
  Traffic traffic;
  Closing closing;
};

}  // namespace doppelpack::http
