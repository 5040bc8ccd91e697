// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <numeric>

#include "harness/forked_jobs.hpp"
#include "matrix/overshoot_watch.hpp"
#include "matrix/run_transfer.hpp"
#include "record/sha256.hpp"
#include "sim/bench.hpp"
#include "sim/matrix.hpp"

namespace doppelpack::sim {

namespace {

MatrixRun run_one(const Scenario& scenario, const CoreChoice& core) {
  std::optional<OvershootWatch> watch;
  BenchOptions options;
  options.core = core;
  options.pass_watch = [&](Time t_ns, const BenchState& state) { watch->look(t_ns, state); };
  Bench bench(scenario, std::move(options));
  watch.emplace(scenario.product, bench.signals());
  bench.run_until(scenario.duration_ns);
  MatrixRun run;
  run.result = bench.finish();
  run.times = fault_times(scenario, run.result.expectations);
  run.overshoot = watch->finish(bench.recorder().events());
  return run;
}

// A run that left nothing but how its process ended.
MatrixRun broken_run(const std::string& failure) {
  Verdict verdict;
  verdict.name = "run";
  verdict.kind = "process";
  verdict.that = "the run comes to its end";
  verdict.is_decided = true;
  verdict.reason = failure;
  MatrixRun run;
  run.result.has_passed = false;
  run.result.expectations.push_back(std::move(verdict));
  return run;
}

void name_run(const Scenario& scenario, MatrixRun& run) {
  run.result.scenario = scenario.key;
  run.result.title = scenario.title;
  run.result.rows = scenario.rows;
  run.result.product = scenario.product.key;
  run.result.seed = scenario.seed;
}

// The longest first, so that no worker is left with one at the end.
std::vector<std::size_t> order_of_work(const AcceptancePlan& plan, std::size_t cores) {
  std::vector<std::size_t> order(plan.scenarios.size() * cores);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return plan.scenarios[a / cores].duration_ns > plan.scenarios[b / cores].duration_ns;
  });
  return order;
}

std::string hash_of(const std::vector<MatrixRun>& runs) {
  Sha256 digest;
  for (const MatrixRun& run : runs) digest.add(run.result.event_log_sha256 + "\n");
  return digest.hex();
}

RowVerdict judge(const MatrixRow& row, const std::vector<MatrixRun>& runs) {
  if (row.runs.empty())
    return row.row.not_covered.empty() ? RowVerdict::missing : RowVerdict::not_covered;
  const bool is_good = std::all_of(row.runs.begin(), row.runs.end(),
                                   [&](std::size_t run) { return runs[run].result.has_passed; });
  return is_good ? RowVerdict::passed : RowVerdict::failed;
}

std::vector<MatrixRow> judge_rows(const AcceptancePlan& plan, std::size_t cores,
                                  const std::vector<MatrixRun>& runs) {
  std::vector<MatrixRow> rows;
  for (const AcceptancePlan::Row& planned : plan.rows) {
    MatrixRow row;
    row.row = planned.row;
    for (const std::size_t scenario : planned.scenarios)
      for (std::size_t core = 0; core < cores; ++core) row.runs.push_back(scenario * cores + core);
    row.verdict = judge(row, runs);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string_view name_of(RowVerdict verdict) {
  switch (verdict) {
    case RowVerdict::passed:
      return "passed";
    case RowVerdict::failed:
      return "failed";
    case RowVerdict::not_covered:
      return "not covered";
    case RowVerdict::missing:
      break;
  }
  return "missing";
}

bool MatrixReport::has_passed() const {
  const bool are_runs_good = std::all_of(
      runs.begin(), runs.end(), [](const MatrixRun& run) { return run.result.has_passed; });
  return are_runs_good && std::none_of(rows.begin(), rows.end(), [](const MatrixRow& row) {
           return row.verdict == RowVerdict::missing;
         });
}

MatrixReport run_matrix(const AcceptanceList& list, const AcceptancePlan& plan,
                        const MatrixOptions& options) {
  const std::size_t cores = options.cores.size();
  const std::vector<std::size_t> order = order_of_work(plan, cores);
  const auto job = [&](std::size_t i) {
    return pack_run(run_one(plan.scenarios[i / cores], options.cores[i % cores]));
  };
  const auto note = [&](std::size_t done) { options.note(done, order.size()); };
  MatrixReport report;
  report.list = list.key;
  report.title = list.title;
  report.sources = list.sources;
  report.cores = options.core_names;
  for (const JobOutcome& outcome : run_forked(order, options.workers, job, note)) {
    const std::size_t i = report.runs.size();
    MatrixRun run =
        outcome.failure.empty() ? unpack_run(outcome.text) : broken_run(outcome.failure);
    run.scenario = i / cores;
    run.core = i % cores;
    name_run(plan.scenarios[run.scenario], run);
    report.runs.push_back(std::move(run));
  }
  report.rows = judge_rows(plan, cores, report.runs);
  report.sha256 = hash_of(report.runs);
  return report;
}

}  // namespace doppelpack::sim
