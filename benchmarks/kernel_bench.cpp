// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the physics costs: one pack of sixteen cells against the bare kernel, in steps of 1 ms.
// Current changes its sign now and then, so that no branch is always taken.
#include <benchmark/benchmark.h>

#include "bare_kernel.hpp"
#include "models/pack.hpp"

namespace doppelpack {

namespace {

constexpr int kStepsPerIteration = 1000;

void report_steps(benchmark::State& bench) {
  bench.counters["steps"] = kStepsPerIteration;  // of 1 ms, per iteration
}

void bare_kernel(benchmark::State& bench) {
  benchmarks::BareKernel kernel = benchmarks::make_bare_kernel();
  double current_A = 50.0;
  for (auto _ : bench) {
    for (int i = 0; i < kStepsPerIteration; ++i) step(kernel, current_A);
    current_A = -current_A;
    benchmark::DoNotOptimize(kernel.cell_V[0]);
  }
  report_steps(bench);
}
BENCHMARK(bare_kernel);

models::SocTable flat(double value) {
  return {{0.0, 1.0}, {value, value}};
}

models::PackParameters make_pack() {
  using models::CellArray;
  models::Chemistry lfp;
  lfp.ocv_V = {{-0.008, 0.0, 0.05, 0.1, 0.3, 0.6, 0.7, 0.95, 1.0, 1.01},
               {2.247, 2.832, 3.194, 3.207, 3.290, 3.322, 3.337, 3.343, 3.373, 3.691}};
  lfp.hysteresis_V = flat(0.012);
  lfp.entropic_V_per_K = {{0.0, 0.35, 1.0}, {-0.49e-3, 0.0, 0.118e-3}};
  lfp.rc1 = {0.45e-3, 15.0, 22e3};
  lfp.rc2 = {0.50e-3, 150.0, 17e3};
  lfp.rc_factor_discharge = {{0.0, 0.5, 1.0}, {2.5, 1.0, 0.89}};
  lfp.rc_factor_charge = {{0.0, 0.5, 1.0}, {0.79, 0.94, 1.12}};

  models::PackParameters pack;
  pack.cell_model = models::find_cell_model("ecm-2rc");
  const CellArray ones = CellArray::Ones(pack.cell_count);
  pack.cells = models::make_cell_parameters(lfp, 100.0 * ones, ones);
  pack.self_discharge_A = 0.0007 * ones;
  pack.ntc_cell = {1, 5, 10, 14};
  return pack;
}

void pack_step(benchmark::State& bench) {
  const models::PackParameters pack = make_pack();
  const models::Hardware hardware = models::flawless_hardware(16, 4);
  models::PackInputs inputs;
  inputs.charge_gate = true;
  inputs.discharge_gate = true;
  inputs.source.current_A = 50.0;
  inputs.source.conductance_S = 0.001;
  const models::CellArray soc = models::CellArray::LinSpaced(16, 0.5, 0.53);
  models::PackState state = models::make_pack_state(pack, soc, 25.0);
  for (auto _ : bench) {
    for (int i = 0; i < kStepsPerIteration; ++i) step(pack, hardware, inputs, 1e-3, state);
    inputs.source.current_A = -inputs.source.current_A;
    benchmark::DoNotOptimize(state.terminal_V);
  }
  report_steps(bench);
}
BENCHMARK(pack_step);

}  // namespace

}  // namespace doppelpack
