// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/expectations.hpp"

#include <gtest/gtest.h>

#include "small_bench.hpp"

namespace doppelpack::sim {
namespace {

// The condition under test is the charge gate; the condition it answers is the ambient temperature.
constexpr const char* kThat = "bms1/charge_gate == open";
constexpr const char* kOf = "env/ambient_degC > 40 degC";

Expectation make(ExpectationKind kind, Time limit_ns = 0, const char* of = nullptr,
                 Time after_ns = 0) {
  Expectation expectation;
  expectation.name = "the charge gate opens";
  expectation.kind = kind;
  expectation.limit_ns = limit_ns;
  expectation.after_ns = after_ns;
  if (of != nullptr) expectation.of = Located{of, {"case.yaml", 12, "expectations[0].of"}};
  expectation.that = {kThat, {"case.yaml", 13, "expectations[0].that"}};
  return expectation;
}

class Watch {
 public:
  explicit Watch(const Expectation& expectation)
      : catalogue_(small_product()), watch_(scenario_with(expectation), catalogue_) {}

  void look(double t_s, bool is_gate_open, bool is_hot = false) {
    set(is_gate_open, is_hot);
    watch_.observe(to_ns(t_s), state_);
  }
  const Verdict& finish(double t_s, bool is_gate_open, bool is_hot = false) {
    set(is_gate_open, is_hot);
    watch_.finish(to_ns(t_s), state_);
    return verdict();
  }
  void fire(std::string_view id, double t_s) { watch_.on_entry(id, to_ns(t_s)); }
  const Verdict& verdict() const { return watch_.verdicts().front(); }
  bool is_watching() const { return watch_.is_watching(); }
  bool has_failed() const { return watch_.has_failed(); }

 private:
  static Time to_ns(double t_s) { return static_cast<Time>(t_s * 1e3 + 0.5) * kMillisecond; }

  static Scenario scenario_with(const Expectation& expectation) {
    Scenario scenario;
    scenario.timeline.resize(2);
    scenario.timeline[0].id = "overcharge";
    scenario.expectations = {expectation};
    return scenario;
  }
  void set(bool is_gate_open, bool is_hot) {
    state_.units[0].bms_outputs.charge_gate = !is_gate_open;
    state_.environment.ambient_degC = is_hot ? 50.0 : 20.0;
  }

  SignalCatalogue catalogue_;
  BenchState state_ = small_state();
  ExpectationWatch watch_;
};

void expect_measured(const Verdict& verdict, double measured_s, double limit_s) {
  ASSERT_TRUE(verdict.measured_s && verdict.limit_s && verdict.margin_s);
  EXPECT_DOUBLE_EQ(*verdict.measured_s, measured_s);
  EXPECT_DOUBLE_EQ(*verdict.limit_s, limit_s);
  EXPECT_NEAR(*verdict.margin_s, limit_s - measured_s, 1e-12);
}

TEST(Within, is_met_at_its_limit) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, "overcharge"));
  watch.look(1.0, false);
  watch.fire("overcharge", 3.0);
  watch.look(4.999, false);
  watch.look(5.0, true);
  watch.look(9.0, false);
  const Verdict& verdict = watch.finish(10.0, false);
  EXPECT_TRUE(verdict.has_held);
  EXPECT_TRUE(verdict.is_decided);
  EXPECT_EQ(verdict.reason, "");
  EXPECT_EQ(verdict.kind, "within");
  expect_measured(verdict, 2.0, 2.0);
}

TEST(Within, fails_a_millisecond_later_and_says_how_late) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, "overcharge"));
  watch.fire("overcharge", 3.0);
  watch.look(5.0, false);
  EXPECT_FALSE(watch.has_failed());
  watch.look(5.001, true);
  EXPECT_TRUE(watch.has_failed());
  EXPECT_FALSE(watch.verdict().has_held);
  expect_measured(watch.verdict(), 2.001, 2.0);
}

TEST(Within, is_decided_at_its_limit_and_still_measured_when_it_comes) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, "overcharge"));
  watch.fire("overcharge", 3.0);
  watch.look(5.001, false);
  EXPECT_TRUE(watch.verdict().is_decided);
  EXPECT_TRUE(watch.has_failed());
  EXPECT_FALSE(watch.verdict().measured_s);
  EXPECT_NE(watch.verdict().reason.find("overcharge"), std::string::npos);
  EXPECT_TRUE(watch.is_watching());
  watch.look(8.0, true);
  expect_measured(watch.verdict(), 5.0, 2.0);
  EXPECT_FALSE(watch.verdict().has_held);
  EXPECT_FALSE(watch.is_watching());
}

TEST(Within, fails_when_what_it_answers_never_happened) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, "overcharge"));
  watch.look(1.0, true);
  watch.fire("another entry", 2.0);
  const Verdict& verdict = watch.finish(10.0, true);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_TRUE(verdict.is_decided);
  EXPECT_EQ(verdict.reason, "overcharge never happened");
}

TEST(Within, fails_when_the_run_ends_before_the_answer) {
  Watch watch(make(ExpectationKind::within, 20 * kSecond, "overcharge"));
  watch.fire("overcharge", 3.0);
  const Verdict& verdict = watch.finish(10.0, false);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_NE(verdict.reason.find("ended at 10 s"), std::string::npos) << verdict.reason;
}

TEST(Within, takes_an_answer_in_the_last_look) {
  Watch watch(make(ExpectationKind::within, 20 * kSecond, "overcharge"));
  watch.fire("overcharge", 3.0);
  EXPECT_TRUE(watch.finish(10.0, true).has_held);
}

TEST(Within, starts_at_the_rising_edge_of_a_condition) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, kOf));
  watch.look(1.0, true, false);  // open before does not count
  watch.look(2.0, false, false);
  watch.look(3.0, false, true);
  watch.look(4.0, false, true);  // no new edge
  watch.look(4.5, true, true);
  watch.look(9.0, false, true);  // answered; still hot is no new question
  const Verdict& verdict = watch.finish(10.0, false, true);
  EXPECT_TRUE(verdict.has_held) << verdict.reason;
  expect_measured(verdict, 1.5, 2.0);
}

TEST(Within, counts_a_condition_that_is_true_from_the_start) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, kOf));
  watch.look(0.0, false, true);
  watch.look(2.5, false, true);
  EXPECT_TRUE(watch.has_failed());
}

TEST(Within, judges_every_occurrence_and_keeps_the_slowest_answer) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, kOf));
  watch.look(1.0, false, true);
  watch.look(1.5, true, true);
  watch.look(3.0, false, false);
  watch.look(4.0, false, true);
  watch.look(5.5, true, true);
  watch.look(6.0, false, false);
  watch.look(7.0, false, true);
  watch.look(7.25, true, true);
  expect_measured(watch.verdict(), 1.5, 2.0);
  EXPECT_FALSE(watch.verdict().is_decided);
  watch.look(8.0, false, false);
  watch.look(9.0, false, true);
  watch.look(11.5, false, true);
  EXPECT_TRUE(watch.has_failed());
  EXPECT_FALSE(watch.finish(12.0, false, true).has_held);
}

TEST(Within, of_an_entry_needs_no_looks_before_it_fires) {
  Watch watch(make(ExpectationKind::within, 2 * kSecond, "overcharge"));
  EXPECT_FALSE(watch.is_watching());
  watch.fire("overcharge", 3.0);
  EXPECT_TRUE(watch.is_watching());
}

TEST(Within, of_nothing_known_is_refused_with_its_place) {
  try {
    const Watch watch(make(ExpectationKind::within, kSecond, "overcharg"));
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(error.where().line, 12);
    const std::string what = error.what();
    EXPECT_NE(what.find("overcharge"), std::string::npos) << what;
  }
}

TEST(Never, fails_at_the_first_violation) {
  Watch watch(make(ExpectationKind::never));
  watch.look(1.0, false);
  EXPECT_TRUE(watch.is_watching());
  watch.look(2.5, true);
  EXPECT_TRUE(watch.has_failed());
  EXPECT_FALSE(watch.is_watching());
  watch.look(3.0, true);
  const Verdict& verdict = watch.finish(4.0, false);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_DOUBLE_EQ(verdict.measured_s.value(), 2.5);
  EXPECT_FALSE(verdict.limit_s);
  EXPECT_NE(verdict.reason.find("2.5 s"), std::string::npos) << verdict.reason;
}

TEST(Never, holds_when_nothing_happened) {
  Watch watch(make(ExpectationKind::never));
  watch.look(1.0, false);
  EXPECT_FALSE(watch.verdict().is_decided);
  EXPECT_TRUE(watch.finish(4.0, false).has_held);
  EXPECT_FALSE(watch.has_failed());
}

TEST(Never, sees_the_last_moment) {
  Watch watch(make(ExpectationKind::never));
  watch.look(1.0, false);
  EXPECT_FALSE(watch.finish(4.0, true).has_held);
}

TEST(Never, is_not_judged_before_after) {
  Watch watch(make(ExpectationKind::never, 0, nullptr, 2 * kSecond));
  watch.look(1.999, true);
  EXPECT_FALSE(watch.has_failed());
  watch.look(2.0, true);
  EXPECT_TRUE(watch.has_failed());
}

TEST(Never, fails_when_the_run_ended_before_after) {
  Watch watch(make(ExpectationKind::never, 0, nullptr, 20 * kSecond));
  watch.look(1.0, false);
  const Verdict& verdict = watch.finish(4.0, false);
  EXPECT_TRUE(verdict.is_decided);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_NE(verdict.reason, "");
}

TEST(Always, fails_at_the_first_gap) {
  Watch watch(make(ExpectationKind::always, 0, nullptr, 2 * kSecond));
  watch.look(1.0, false);
  watch.look(2.0, true);
  EXPECT_FALSE(watch.has_failed());
  watch.look(3.0, false);
  watch.look(4.0, true);
  const Verdict& verdict = watch.finish(5.0, true);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_DOUBLE_EQ(verdict.measured_s.value(), 3.0);
}

TEST(Always, holds_without_a_gap) {
  Watch watch(make(ExpectationKind::always));
  watch.look(0.0, true);
  EXPECT_TRUE(watch.finish(5.0, true).has_held);
}

TEST(By, is_met_at_its_limit) {
  Watch watch(make(ExpectationKind::by, 5 * kSecond));
  watch.look(4.999, false);
  watch.look(5.0, true);
  EXPECT_TRUE(watch.verdict().is_decided);
  EXPECT_TRUE(watch.verdict().has_held);
  expect_measured(watch.verdict(), 5.0, 5.0);
  EXPECT_FALSE(watch.is_watching());
  watch.look(6.0, false);
  EXPECT_TRUE(watch.finish(7.0, false).has_held);
}

TEST(By, fails_a_millisecond_later_and_says_how_late) {
  Watch watch(make(ExpectationKind::by, 5 * kSecond));
  watch.look(5.001, false);
  EXPECT_TRUE(watch.has_failed());
  EXPECT_FALSE(watch.verdict().measured_s);
  watch.look(6.0, true);
  EXPECT_FALSE(watch.verdict().has_held);
  expect_measured(watch.verdict(), 6.0, 5.0);
}

TEST(By, fails_when_the_run_ends_early) {
  Watch watch(make(ExpectationKind::by, 5 * kSecond));
  watch.look(1.0, false);
  const Verdict& verdict = watch.finish(2.0, false);
  EXPECT_TRUE(verdict.is_decided);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_NE(verdict.reason.find(kThat), std::string::npos) << verdict.reason;
}

TEST(AtEnd, judges_the_end_only) {
  Watch good(make(ExpectationKind::at_end));
  EXPECT_FALSE(good.is_watching());
  good.look(1.0, false);
  EXPECT_TRUE(good.finish(2.0, true).has_held);

  Watch bad(make(ExpectationKind::at_end));
  bad.look(1.0, true);
  const Verdict& verdict = bad.finish(2.0, false);
  EXPECT_FALSE(verdict.has_held);
  EXPECT_NE(verdict.reason.find(kThat), std::string::npos) << verdict.reason;
}

TEST(ExpectationWatch, names_the_place_of_a_condition_that_does_not_fit) {
  Expectation expectation = make(ExpectationKind::never);
  expectation.that.text = "bms1/charge_gat == open";
  try {
    const Watch watch(expectation);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(error.where().line, 13);
    const std::string what = error.what();
    EXPECT_NE(what.find("case.yaml:13"), std::string::npos) << what;
    EXPECT_NE(what.find("bms1/charge_gate"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace doppelpack::sim
