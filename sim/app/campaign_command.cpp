// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every fault in every state of every product of a plan, or a sweep over one scenario.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "shared_options.hpp"
#include "sim/campaign.hpp"
#include "sim/load.hpp"
#include "sweep_handover.hpp"

namespace doppelpack::app {

namespace {

struct CampaignCommandOptions {
  std::string plan;
  std::vector<std::string> cases;
  std::string core = "builtin";
  bool is_list = false;
  std::string dask;
  bool is_resumed = false;
  ReportOptions report;
  CoreOptions core_options;
};

int list_cases(const std::vector<sim::CampaignCase>& cases) {
  for (const sim::CampaignCase& one : cases) fmt::print("{}\n", one.id);
  return kExitOk;
}

Tint tint_of(const sim::CampaignReport& report, std::size_t first, std::size_t count) {
  const auto begin = report.results.begin() + static_cast<std::ptrdiff_t>(first);
  const bool is_good =
      std::all_of(begin, begin + static_cast<std::ptrdiff_t>(count),
                  [](const sim::CaseResult& result) { return result.is_explained; });
  return is_good ? Tint::good : Tint::bad;
}

// A line for each product in each state.
void print_states(const sim::CampaignReport& report) {
  std::size_t width = 5;
  for (const sim::CampaignStart& start : report.plan->starts)
    width = std::max(width, start.scenario.key.size());
  fmt::print("{:<{}}  cases   safe  latent  annunciated  finding\n", "state", width);
  for (std::size_t i = 0; i < report.cases.size();) {
    const std::size_t first = i;
    const std::size_t start = report.cases[i].start;
    std::array<int, sim::kCaseClassCount> counts{};
    for (; i < report.cases.size() && report.cases[i].start == start; ++i)
      ++counts[static_cast<std::size_t>(report.results[i].is)];
    fmt::print("{:<{}}  {:>5}  {:>5}  {:>6}  {:>11}  {}\n", report.plan->starts[start].scenario.key,
               width, i - first, counts[0], counts[1], counts[2],
               tinted(fmt::format("{:>7}", counts[3]), tint_of(report, first, i - first)));
  }
}

void print_unexplained(const sim::CampaignReport& report) {
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    if (report.results[i].is_explained) continue;
    fmt::print("\n{} {}\n", tinted("FINDING", Tint::bad), report.cases[i].id);
    for (const sim::Objection& objection : report.results[i].objections)
      fmt::print("  {}: {}\n", objection.oracle, objection.text);
  }
  for (const std::size_t i : report.stale) {
    const sim::Explanation& explanation = report.plan->explanations[i];
    fmt::print("\n{} {}:{}: this explanation explains nothing any more\n",
               tinted("STALE", Tint::bad), explanation.where.file, explanation.where.line);
  }
}

void print_campaign_summary(const sim::CampaignReport& report) {
  const auto count = [&](sim::CaseClass of_case) { return sim::count_cases(report, of_case); };
  const auto unexplained =
      std::count_if(report.results.begin(), report.results.end(),
                    [](const sim::CaseResult& result) { return !result.is_explained; });
  fmt::print("\n{} cases: {} safe, {} latent, {} annunciated, {} findings, {} not explained\n",
             report.cases.size(), count(sim::CaseClass::safe), count(sim::CaseClass::latent),
             count(sim::CaseClass::annunciated), count(sim::CaseClass::finding), unexplained);
  fmt::print("campaign sha256 {}\n", report.sha256);
}

void refuse_for_sweep(bool is_given, const char* option) {
  if (is_given) throw sim::DataError({option, 0, ""}, "found it beside a sweep, expected none");
}

[[noreturn]] void run_sweep(const CampaignCommandOptions& options) {
  refuse_for_sweep(!options.cases.empty(), "--case");
  refuse_for_sweep(!options.report.junit.empty(), "--junit");
  refuse_for_sweep(!options.report.markdown.empty(), "--markdown");
  refuse_for_sweep(options.core_options.is_isolated, "--isolated");
  std::vector<std::string> arguments{options.plan};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {option, value});
  };
  const int workers = options.report.workers;
  add("--workers", workers == 0 ? "" : std::to_string(workers));
  add("--out", options.report.out);
  add("--dask", options.dask);
  add("--bms", options.core == "builtin" ? "" : options.core);
  if (options.is_resumed) arguments.emplace_back("--resume");
  if (options.is_list) arguments.emplace_back("--list");
  hand_over_sweep(std::move(arguments));
}

int show_campaign(const CampaignCommandOptions& options) {
  if (is_sweep(options.plan, sim::find_data_folder())) run_sweep(options);
  if (!options.dask.empty() || options.is_resumed)
    throw sim::DataError({options.is_resumed ? "--resume" : "--dask", 0, ""},
                         "found it beside a plan of single faults, expected a sweep");
  const sim::CampaignPlan plan = sim::load_campaign(options.plan, sim::find_data_folder());
  std::vector<sim::CampaignCase> cases =
      sim::choose_cases(sim::generate_cases(plan), options.cases);
  if (cases.empty())
    throw sim::DataError({}, "found no case that fits, expected one of those of --list");
  if (options.is_list) return list_cases(cases);
  sim::CampaignOptions campaign;
  campaign.core = choose_core(options.core, options.core_options);
  campaign.workers = number_of_workers(options.report.workers);
  campaign.is_complete = options.cases.empty();
  campaign.note = [](std::size_t done, std::size_t of) {
    show_status(fmt::format("{} of {} states", done, of));
  };
  const sim::CampaignReport report = sim::run_campaign(plan, std::move(cases), campaign);
  clear_status();
  print_states(report);
  print_unexplained(report);
  print_campaign_summary(report);
  sim::write_campaign(options.report.files(), report);
  return report.has_passed() ? kExitOk : kExitFailed;
}

}  // namespace

void add_campaign_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<CampaignCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "campaign", "Put every fault on every product in every state and judge what comes of it");
  command
      ->add_option("PLAN", options->plan,
                   "The plan, in scenarios/campaigns or scenarios/sweeps, or a file")
      ->default_val("single-faults");
  command
      ->add_option("--case", options->cases,
                   "Only cases with such an id; * stands for any text (repeatable)")
      ->allow_extra_args(false);
  command->add_flag("--list", options->is_list, "Print the ids of the cases and run none");
  command->add_option("--bms", options->core, "Protection core: 'builtin' or a shared library")
      ->capture_default_str();
  command->add_option("--dask", options->dask,
                      "Of a sweep: scheduler of a cluster, tcp://host:8786");
  command->add_flag("--resume", options->is_resumed, "Of a sweep: go on with what is in --out");
  add_report_options(*command, options->report, "campaign", "docs/safety_report.md");
  add_core_options(*command, options->core_options);
  command->footer(
      "Oracles and classes: docs/safety_report.md. How to write a plan: scenarios/README.md.\n"
      "A sweep is run by the Python package: docs/campaigns.md.\n"
      "Example: doppelpack campaign --case 'pylontech-us5000/*/ntc-*' --out results\n"
      "Exit code: 0 all cases are safe, annunciated or explained, 1 some are not, 2 bad usage or "
      "bad file.");
  command->callback([options, &chosen] { chosen = [options] { return show_campaign(*options); }; });
}

}  // namespace doppelpack::app
