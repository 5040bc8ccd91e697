// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Server-sent events for one client: the names of the signals it wants, then frames of their values,
// and whatever else has changed. Takes the newest frame each time, so a slow client misses frames and
// nobody waits for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/site.hpp"

namespace doppelpack::http {

class Stream {
 public:
  static constexpr double kFastest_Hz = 40.0;
  static constexpr std::size_t kMostSignals = 8192;

  /// The site must outlive it.
  Stream(Site& site, std::vector<std::size_t> signals, double rate_Hz);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// What to send next; waits for it. Nothing: the site is closing.
  std::optional<std::string> next();

 private:
  using WallClock = std::chrono::steady_clock;

  std::string names() const;
  bool is_time_for(WallClock::duration every) const;
  void append_restart(const LiveFrame& frame, std::string& text);
  void append_frame(const LiveFrame& frame, std::string& text);
  void append_events(const LiveFrame& frame, std::string& text);
  void append_state(const LiveFrame& frame, std::string& text);
  void append_traffic(const LiveFrame& frame, std::string& text);

  Site& site_;
  const std::vector<std::size_t> signals_;
  const WallClock::duration period_;
  WallClock::time_point due_ = WallClock::now();
  bool has_begun_ = false;
  std::uint64_t restores_ = 0;
  std::uint64_t last_frame_ = 0;
  std::uint64_t last_event_ = 0;
  std::shared_ptr<const BusTraffic> last_traffic_;
  sim::Time last_traffic_ns_ = -1;
  std::string last_state_;
  std::int64_t ticks_ = 0;
};

/// Opens one; a refusal when the arguments are wrong or there are too many.
Response open_stream(Site& site, const Request& request);

/// Positions of the signals that match any of the globs, joined by commas, in the order of the globs.
std::vector<std::size_t> match_any(const sim::SignalCatalogue& catalogue, std::string_view globs);

}  // namespace doppelpack::http
