// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "real_time_options.hpp"
#include "record_options.hpp"
#include "report_options.hpp"
#include "shared_options.hpp"
#include "sim/bench.hpp"
#include "sim/load.hpp"
#include "sim/quantity.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

struct RunOptions {
  std::vector<std::string> files;
  std::string speed = "max";
  std::string out;
  std::string junit;
  std::string bms;
  std::string bms_trace;
  std::string from;
  std::vector<std::string> saves;  ///< "TIME=FILE"
  CoreOptions core;
  RecordArguments record;
  PaceOptions pace;
  Settings settings;
  HtmlReportOptions report;
};

double parse_speed(const std::string& text) {
  if (text == "max") return 0.0;
  double speed = 0.0;
  if (CLI::detail::lexical_cast(text, speed) && speed > 0.0) return speed;
  throw sim::DataError({"--speed", 0, ""},
                       fmt::format("found \"{}\", expected \"max\" or a number above 0", text));
}

void write_junit(const std::string& file, const std::vector<sim::RunResult>& results) {
  std::ofstream stream(file);
  stream << sim::to_junit(results);
  stream.close();
  if (!stream) throw sim::DataError({file, 0, ""}, "cannot be written");
}

struct Save {
  sim::Time t_ns = 0;
  std::filesystem::path file;
};

Save parse_save(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at + 1 == text.size())
    throw sim::DataError(
        {"--save", 0, ""},
        fmt::format("found \"{}\", expected TIME=FILE, such as \"40 min=hot.state\"", text));
  const double t_s = parse_option("--save", text.substr(0, at), sim::Dimension::time);
  return {std::llround(t_s * 1e9), text.substr(at + 1)};
}

std::vector<Save> parse_saves(const RunOptions& options) {
  std::vector<Save> saves;
  for (const std::string& text : options.saves) saves.push_back(parse_save(text));
  std::ranges::stable_sort(saves, {}, &Save::t_ns);
  if (options.files.size() > 1 && !(saves.empty() && options.from.empty()))
    throw sim::DataError({options.from.empty() ? "--save" : "--from", 0, ""},
                         fmt::format("found {} scenarios, expected one", options.files.size()));
  return saves;
}

std::unique_ptr<sim::Bench> make_bench(sim::Scenario scenario, const sim::BenchOptions& options,
                                       const std::string& from) {
  if (from.empty()) return std::make_unique<sim::Bench>(std::move(scenario), options);
  return std::make_unique<sim::Bench>(std::move(scenario), options, sim::read_snapshot(from));
}

/// False when it was stopped before its end.
bool run_and_save(sim::Bench& bench, const std::vector<Save>& saves) {
  // One for all: a thread started later would be on the CPU of the simulation.
  const StopOnSignal stopper([&] { bench.request_stop(); });
  for (const Save& save : saves) {
    if (save.t_ns < bench.now_ns() || save.t_ns > bench.scenario().duration_ns)
      throw sim::DataError({"--save", 0, ""},
                           fmt::format("found {:g} s, expected {:g} to {:g} s, while it runs",
                                       sim::to_seconds(save.t_ns), sim::to_seconds(bench.now_ns()),
                                       sim::to_seconds(bench.scenario().duration_ns)));
    if (!run_to(bench, save.t_ns, stopper)) return false;
    sim::write_snapshot(bench.snapshot(), save.file);
  }
  return run_to(bench, bench.scenario().duration_ns, stopper);
}

int run(const RunOptions& options) {
  block_stop_signals();
  const double speed = parse_speed(options.speed);
  const std::vector<Save> saves = parse_saves(options);
  const HtmlReports reports(options.report, options.files.size());
  const auto overrides = to_overrides(options.settings);
  const sim::CoreChoice core = choose_core(options.bms, options.core);
  const auto data_folder = sim::find_data_folder();
  // All files are read before the first run, so a mistake in the last one costs no time.
  std::vector<sim::Scenario> scenarios;
  scenarios.reserve(options.files.size());
  for (const std::string& file : options.files) {
    scenarios.push_back(sim::load_scenario(file, data_folder, overrides));
    apply(options.record, scenarios.back());
  }
  std::optional<sim::BmsTrace> bms_trace;
  if (!options.bms_trace.empty()) bms_trace.emplace(options.bms_trace);
  std::vector<sim::RunResult> results;
  bool is_complete = true;
  for (sim::Scenario& scenario : scenarios) {
    sim::BenchOptions bench_options;
    bench_options.speed = speed;
    bench_options.core = core;
    bench_options.recording = choose_recording(options.record);
    bench_options.notice = [](std::string_view line) { fmt::print(stderr, "{}\n", line); };
    apply(options.pace, bench_options);
    if (bms_trace) bench_options.bms_trace = &*bms_trace;
    if (!options.out.empty()) {
      bench_options.out = options.out;
      if (scenarios.size() > 1) *bench_options.out /= scenario.key;
    }
    HtmlReport report(reports, scenario, options.files[results.size()]);
    report.attach(bench_options);
    const auto bench = make_bench(std::move(scenario), bench_options, options.from);
    report.follow(*bench);
    is_complete = run_and_save(*bench, saves);
    results.push_back(bench->finish());
    print_result(results.back());
    print_losses(results.back());
    report.write(*bench, results.back());
    print_timing(results.back().timing);
    if (bench_options.out) fmt::print("  results in {}\n", bench_options.out->string());
    if (!is_complete) {
      fmt::print("  stopped before the end\n");
      break;
    }
  }
  if (bms_trace) bms_trace->flush();
  if (!options.junit.empty()) write_junit(options.junit, results);
  for (const sim::RunResult& result : results) {
    if (!result.has_passed || !is_timing_accepted(options.pace, result)) return kExitFailed;
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
  CLI::Option* const out = command->add_option(
      "--out", options->out, "Folder for result.json, events.jsonl, signals.csv and bus logs");
  add_record_options(*command, options->record, out);
  command->add_option("--junit", options->junit, "Write a JUnit XML report to this file");
  command->add_option("--bms", options->bms,
                      "Shared library with another protection core; docs/plug_in_your_bms.md");
  command->add_option("--record-bms", options->bms_trace,
                      "Write what the protection core gets, and a digest of what it answers, to "
                      "this file");
  command->add_option("--save", options->saves,
                      "TIME=FILE: a snapshot of the bench at that simulated time; may be repeated");
  command->add_option("--from", options->from,
                      "Go on from a snapshot of the same scenario, bit for bit");
  add_html_report_option(
      *command, options->report,
      "Write a report to this .html file, or to a folder, one for each scenario");
  add_core_options(*command, options->core);
  add_pace_options(*command, options->pace);
  add_settings(*command, options->settings);
  command->footer(
      "Example: doppelpack run over-charge hot --set initial.soc=\"80 %\" --out results");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace doppelpack::app
