// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record_options.hpp"

#include <fmt/format.h>

#include <cmath>

#include "shared_options.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::app {

void add_record_options(CLI::App& command, RecordArguments& arguments, CLI::Option* folder) {
  command
      .add_option("--record", arguments.signals,
                  "Signal to record, * and ? allowed, '*' for all; replaces the scenario's own "
                  "(repeatable)")
      ->allow_extra_args(false)
      ->needs(folder);
  command
      .add_option("--record-period", arguments.period,
                  "How often, such as \"1 ms\"; without it as the scenario says, or every second")
      ->needs(folder);
  command
      .add_option("--record-format", arguments.format,
                  "Of the signals: csv, or mdf4 (ASAM MDF 4.1); docs/recordings.md")
      ->check(CLI::IsMember({"csv", "mdf4"}))
      ->capture_default_str()
      ->needs(folder);
}

void apply(const RecordArguments& arguments, sim::Scenario& scenario) {
  if (!arguments.signals.empty()) scenario.record.signals.clear();
  for (const std::string& signal : arguments.signals)
    scenario.record.signals.push_back({signal, {"--record", 0, ""}});
  if (arguments.period.empty()) return;
  const double period_s = parse_option("--record-period", arguments.period, sim::Dimension::time);
  if (!(period_s >= 1e-3 && period_s <= 86400.0))
    throw sim::DataError({"--record-period", 0, ""},
                         fmt::format("found \"{}\", expected 1 ms to 24 h", arguments.period));
  scenario.record.period_ns = std::llround(period_s * 1e9);
}

sim::RecordChoice choose_recording(const RecordArguments& arguments) {
  sim::RecordChoice choice;
  choice.format = sim::parse_record_format(arguments.format);
  return choice;
}

void print_losses(const sim::RunResult& result) {
  if (!result.recording) return;
  const std::string text = sim::describe(*result.recording);
  if (!text.empty()) fmt::print("  {}\n", text);
}

}  // namespace doppelpack::app
