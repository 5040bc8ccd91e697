// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The whole closed loop: plant and firmware at 1 ms, AFE, CAN and RS485 encoding at their own
// periods, a virtual inverter charging gently. One iteration is one simulated second.
#include <benchmark/benchmark.h>

#include "sim/bench.hpp"
#include "sim/load.hpp"

namespace {

using namespace doppelpack::sim;

void run_loop(benchmark::State& state, const BenchOptions& options) {
  const auto data_folder = find_data_folder();
  Bench bench(make_free_run(load_product("generic-16s", data_folder),
                            load_inverter("hybrid-5k", data_folder)),
              options);
  // 200 W: the pack never fills up however long the benchmark runs.
  bench.set("inverter1/demand_W", 200.0);
  bench.run_until(30 * kSecond);
  const Time start_ns = bench.now_ns();
  for ([[maybe_unused]] auto _ : state) bench.run_until(bench.now_ns() + kSecond);
  const double simulated_s = to_seconds(bench.now_ns() - start_ns);
  state.counters["steps"] = 1000;  // of 1 ms, per iteration
  state.counters["real_time_factor"] = benchmark::Counter(simulated_s, benchmark::Counter::kIsRate);
}

void closed_loop(benchmark::State& state) {
  run_loop(state, {});
}
BENCHMARK(closed_loop);

// The same with the core in a process of its own, so not all of it is this process's CPU time.
void isolated_loop(benchmark::State& state) {
  BenchOptions options;
  options.core.is_isolated = true;
  run_loop(state, options);
}
BENCHMARK(isolated_loop)->UseRealTime();

}  // namespace
