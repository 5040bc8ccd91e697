// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/quoted.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

struct ExpectationWatch::Watched {
  ExpectationKind kind;
  Time limit_ns;
  Time after_ns;
  std::string of;
  ConditionExpression that;
  std::optional<ConditionExpression> of_condition;  ///< empty: `of` is the id of an entry
};

namespace {

using enum ExpectationKind;

constexpr std::array<std::string_view, 5> kKinds{"within", "never", "always", "by", "at_end"};

std::string seconds(Time t_ns) {
  return fmt::format("{:.9g} s", to_seconds(t_ns));
}

// `of` names an entry, or is a condition: only a condition has an operator in it.
std::optional<ConditionExpression> compile_of(const Located& of, const Scenario& scenario,
                                              const SignalCatalogue& catalogue) {
  std::vector<std::string_view> ids;
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.id == of.text) return std::nullopt;
    if (!entry.id.empty()) ids.push_back(entry.id);
  }
  if (of.text.find_first_of("<>=") != std::string::npos) return resolve_condition(of, catalogue);
  throw DataError(of.where, "found " + quote(of.text) +
                                ", expected the id of a timeline entry or a condition" +
                                hint(of.text, ids));
}

void decide(Verdict& verdict, bool has_held, std::string reason = "") {
  verdict.is_decided = true;
  verdict.has_held = has_held;
  verdict.reason = std::move(reason);
}

void measure(Verdict& verdict, Time measured_ns, Time limit_ns) {
  verdict.measured_s = to_seconds(measured_ns);
  verdict.margin_s = to_seconds(limit_ns - measured_ns);
}

std::string too_late(const Verdict& verdict, Time measured_ns, Time limit_ns,
                     const std::string& from) {
  return fmt::format("{} came true {} {}, {} too late", verdict.that, seconds(measured_ns), from,
                     seconds(measured_ns - limit_ns));
}

}  // namespace

// The steps that need the inside of Watched.
struct ExpectationWatch::Judge {
  static void start_clock(WatchProgress& progress, Time t_ns) {
    progress.has_of_happened = true;
    if (!progress.since_ns) progress.since_ns = t_ns;
  }

  static void look_at_of(const Watched& watched, WatchProgress& progress, Time t_ns,
                         const BenchState& state) {
    if (!watched.of_condition) return;
    const bool holds = watched.of_condition->holds(state);
    if (holds && !progress.did_of_hold) start_clock(progress, t_ns);
    progress.did_of_hold = holds;
  }

  static void judge_within(const Watched& watched, WatchProgress& progress, Verdict& verdict,
                           Time t_ns, const BenchState& state) {
    if (!verdict.is_decided) look_at_of(watched, progress, t_ns, state);
    if (!progress.since_ns) return;
    const Time measured_ns = t_ns - *progress.since_ns;
    const bool is_late = measured_ns > watched.limit_ns;
    if (watched.that.holds(state)) {
      const bool is_slowest = to_seconds(measured_ns) >= verdict.measured_s.value_or(0.0);
      if (is_slowest) measure(verdict, measured_ns, watched.limit_ns);
      if (is_late) {
        decide(verdict, false,
               too_late(verdict, measured_ns, watched.limit_ns, "after " + watched.of));
      }
      progress.since_ns.reset();
    } else if (is_late && !verdict.is_decided) {
      // A fast answer before does not describe this failure.
      verdict.measured_s.reset();
      verdict.margin_s.reset();
      decide(verdict, false,
             fmt::format("{} did not come true within {} of {} at {}", verdict.that,
                         seconds(watched.limit_ns), watched.of, seconds(*progress.since_ns)));
    }
  }

  static void judge_by(const Watched& watched, Verdict& verdict, Time t_ns,
                       const BenchState& state) {
    const bool is_late = t_ns > watched.limit_ns;
    if (watched.that.holds(state)) {
      measure(verdict, t_ns, watched.limit_ns);
      decide(verdict, !is_late,
             is_late ? too_late(verdict, t_ns, watched.limit_ns, "after the start") : "");
    } else if (is_late && !verdict.is_decided) {
      decide(verdict, false,
             fmt::format("{} did not come true by {}", verdict.that, seconds(watched.limit_ns)));
    }
  }

  static void judge_all_the_time(const Watched& watched, WatchProgress& progress, Verdict& verdict,
                                 Time t_ns, const BenchState& state) {
    if (t_ns < watched.after_ns) return;
    progress.has_looked = true;
    const bool holds = watched.that.holds(state);
    if (holds == (watched.kind == always)) return;
    verdict.measured_s = to_seconds(t_ns);
    decide(
        verdict, false,
        fmt::format("{} {} at {}", verdict.that, holds ? "held" : "did not hold", seconds(t_ns)));
  }

  static bool is_watching(const Watched& watched, const WatchProgress& progress,
                          const Verdict& verdict) {
    switch (watched.kind) {
      case within:
        return progress.since_ns.has_value() || (watched.of_condition && !verdict.is_decided);
      case by:
        return !verdict.measured_s;
      case at_end:
        return false;
      default:
        return !verdict.is_decided;
    }
  }

  static void observe(const Watched& watched, WatchProgress& progress, Verdict& verdict, Time t_ns,
                      const BenchState& state) {
    if (!is_watching(watched, progress, verdict)) return;
    switch (watched.kind) {
      case within:
        return judge_within(watched, progress, verdict, t_ns, state);
      case by:
        return judge_by(watched, verdict, t_ns, state);
      case never:
      case always:
        return judge_all_the_time(watched, progress, verdict, t_ns, state);
      case at_end:
        return;
    }
  }

  static void finish(const Watched& watched, const WatchProgress& progress, Verdict& verdict,
                     Time t_ns, const BenchState& state) {
    if (verdict.is_decided) return;
    const std::string end = "when the run ended at " + seconds(t_ns);
    switch (watched.kind) {
      case within:
        if (!progress.has_of_happened)
          return decide(verdict, false, watched.of + " never happened");
        if (!progress.since_ns) return decide(verdict, true);
        return decide(verdict, false,
                      fmt::format("{} had not come true yet {}, {} after {}", verdict.that, end,
                                  seconds(t_ns - *progress.since_ns), watched.of));
      case by:
        return decide(verdict, false, verdict.that + " had not come true yet " + end);
      case at_end:
        if (watched.that.holds(state)) return decide(verdict, true);
        return decide(verdict, false, verdict.that + " did not hold " + end);
      default:
        if (progress.has_looked) return decide(verdict, true);
        return decide(verdict, false,
                      fmt::format("judged from {}, but the run ended at {}",
                                  seconds(watched.after_ns), seconds(t_ns)));
    }
  }
};

ExpectationWatch::ExpectationWatch(const Scenario& scenario, const SignalCatalogue& catalogue) {
  for (const Expectation& expectation : scenario.expectations) {
    Watched watched{.kind = expectation.kind,
                    .limit_ns = expectation.limit_ns,
                    .after_ns = expectation.after_ns,
                    .of = expectation.of ? expectation.of->text : "",
                    .that = resolve_condition(expectation.that, catalogue),
                    .of_condition = {}};
    Verdict verdict{.name = expectation.name,
                    .kind = std::string(kKinds[static_cast<std::size_t>(expectation.kind)]),
                    .that = expectation.that.text,
                    .proves = expectation.proves ? std::string(word_of(*expectation.proves)) : "",
                    .measured_s = {},
                    .limit_s = {},
                    .margin_s = {},
                    .reason = {}};
    if (expectation.kind == within) {
      if (!expectation.of) throw DataError(expectation.where, "found within without of");
      watched.of_condition = compile_of(*expectation.of, scenario, catalogue);
    }
    const bool has_limit = expectation.kind == within || expectation.kind == by;
    if (has_limit) verdict.limit_s = to_seconds(expectation.limit_ns);
    watched_.push_back(std::move(watched));
    state_.verdicts.push_back(std::move(verdict));
    state_.progress.emplace_back();
  }
}

ExpectationWatch::~ExpectationWatch() = default;

void ExpectationWatch::on_entry(std::string_view id, Time t_ns) {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const Watched& watched = watched_[i];
    const bool is_meant = watched.kind == within && !watched.of_condition && watched.of == id;
    if (is_meant && !state_.verdicts[i].is_decided) Judge::start_clock(state_.progress[i], t_ns);
  }
}

void ExpectationWatch::observe(Time t_ns, const BenchState& state) {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    Judge::observe(watched_[i], state_.progress[i], state_.verdicts[i], t_ns, state);
  }
}

bool ExpectationWatch::is_watching() const {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (Judge::is_watching(watched_[i], state_.progress[i], state_.verdicts[i])) return true;
  }
  return false;
}

void ExpectationWatch::finish(Time t_ns, const BenchState& state) {
  observe(t_ns, state);
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    Judge::finish(watched_[i], state_.progress[i], state_.verdicts[i], t_ns, state);
  }
}

bool ExpectationWatch::has_failed() const {
  return std::any_of(state_.verdicts.begin(), state_.verdicts.end(), [](const Verdict& verdict) {
    return verdict.is_decided && !verdict.has_held;
  });
}

}  // namespace doppelpack::sim
