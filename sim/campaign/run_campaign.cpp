// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "campaign/case_transfer.hpp"
#include "campaign/explain_findings.hpp"
#include "campaign/run_case.hpp"
#include "harness/forked_jobs.hpp"
#include "record/sha256.hpp"
#include "sim/campaign.hpp"

namespace doppelpack::sim {

namespace {

/// The cases of one start: they lie side by side.
struct Batch {
  std::size_t start = 0;  ///< of the plan
  std::size_t first = 0;  ///< of the cases
  std::size_t count = 0;
};

std::vector<Batch> batches_of(const std::vector<CampaignCase>& cases) {
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (batches.empty() || batches.back().start != cases[i].start)
      batches.push_back({cases[i].start, i, 0});
    ++batches.back().count;
  }
  return batches;
}

// The longest first, so that no worker is left with one at the end.
std::vector<std::size_t> order_of_batches(const CampaignPlan& plan,
                                          const std::vector<Batch>& batches) {
  std::vector<std::size_t> order(batches.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto work = [&](std::size_t i) {
    const int packs = plan.products[plan.starts[batches[i].start].product].packs;
    return batches[i].count * static_cast<std::size_t>(packs);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return work(a) > work(b); });
  return order;
}

CaseResult failed_case(const std::string& reason) {
  CaseResult result;
  result.is = CaseClass::finding;
  result.objections.push_back({"run", reason});
  return result;
}

/// Runs the cases of a start in a process that has reached it, each in a fork of it.
class BatchRunner {
 public:
  BatchRunner(const CampaignPlan& plan, const std::vector<CampaignCase>& cases, const Batch& batch,
              const CoreChoice& core)
      : plan_(plan), cases_(cases), batch_(batch), bench_(plan.starts[batch.start], core) {}

  std::vector<CaseResult> run() {
    const std::string reason = bench_.reach();
    if (!reason.empty()) return std::vector<CaseResult>(batch_.count, failed_case(reason));
    run_twins();
    std::vector<CaseResult> results;
    for (std::size_t i = 0; i < batch_.count; ++i) results.push_back(run_one(batch_.first + i));
    return results;
  }

 private:
  JobOutcome run_forked_case(const CampaignCase& of, const CampaignTiming& timing,
                             const Tellings* twin) {
    const auto job = [&](std::size_t) { return pack_outcome(bench_.run(of, timing, twin)); };
    return run_forked({0}, 1, job, [](std::size_t) {}).front();
  }

  // What follows a fault may tell by itself, so each such timing has a twin; all others share that of a
  // pack to which nothing happens.
  void run_twins() {
    add_twin(nullptr);
    for (std::size_t i = 0; i < batch_.count; ++i) {
      const CampaignTiming& timing = plan_.timings[cases_[batch_.first + i].timing];
      if (!timing.then.empty()) add_twin(&timing);
    }
  }

  void add_twin(const CampaignTiming* timing) {
    if (twins_.contains(timing)) return;
    CampaignTiming nothing;
    nothing.watch_ns = plan_.watch_ns;
    const CampaignCase none;
    const JobOutcome outcome =
        run_forked_case(none, timing != nullptr ? *timing : nothing, nullptr);
    if (outcome.failure.empty()) twins_[timing] = unpack_outcome(outcome.text).tellings;
  }

  // A whole pack is compared with one to which nothing happens.
  CaseResult run_one(std::size_t index) {
    const CampaignCase& of = cases_[index];
    const CampaignTiming& timing = plan_.timings[of.timing];
    const bool has_own_twin = of.fault != nullptr && !timing.then.empty();
    const auto twin = twins_.find(has_own_twin ? &timing : nullptr);
    const bool is_first = of.fault == nullptr && timing.then.empty();
    const JobOutcome outcome =
        run_forked_case(of, timing, is_first || twin == twins_.end() ? nullptr : &twin->second);
    return outcome.failure.empty() ? unpack_outcome(outcome.text).result
                                   : failed_case(outcome.failure);
  }

  const CampaignPlan& plan_;
  const std::vector<CampaignCase>& cases_;
  const Batch& batch_;
  CaseBench bench_;
  std::map<const CampaignTiming*, Tellings> twins_;
};

std::string hash_of_cases(const CampaignReport& report) {
  Sha256 digest;
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    const CaseResult& result = report.results[i];
    digest.add(report.cases[i].id + " " + std::string(name_of(result.is)) + " " +
               result.event_log_sha256 + "\n");
  }
  return digest.hex();
}

}  // namespace

std::string_view name_of(CaseClass of_case) {
  constexpr std::array<std::string_view, kCaseClassCount> kNames{"safe", "latent", "annunciated",
                                                                 "finding"};
  return kNames[static_cast<std::size_t>(of_case)];
}

std::string_view name_of(Explanation::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"product", "model", "open"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::span<const std::string_view> oracle_words() {
  static constexpr std::array<std::string_view, 11> kWords{
      "limit",      "detection",     "reaction",     "stays-open",    "latch", "release",
      "permission", "warning-first", "nothing-else", "true-readings", "run"};
  return kWords;
}

int count_cases(const CampaignReport& report, CaseClass of_case) {
  return static_cast<int>(
      std::count_if(report.results.begin(), report.results.end(),
                    [&](const CaseResult& result) { return result.is == of_case; }));
}

bool CampaignReport::has_passed() const {
  return stale.empty() && std::all_of(results.begin(), results.end(),
                                      [](const CaseResult& result) { return result.is_explained; });
}

CampaignReport run_campaign(const CampaignPlan& plan, std::vector<CampaignCase> cases,
                            const CampaignOptions& options) {
  CampaignReport report;
  report.plan = &plan;
  report.cases = std::move(cases);
  const std::vector<Batch> batches = batches_of(report.cases);
  const auto job = [&](std::size_t i) {
    return pack_results(BatchRunner(plan, report.cases, batches[i], options.core).run());
  };
  const auto note = [&](std::size_t done) { options.note(done, batches.size()); };
  const auto outcomes = run_forked(order_of_batches(plan, batches), options.workers, job, note);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const std::string& failure = outcomes[i].failure;
    std::vector<CaseResult> results =
        failure.empty() ? unpack_results(outcomes[i].text)
                        : std::vector<CaseResult>(batches[i].count, failed_case(failure));
    std::move(results.begin(), results.end(), std::back_inserter(report.results));
  }
  explain_findings(options.is_complete, report);
  report.sha256 = hash_of_cases(report);
  return report;
}

}  // namespace doppelpack::sim
