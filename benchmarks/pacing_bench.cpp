// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What it costs to keep to the host's clock: a bench in real time, and a loop that only sleeps from one
// millisecond to the next. Both are measured in CPU time; how long they run is the clock's business.
#include <benchmark/benchmark.h>

#include <cerrno>
#include <ctime>

#include "sim/bench.hpp"
#include "sim/load.hpp"

namespace {

using namespace doppelpack::sim;

constexpr int kSteps = 20;  // of 1 ms, per iteration

void bare_timer(benchmark::State& state) {
  timespec deadline{};
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  for ([[maybe_unused]] auto _ : state) {
    for (int i = 0; i < kSteps; ++i) {
      deadline.tv_nsec += kMillisecond;
      if (deadline.tv_nsec >= kSecond) {
        deadline.tv_nsec -= kSecond;
        ++deadline.tv_sec;
      }
      while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) == EINTR) {
      }
    }
  }
  state.counters["steps"] = kSteps;
}
BENCHMARK(bare_timer)->UseRealTime();

void paced_loop(benchmark::State& state) {
  const auto data_folder = find_data_folder();
  Bench bench(make_free_run(load_product("generic-16s", data_folder),
                            load_inverter("hybrid-5k", data_folder)));
  bench.set("inverter1/demand_W", 200.0);
  bench.run_until(30 * kSecond);
  bench.set_speed(1.0);
  for ([[maybe_unused]] auto _ : state) bench.run_until(bench.now_ns() + kSteps * kMillisecond);
  state.counters["steps"] = kSteps;
}
BENCHMARK(paced_loop)->UseRealTime();

}  // namespace
