// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "sim/bench.hpp"
#include "sim/load.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct RunOptions {
  std::vector<std::string> files;
  std::string speed = "max";
  std::optional<std::uint64_t> seed;
  std::string out;
  std::string junit;
  std::string bms_trace;
  std::vector<std::string> settings;
};

double parse_speed(const std::string& text) {
  if (text == "max") return 0.0;
  double speed = 0.0;
  if (CLI::detail::lexical_cast(text, speed) && speed > 0.0) return speed;
  throw sim::DataError({"--speed", 0, ""},
                       fmt::format("found \"{}\", expected \"max\" or a number above 0", text));
}

std::vector<sim::Override> parse_settings(const RunOptions& options) {
  std::vector<sim::Override> overrides;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw sim::DataError({"--set", 0, ""},
                           fmt::format("found \"{}\", expected key=value", setting));
    }
    overrides.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  if (options.seed) overrides.push_back({"seed", std::to_string(*options.seed)});
  return overrides;
}

/// Runs one scenario to its end. False: stopped by a signal before that.
bool run_one(sim::Bench& bench) {
  StopOnSignal stopper([&] { bench.request_stop(); });
  const sim::Time duration_ns = bench.scenario().duration_ns;
  for (int percent = 1; percent <= 100 && !stopper.was_stopped() && !bench.is_over(); ++percent) {
    bench.run_until(duration_ns / 100 * percent + (percent == 100 ? duration_ns % 100 : 0));
    show_status(fmt::format("{} {} %", bench.scenario().key, percent));
  }
  clear_status();
  return !stopper.was_stopped();
}

void write_junit(const std::string& file, const std::vector<sim::RunResult>& results) {
  std::ofstream stream(file);
  stream << sim::to_junit(results);
  stream.close();
  if (!stream) throw sim::DataError({file, 0, ""}, "cannot be written");
}

int run(const RunOptions& options) {
  block_stop_signals();
  const double speed = parse_speed(options.speed);
  const auto overrides = parse_settings(options);
  const auto data_folder = sim::find_data_folder();
  // All files are read before the first run, so a mistake in the last one costs no time.
  std::vector<sim::Scenario> scenarios;
  for (const std::string& file : options.files) {
    scenarios.push_back(sim::load_scenario(file, data_folder, overrides));
  }
  std::optional<sim::BmsTrace> bms_trace;
  if (!options.bms_trace.empty()) bms_trace.emplace(options.bms_trace);
  std::vector<sim::RunResult> results;
  bool is_complete = true;
  for (sim::Scenario& scenario : scenarios) {
    sim::BenchOptions bench_options;
    bench_options.speed = speed;
    if (bms_trace) bench_options.bms_trace = &*bms_trace;
    if (!options.out.empty()) {
      bench_options.out = options.out;
      if (scenarios.size() > 1) *bench_options.out /= scenario.key;
    }
    sim::Bench bench(std::move(scenario), bench_options);
    is_complete = run_one(bench);
    results.push_back(bench.finish());
    print_result(results.back());
    if (bench_options.out) fmt::print("  results in {}\n", bench_options.out->string());
    if (!is_complete) {
      fmt::print("  stopped before the end\n");
      break;
    }
  }
  if (bms_trace) bms_trace->flush();
  if (!options.junit.empty()) write_junit(options.junit, results);
  for (const sim::RunResult& result : results) {
    if (!result.has_passed) return kExitFailed;
  }
  return is_complete ? kExitOk : kExitFailed;
}

}  // namespace

void add_run_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run scenarios and judge their expectations");
  command->add_option("FILE", options->files, "Scenario files, or names from 'list scenarios'")
      ->required();
  command
      ->add_option("--speed", options->speed,
                   "'max', or simulated seconds per second (1: real time)")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Replaces the scenario's seed");
  command->add_option("--out", options->out,
                      "Folder for result.json, events.jsonl, signals.csv and bus logs");
  command->add_option("--junit", options->junit, "Write a JUnit XML report to this file");
  command->add_option("--record-bms", options->bms_trace,
                      "Write what the protection core gets, and a digest of what it answers, to "
                      "this file");
  command
      ->add_option("--set", options->settings,
                   "Replace a value of the scenario: key.path=value (repeatable)")
      ->allow_extra_args(false);
  command->footer(
      "Example: doppelpack run over-charge hot --set initial.soc=\"80 %\" --out results");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace doppelpack::app
