// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "campaign/run_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

constexpr int kRampParts = 50;
constexpr std::string_view kFaultId = "fault";

/// Something that is done to the bench so long after the case began.
struct CaseStep {
  Time after_ns;
  std::function<void(Bench&)> act;
};

CaseStep put_on(const CampaignCase& of, double severity, Time after_ns) {
  return {after_ns, [&of, severity](Bench& bench) {
            const auto given =
                of.fault->has_severity ? std::optional(severity) : std::optional<double>();
            bench.inject(of.fault->key, of.target, given, kFaultId, of.pack);
          }};
}

std::vector<CaseStep> steps_of_fault(const CampaignCase& of, const CampaignTiming& timing) {
  if (of.fault == nullptr) return {};
  if (of.ramp_from) {
    std::vector<CaseStep> steps;
    for (int i = 0; i <= kRampParts; ++i) {
      const double share = static_cast<double>(i) / kRampParts;
      steps.push_back(put_on(of, *of.ramp_from + (of.severity - *of.ramp_from) * share,
                             timing.ramp_ns * i / kRampParts));
    }
    return steps;
  }
  std::vector<CaseStep> steps{put_on(of, of.severity, 0)};
  if (timing.every_ns == 0) return steps;
  const auto take_off = [](Bench& bench) { bench.clear(kFaultId); };
  steps.push_back({timing.lasts_ns, take_off});
  for (Time t_ns = timing.every_ns; t_ns + timing.lasts_ns < timing.watch_ns;
       t_ns += timing.every_ns) {
    steps.push_back(put_on(of, of.severity, t_ns));
    steps.push_back({t_ns + timing.lasts_ns, take_off});
  }
  return steps;
}

void act(const Action& action, Bench& bench) {
  if (const auto* set = std::get_if<SetAction>(&action)) {
    const std::size_t control = resolve_control(set->control, bench.signals());
    bench.set(set->control.text, resolve_value(set->value, bench.signals().all()[control]));
  }
  if (const auto* press = std::get_if<PressAction>(&action))
    bench.press(press->button.text, press->duration_ns,
                1 + static_cast<int>(resolve_pack(press->pack, bench.scenario())));
}

std::vector<CaseStep> steps_of(const CampaignCase& of, const CampaignTiming& timing) {
  std::vector<CaseStep> steps = steps_of_fault(of, timing);
  for (const FollowUp& follow_up : timing.then)
    steps.push_back({follow_up.after_ns, [&follow_up](Bench& bench) {
                       for (const Action& action : follow_up.actions) act(action, bench);
                     }});
  std::stable_sort(steps.begin(), steps.end(),
                   [](const CaseStep& a, const CaseStep& b) { return a.after_ns < b.after_ns; });
  return steps;
}

}  // namespace

CaseBench::CaseBench(const CampaignStart& start, const CoreChoice& core)
    : start_(start), bench_(start.scenario, [&] {
        BenchOptions options;
        options.core = core;
        options.pass_watch = [this](Time t_ns, const BenchState& state) {
          if (watch_) watch_->look(t_ns, state);
        };
        return options;
      }()) {}

std::string CaseBench::reach() {
  if (start_.when) {
    const ConditionExpression condition = resolve_condition(*start_.when, bench_.signals());
    const bool has_held = bench_.run_until(condition, start_.within_ns);
    if (!has_held && !bench_.is_over())
      return fmt::format("the state is not reached: {} has not held within {:g} s",
                         start_.when->text, to_seconds(start_.within_ns));
  }
  if (!bench_.is_over()) bench_.run_until(bench_.now_ns() + start_.after_ns);
  return bench_.is_over() ? "the state is not reached: " + bench_.why_over() : "";
}

CaseBench::Outcome CaseBench::run(const CampaignCase& of, const CampaignTiming& timing,
                                  const Tellings* twin) {
  const Time began_ns = bench_.now_ns();
  const std::vector<const Product*> packs = products_of(bench_.scenario());
  watch_ = std::make_unique<CaseWatch>(of, packs, twin);
  watch_->look(began_ns, bench_.state());
  for (const CaseStep& step : steps_of(of, timing)) {
    if (step.after_ns > timing.watch_ns || bench_.is_over()) break;
    bench_.run_until(began_ns + step.after_ns);
    step.act(bench_);
  }
  if (!bench_.is_over()) bench_.run_until(began_ns + timing.watch_ns);
  Outcome outcome{watch_->finish(bench_.state()), watch_->tellings()};
  if (bench_.is_over()) {
    outcome.result.objections.push_back({"run", bench_.why_over()});
    outcome.result.is = CaseClass::finding;
  }
  outcome.result.event_log_sha256 = bench_.recorder().events().sha256();
  return outcome;
}

}  // namespace doppelpack::sim
