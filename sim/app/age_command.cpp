// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>

#include "commands.hpp"
#include "console.hpp"
#include "shared_options.hpp"
#include "sim/ageing_run.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "sim/quantity.hpp"
#include "stop_on_signal.hpp"

namespace doppelpack::app {

namespace {

constexpr int kLines = 10;  // of progress

struct AgeOptions {
  std::string product;
  std::string years = "10";
  std::string cycles;
  std::string cycles_per_day = "1";
  std::string depth = "80 %";
  std::string top = "100 %";
  std::string ambient = "25 degC";
  std::string c_rate = "0.5";
  std::string discharge_c_rate;
  std::uint64_t seed = 1;
  std::string out;
};

struct Range {
  double above;
  double up_to;
};

double parse(const char* option, const std::string& text, sim::Dimension dimension, Range range) {
  const sim::SourceLocation where{option, 0, ""};
  const double value = parse_option(option, text, dimension);
  if (value > range.above && value <= range.up_to) return value;
  const std::string_view unit = sim::unit_of(dimension);
  throw sim::DataError(
      where, fmt::format("found \"{}\", expected more than {:g}{}{} and at most {:g}{}{}", text,
                         range.above, unit.empty() ? "" : " ", unit, range.up_to,
                         unit.empty() ? "" : " ", unit));
}

long parse_cycles(const std::string& text) {
  const double cycles = parse("--cycles", text, sim::Dimension::none, {0.0, 1e6});
  if (cycles == std::floor(cycles)) return static_cast<long>(cycles);
  throw sim::DataError({"--cycles", 0, ""},
                       fmt::format("found \"{}\", expected a whole number", text));
}

sim::AgeingPlan plan_of(const AgeOptions& options) {
  using sim::Dimension;
  sim::AgeingPlan plan;
  plan.cycles_per_day =
      parse("--cycles-per-day", options.cycles_per_day, Dimension::none, {0.0, 24.0});
  plan.years = parse("--years", options.years, Dimension::none, {0.0, 50.0});
  if (!options.cycles.empty()) {
    plan.cycles = parse_cycles(options.cycles);
    plan.years = std::numeric_limits<double>::infinity();
  }
  plan.depth = parse("--depth", options.depth, Dimension::none, {0.0, 1.0});
  plan.top = parse("--top", options.top, Dimension::none, {0.0, 1.0});
  if (plan.top < plan.depth)
    throw sim::DataError({"--top", 0, ""}, fmt::format("found \"{}\", expected at least --depth "
                                                       "(\"{}\")",
                                                       options.top, options.depth));
  plan.ambient_degC = parse("--ambient", options.ambient, Dimension::temperature, {-40.0, 60.0});
  plan.charge_rate = parse("--c-rate", options.c_rate, Dimension::none, {0.0, 1.0});
  plan.discharge_rate =
      options.discharge_c_rate.empty()
          ? plan.charge_rate
          : parse("--discharge-c-rate", options.discharge_c_rate, Dimension::none, {0.0, 1.0});
  plan.seed = options.seed;
  return plan;
}

// How far the plan has come, 0 to 1.
double share_done(const sim::AgeingPlan& plan, const sim::AgeingRow& row) {
  return std::max(row.years / plan.years,
                  static_cast<double>(row.cycles) / static_cast<double>(plan.cycles));
}

void print_row(const sim::AgeingRow& row) {
  clear_status();
  fmt::print("{:6}  {:6.2f}  {:13.0f}  {:7.2f} %  {:9.2f} %  {:5.2f} %\n", row.cycles, row.years,
             row.throughput_Ah, 100.0 * row.capacity, 100.0 * row.resistance_growth,
             100.0 * row.spread);
  std::fflush(stdout);
}

int age(const AgeOptions& options) {
  block_stop_signals();
  const sim::AgeingPlan plan = plan_of(options);
  const sim::Product product = sim::load_product(options.product, sim::find_data_folder());
  if (!options.out.empty()) sim::make_ageing_folder(options.out);
  std::atomic<bool> is_stopped = false;
  StopOnSignal stopper([&] { is_stopped = true; });

  fmt::print("{:>6}  {:>6}  {:>13}  {:>9}  {:>11}  {:>7}\n", "cycles", "years", "throughput Ah",
             "capacity", "resistance+", "spread");
  const auto start = std::chrono::steady_clock::now();
  int lines = 0;
  const auto rows = sim::run_ageing(product, plan, [&](const sim::AgeingRow& row) {
    const double done = share_done(plan, row);
    if (done * kLines >= lines + 1 - 1e-9) {
      print_row(row);
      lines = static_cast<int>(done * kLines + 1e-9);
    } else {
      show_status(fmt::format("cycle {}, {:.0f} %", row.cycles, 100.0 * done));
    }
    return !is_stopped;
  });
  clear_status();
  const double wall_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!options.out.empty()) {
    sim::write_ageing(options.out, product, plan, rows);
    fmt::print("results in {}\n", options.out);
  }
  const sim::AgeingRow& last = rows.back();
  fmt::print("{} cycles, {:.2f} years in {:.3g} s; {} steps, {} taken back\n", last.cycles,
             last.years, wall_s, last.steps, last.rejected);
  if (is_stopped) fmt::print("stopped before the end\n");
  return is_stopped ? kExitFailed : kExitOk;
}

}  // namespace

void add_age_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<AgeOptions>();
  CLI::App* command =
      app.add_subcommand("age", "Cycle a pack for years and tell what is left of it");
  const auto option = [&](const char* name, std::string& value, const char* help) {
    return command->add_option(name, value, help)->capture_default_str();
  };
  command->add_option("PRODUCT", options->product, "Product, or a product file")->required();
  CLI::Option* years = option("--years", options->years, "How long, of 365 days");
  option("--cycles", options->cycles, "How many cycles, instead")->excludes(years);
  option("--cycles-per-day", options->cycles_per_day,
         "One after the other where they take longer: 24 for a laboratory");
  option("--depth", options->depth, "Of the rated capacity, at each discharge");
  option("--top", options->top, "SOC to charge to; 100 % holds the charge voltage and balances");
  option("--c-rate", options->c_rate, "Current over rated capacity, per hour");
  option("--discharge-c-rate", options->discharge_c_rate, "Likewise in discharge, if different");
  option("--ambient", options->ambient, "Around the pack");
  command->add_option("--seed", options->seed, "Draws the specimen")->capture_default_str();
  command->add_option("--out", options->out, "Folder for ageing.csv (by cycle) and ageing.json");
  command->footer(
      "Examples: doppelpack age generic-16s --depth \"60 %\" --ambient \"35 degC\"\n"
      "          doppelpack age residential-6k5 --cycles 6000 --cycles-per-day 24 --out results");
  command->callback([options, &chosen] { chosen = [options] { return age(*options); }; });
}

}  // namespace doppelpack::app
