// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the physics costs: one pack of sixteen cells against the bare kernel, in steps of 1 ms.
// Current changes its sign now and then, so that no branch is always taken. And: packs of up to
// 1600 cells, the scalar reference, and a short circuit in microseconds.
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

models::PackParameters make_pack(int series, const char* cell_model = "ecm-2rc") {
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
  pack.series = series;
  pack.cell_model = models::find_cell_model(cell_model);
  const CellArray ones = CellArray::Ones(pack.cell_count());
  pack.cells = models::make_cell_parameters(lfp, 100.0 * ones, ones);
  pack.self_discharge_A = 0.0007 * ones;
  std::vector<models::Bead> beads;
  for (const int cell : {1, 5, 10, 14}) beads.push_back({models::BeadPlace::cell, cell});
  pack.thermal = models::make_thermal_network({}, 1, pack.series, {}, beads);
  return pack;
}

/// A pack at work: gates on, 50 A.
struct Bench {
  models::PackParameters pack;
  models::Hardware hardware;
  models::PackInputs inputs;
  models::PackState state;

  explicit Bench(int series, const char* cell_model = "ecm-2rc")
      : pack(make_pack(series, cell_model)),
        hardware(models::flawless_hardware(series, 4)),
        state(
            models::make_pack_state(pack, models::CellArray::LinSpaced(series, 0.5, 0.53), 25.0)) {
    inputs.charge_gate = true;
    inputs.discharge_gate = true;
    inputs.source.current_A = 50.0;
    inputs.source.conductance_S = 0.001;
    inputs.source.max_V = 1e4;
  }
  void run_a_second() {
    for (int i = 0; i < kStepsPerIteration; ++i) step(pack, hardware, inputs, 1e-3, state);
  }
};

void run_pack(benchmark::State& bench, Bench pack) {
  pack.run_a_second();  // the microseconds of the start are over
  for (auto _ : bench) {
    pack.run_a_second();
    pack.inputs.source.current_A = -pack.inputs.source.current_A;
    benchmark::DoNotOptimize(pack.state.terminal_V);
  }
  report_steps(bench);
}

void pack_step(benchmark::State& bench) {
  run_pack(bench, Bench(16));
}
BENCHMARK(pack_step);

void pack_step_1600_cells(benchmark::State& bench) {
  run_pack(bench, Bench(1600));
}
BENCHMARK(pack_step_1600_cells);

void reference_step(benchmark::State& bench) {
  run_pack(bench, Bench(16, "ecm-2rc-reference"));
}
BENCHMARK(reference_step);

/// Terminals bridged and nothing that opens: a second of it in microseconds, as 1000 steps of 1 ms.
void short_circuit(benchmark::State& bench) {
  Bench pack(16);
  pack.pack.comparators.scd.threshold_A = 1e6;  // counts for ever: the transient never ends
  pack.pack.comparators.ocd = {200.0, 1e9};
  pack.pack.path.fuse.melt_A2s = 0.0;
  pack.hardware.terminal_short_S = 200.0;
  ++pack.hardware.revision;
  for (auto _ : bench) {
    Bench fresh = pack;
    fresh.run_a_second();
    benchmark::DoNotOptimize(fresh.state.terminal_V);
  }
  report_steps(bench);
}
BENCHMARK(short_circuit);

}  // namespace

}  // namespace doppelpack
