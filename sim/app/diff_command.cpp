// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Two cores side by side on the same inputs: the first drives the pack, the second is compared.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "shared_options.hpp"
#include "sim/bench.hpp"
#include "sim/load.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct DiffOptions {
  std::string file;
  std::vector<std::string> libraries;
  CoreOptions core;
  Settings settings;
  sim::ShadowChoice shadow;
  std::string out;
};

int diff(const DiffOptions& options) {
  block_stop_signals();
  sim::Scenario scenario =
      sim::load_scenario(options.file, sim::find_data_folder(), to_overrides(options.settings));
  sim::BenchOptions bench_options;
  bench_options.core = choose_core(options.libraries.front(), options.core);
  bench_options.shadow = options.shadow;
  bench_options.shadow->core = choose_core(options.libraries.back(), options.core);
  if (!options.out.empty()) bench_options.out = options.out;
  sim::Bench bench(std::move(scenario), bench_options);
  const StopOnSignal stopper([&] { bench.request_stop(); });
  const bool is_complete = run_to(bench, bench.scenario().duration_ns, stopper);
  const sim::RunResult result = bench.finish();
  if (bench.is_over()) {
    fmt::print("{}\n", bench.why_over());
    if (!options.out.empty()) fmt::print("details in {}\n", options.out);
    return kExitFailed;
  }
  fmt::print("no difference in {:g} s simulated{}\n", result.simulated_s,
             is_complete ? "" : ", stopped before the end");
  return is_complete ? kExitOk : kExitFailed;
}

}  // namespace

void add_diff_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = app.add_subcommand(
      "diff-cores", "Run two protection cores on the same inputs up to their first difference");
  command->add_option("FILE", options->file, "Scenario file, or a name from 'list scenarios'")
      ->required();
  command
      ->add_option("--bms", options->libraries,
                   "Twice: the library of the core that drives, then of the one that is compared; "
                   "'builtin' is the core of doppelpack")
      ->required()
      ->expected(2)
      ->allow_extra_args(false);
  add_core_options(*command, options->core);
  add_settings(*command, options->settings);
  command
      ->add_option("--only", options->shadow.fields,
                   "Compare this field of the outputs, or all that begin so: charge_gate, "
                   "report.cell_ (repeatable); without it, everything")
      ->allow_extra_args(false);
  command
      ->add_option("--context", options->shadow.context_steps,
                   "Steps to report before a difference")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder for divergence.json and the recording")
      ->default_val("diff-cores");
  command->footer(
      "Example: doppelpack diff-cores over-charge --bms builtin --bms ./libmycore.so\n"
      "Exit code: 0 no difference, 1 a difference or a core that failed, 2 bad usage or bad file.");
  command->callback([options, &chosen] { chosen = [options] { return diff(*options); }; });
}

}  // namespace doppelpack::app
