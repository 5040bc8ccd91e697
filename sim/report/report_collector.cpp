// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <optional>
#include <utility>

#include "report/report_watch.hpp"
#include "sim/report.hpp"

namespace doppelpack::sim {

struct ReportCollector::Inside {
  std::optional<ReportWatch> watch;
};

ReportCollector::ReportCollector() : inside_(std::make_unique<Inside>()) {}

ReportCollector::~ReportCollector() = default;

void ReportCollector::attach(BenchOptions& options) {
  Inside& inside = *inside_;
  options.pass_watch = [&inside, next = std::move(options.pass_watch)](Time t_ns,
                                                                       const BenchState& state) {
    if (inside.watch) inside.watch->pass(t_ns, state);
    if (next) next(t_ns, state);
  };
  options.can_watch = [&inside, next = std::move(options.can_watch)](
                          Time t_ns, const can_emulator::CanFrame& frame, bool is_from_pack) {
    if (inside.watch) inside.watch->hear({t_ns, frame, is_from_pack});
    if (next) next(t_ns, frame, is_from_pack);
  };
  options.serial_watch = [&inside, next = std::move(options.serial_watch)](
                             Time t_ns, Direction direction, can_emulator::BytesView bytes) {
    if (inside.watch)
      inside.watch->hear({t_ns, direction, can_emulator::Bytes(bytes), bytes.size()});
    if (next) next(t_ns, direction, bytes);
  };
}

void ReportCollector::follow(const Bench& bench) {
  inside_->watch.emplace(bench);
}

std::shared_ptr<const ReportData> ReportCollector::take() const {
  return inside_->watch->take();
}

}  // namespace doppelpack::sim
