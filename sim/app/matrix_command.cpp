// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every row of the fault matrix on every core.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "console.hpp"
#include "shared_options.hpp"
#include "sim/load.hpp"
#include "sim/matrix.hpp"
#include "sim/matrix_text.hpp"

namespace doppelpack::app {

namespace {

struct MatrixCommandOptions {
  std::vector<std::string> rows;
  std::string list;
  std::vector<std::string> cores{"builtin"};
  ReportOptions report;
  CoreOptions core;
};

/// The table as it is printed: cells, and the colour of a line.
struct PrintedLine {
  std::vector<std::string> cells;
  Tint tint = Tint::good;
};

std::vector<std::string> cells_of(const std::string& row, const sim::MatrixLine& line,
                                  bool has_cores) {
  std::vector<std::string> cells{
      row,         line.product, line.scenario, line.verdict, line.detection, line.reaction,
      line.margin, line.over_mV, line.over_A,   line.over_K,  line.over_A2s};
  if (has_cores) cells.push_back(line.core);
  return cells;
}

std::vector<PrintedLine> lines_of(const sim::MatrixReport& report) {
  const bool has_cores = report.cores.size() > 1;
  std::vector<PrintedLine> lines;
  for (const sim::MatrixRow& row : report.rows) {
    for (const std::size_t run : row.runs) {
      const sim::MatrixLine line = sim::line_of(report, report.runs[run]);
      lines.push_back({cells_of(row.row.id, line, has_cores),
                       report.runs[run].result.has_passed ? Tint::good : Tint::bad});
    }
    if (row.runs.empty())
      lines.push_back({{row.row.id, "-", "-", std::string(sim::name_of(row.verdict))},
                       row.verdict == sim::RowVerdict::missing ? Tint::bad : Tint::faint});
  }
  return lines;
}

void print_table(const sim::MatrixReport& report) {
  constexpr std::size_t kVerdict = 3;
  constexpr std::size_t kLastNumber = 10;
  std::vector<std::string> head{"row",    "product",   "scenario", "verdict", "FDTI", "FRTI",
                                "margin", "beyond mV", "A",        "K",       "A2s"};
  if (report.cores.size() > 1) head.emplace_back("core");
  const std::vector<PrintedLine> lines = lines_of(report);
  std::vector<std::size_t> widths;
  for (const std::string& word : head) widths.push_back(word.size());
  for (const PrintedLine& line : lines)
    for (std::size_t i = 0; i < line.cells.size(); ++i)
      widths[i] = std::max(widths[i], line.cells[i].size());
  const auto print = [&](const std::vector<std::string>& cells, const Tint* tint) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool is_number = i > kVerdict && i <= kLastNumber;
      const std::string cell = is_number ? fmt::format("{:>{}}", cells[i], widths[i])
                                         : fmt::format("{:<{}}", cells[i], widths[i]);
      text += i == 0 ? "" : "  ";
      text += tint != nullptr && i == kVerdict ? tinted(cell, *tint) : cell;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
  };
  print(head, nullptr);
  for (const PrintedLine& line : lines) print(line.cells, &line.tint);
}

void print_failures(const sim::MatrixReport& report) {
  for (const sim::MatrixRun& run : report.runs) {
    if (run.result.has_passed) continue;
    fmt::print("\n{} {} on {}\n", tinted("FAIL", Tint::bad), run.result.scenario,
               report.cores[run.core]);
    for (const sim::Verdict& verdict : run.result.expectations)
      if (!verdict.has_held) fmt::print("  {}: {}\n", verdict.name, verdict.reason);
  }
  for (const sim::MatrixRow& row : report.rows)
    if (row.verdict == sim::RowVerdict::missing)
      fmt::print("\n{} {}: no scenario shows it\n", tinted("FAIL", Tint::bad), row.row.id);
}

void print_summary(const sim::MatrixReport& report) {
  double simulated_s = 0.0;
  for (const sim::MatrixRun& run : report.runs) simulated_s += run.result.simulated_s;
  fmt::print(
      "\n{} rows: {} passed, {} failed, {} not covered, {} missing; {} runs, {:g} s simulated\n",
      report.rows.size(), sim::count_rows(report, sim::RowVerdict::passed),
      sim::count_rows(report, sim::RowVerdict::failed),
      sim::count_rows(report, sim::RowVerdict::not_covered),
      sim::count_rows(report, sim::RowVerdict::missing), report.runs.size(), simulated_s);
  fmt::print("matrix sha256 {}\n", report.sha256);
}

int show_matrix(const MatrixCommandOptions& options) {
  const auto data_folder = sim::find_data_folder();
  const sim::AcceptanceList list = sim::load_acceptance_list(options.list, data_folder);
  const sim::AcceptancePlan plan = sim::plan_acceptance(list, options.rows, data_folder);
  sim::MatrixOptions matrix;
  matrix.core_names = options.cores;
  for (const std::string& core : options.cores)
    matrix.cores.push_back(choose_core(core, options.core));
  matrix.workers = number_of_workers(options.report.workers);
  matrix.note = [](std::size_t done, std::size_t of) {
    show_status(fmt::format("{} of {} runs", done, of));
  };
  const sim::MatrixReport report = sim::run_matrix(list, plan, matrix);
  clear_status();
  print_table(report);
  print_failures(report);
  print_summary(report);
  sim::write_matrix(options.report.files(), report);
  return report.has_passed() ? kExitOk : kExitFailed;
}

}  // namespace

void add_matrix_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<MatrixCommandOptions>();
  CLI::App* command =
      app.add_subcommand("matrix", "Run every row of the fault matrix and show what came of it");
  command->add_option("ROW", options->rows, "IDs of rows; all of them when none is given");
  command->add_option("--list", options->list, "The rows, in scenarios/acceptance")
      ->default_val("fault-matrix");
  command
      ->add_option("--bms", options->cores,
                   "Protection cores: 'builtin' or a shared library (repeatable)")
      ->allow_extra_args(false)
      ->capture_default_str();
  add_report_options(*command, options->report, "matrix", "docs/fault_matrix.md");
  add_core_options(*command, options->core);
  command->footer(
      "Times, margins and what is beyond the limits: docs/fault_matrix.md.\n"
      "Example: doppelpack matrix PYL-V1 PYL-I3 --bms builtin --bms ./libmycore.so --out results\n"
      "Exit code: 0 all is as it should be, 1 a row failed or has no scenario, 2 bad usage or bad "
      "file.");
  command->callback([options, &chosen] { chosen = [options] { return show_matrix(*options); }; });
}

}  // namespace doppelpack::app
