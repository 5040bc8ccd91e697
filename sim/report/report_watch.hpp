// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a report is told of a bench from the moment it is built.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "report/overview.hpp"
#include "report/report_data.hpp"
#include "report/window_recorder.hpp"
#include "sim/bench.hpp"

namespace doppelpack::sim {

class ReportWatch {
 public:
  /// The bench must outlive it.
  explicit ReportWatch(const Bench& bench);

  /// After every pass of the firmware.
  void pass(Time t_ns, const BenchState& state);
  void hear(const HeardFrame& frame) { windows_.hear(frame); }
  void hear(HeardBurst burst) { windows_.hear(std::move(burst)); }

  std::shared_ptr<const ReportData> take() const;

 private:
  struct Watched {
    std::size_t position = 0;  ///< in the catalogue
    std::size_t pack = 0;
    bool is_reading = false;  ///< what a BMS has measured, or made of it
  };

  static std::vector<Watched> watched_signals(const SignalCatalogue& catalogue, std::size_t packs);
  const std::vector<Event>& events() const { return bench_.recorder().events().events(); }
  bool take_events();
  void take_row(Time t_ns, const BenchState& state);
  void look_at_lamps(Time t_ns, const BenchState& state);
  void look_at_patterns(Time t_ns, const BenchState& state);

  const Bench& bench_;
  std::vector<Watched> watched_;
  Time start_ns_;
  Time now_ns_;
  Time row_due_ns_;
  Time fast_until_ns_ = 0;
  WindowRecorder windows_;
  OverviewRecorder overview_;
  std::size_t events_seen_ = 0;
  std::vector<std::uint32_t> lit_;                            ///< of each pack
  std::vector<std::array<LampLook, kLampCount>> last_looks_;  ///< of each pack
  std::vector<LampLook> looks_;
  std::uint64_t looks_left_out_ = 0;
};

}  // namespace doppelpack::sim
