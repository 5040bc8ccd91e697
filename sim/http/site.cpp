// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/site.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "report/describe.hpp"

namespace doppelpack::http {

namespace {

std::vector<std::size_t> recorded_signals(LiveBench& live) {
  const auto recorded = live.bench().recorder().recorded();
  return {recorded.begin(), recorded.end()};
}

}  // namespace

bool Closing::sleep_until(std::chrono::steady_clock::time_point time) {
  std::unique_lock lock(mutex_);
  return !closed_.wait_until(lock, time, [this] { return is_closed_; });
}

void Closing::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  closed_.notify_all();
}

Site::Site(LiveBench& bench, Guard site_guard, std::string served_by)
    : live(bench),
      guard(std::move(site_guard)),
      page(PageFiles::find()),
      command(std::move(served_by)),
      bench_text(sim::describe_bench(bench.scenario()).dump()),
      faults_text(sim::describe_faults(bench.scenario()).dump()),
      metrics(recorded_signals(bench)) {}

}  // namespace doppelpack::http
