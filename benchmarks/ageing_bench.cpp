// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Years on a cycler: ten daily cycles with ageing in steps chosen by error control, setting up the
// pack included.
#include <benchmark/benchmark.h>

#include "sim/ageing_run.hpp"
#include "sim/load.hpp"

namespace {

using namespace doppelpack::sim;

void daily_cycles(benchmark::State& state) {
  const Product product = load_product("generic-16s", find_data_folder());
  AgeingPlan plan;
  plan.cycles = 10;
  for ([[maybe_unused]] auto _ : state) {
    const auto rows = run_ageing(product, plan, [](const AgeingRow&) { return true; });
    benchmark::DoNotOptimize(rows.back().capacity);
  }
  state.counters["steps"] = 10.0 * 86400e3;  // of 1 ms, per iteration
}
BENCHMARK(daily_cycles);

}  // namespace
