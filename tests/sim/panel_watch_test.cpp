// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a person says of lamps, from their light alone.

#include <gtest/gtest.h>

#include <cmath>

#include "bench_fixture.hpp"
#include "sim/panel_watch.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;

constexpr int kLamp = 1;

class Panel : public ::testing::Test {
 protected:
  // Looks every 10 ms while the lamp does what `is_lit` says of the time since now.
  template <typename IsLit>
  void watch(Time duration_ns, const IsLit& is_lit) {
    constexpr Time kStep = 10 * kMillisecond;
    for (Time t_ns = 0; t_ns < duration_ns; t_ns += kStep) {
      now_ns_ += kStep;
      look(now_ns_, is_lit(t_ns) ? 1U << kLamp : 0U, panel_);
    }
  }
  void stand(bool is_lit, Time duration_ns) {
    watch(duration_ns, [=](Time) { return is_lit; });
  }
  void flash(Time period_ns, Time lit_ns, Time duration_ns) {
    watch(duration_ns, [=](Time t_ns) { return t_ns % period_ns < lit_ns; });
  }

  PanelWatch panel_;
  Time now_ns_ = 0;
};

TEST_F(Panel, is_dark_before_anything_happens) {
  stand(false, kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::dark);
  EXPECT_TRUE(std::isnan(period_s(panel_, kLamp)));
  EXPECT_EQ(counted_flashes(panel_, kLamp), 0);
}

TEST_F(Panel, shows_a_lamp_that_stands_only_after_a_while) {
  stand(true, 4 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::unsure);
  stand(true, 2 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::solid);
  stand(false, 6 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::dark);
}

TEST_F(Panel, shows_a_rhythm_from_its_second_flash_on) {
  flash(3500 * kMillisecond, 500 * kMillisecond, 3 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::unsure);
  flash(1500 * kMillisecond, 500 * kMillisecond, 6 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::flashing);
  EXPECT_DOUBLE_EQ(period_s(panel_, kLamp), 1.5);
  stand(true, 6 * kSecond);
  EXPECT_EQ(pattern_of(panel_, kLamp), LampPattern::solid);
  EXPECT_TRUE(std::isnan(period_s(panel_, kLamp)));
}

TEST_F(Panel, counts_the_flashes_of_a_group_when_it_is_over) {
  flash(600 * kMillisecond, 300 * kMillisecond, 3 * 600 * kMillisecond);
  EXPECT_EQ(counted_flashes(panel_, kLamp), 0) << "there may be more";
  stand(false, 2 * kSecond);
  EXPECT_EQ(counted_flashes(panel_, kLamp), 3);
  flash(600 * kMillisecond, 300 * kMillisecond, 2 * 600 * kMillisecond);
  EXPECT_EQ(counted_flashes(panel_, kLamp), 3) << "the last one that is over";
  stand(false, 2 * kSecond);
  EXPECT_EQ(counted_flashes(panel_, kLamp), 2);
}

TEST(PanelSignals, say_what_a_person_sees_of_the_real_panel) {
  Bench bench(free_run(0.6, "hybrid-5k", "pylontech-us5000"));
  bench.set("inverter1/demand_W", -1000.0);
  bench.run_until(15 * kSecond);
  const auto holds = [&bench](std::string_view condition) {
    return ConditionExpression(condition, bench.signals()).holds(bench.state());
  };
  EXPECT_TRUE(holds("panel1/run/pattern == flashing and panel1/run/colour == green"));
  EXPECT_NEAR(read(bench, "panel1/run/period_s"), 1.5, 0.02);
  EXPECT_TRUE(holds("panel1/alarm/pattern == dark and panel1/alarm/colour == dark"));
  bench.inject("run-lamp-dead", 0, {}, "");
  bench.run_until(25 * kSecond);
  EXPECT_TRUE(holds("panel1/run/pattern == dark"));
}

TEST(Ramps, let_a_fault_grow) {
  Scenario scenario = free_run(0.5, "hybrid-5k", "pylontech-us5000");
  InjectAction action;
  action.id = "drift";
  action.fault.text = "ntc-offset";
  action.target = Located{"1", {}};
  action.severity = Located{"0 K", {}};
  action.ramp_to = Located{"10 K", {}};
  action.ramp_ns = 10 * kSecond;
  TimelineEntry entry;
  entry.at_ns = 5 * kSecond;
  entry.actions.emplace_back(action);
  scenario.timeline.push_back(entry);
  Bench bench(std::move(scenario));
  const auto offset_K = [&bench] {
    return bench.state().units[0].condition.hardware.ntcs[0].offset_K;
  };
  bench.run_until(6 * kSecond);
  EXPECT_NEAR(offset_K(), 1.0, 0.11);
  bench.run_until(10 * kSecond);
  EXPECT_NEAR(offset_K(), 5.0, 0.11);
  bench.run_until(30 * kSecond);
  EXPECT_DOUBLE_EQ(offset_K(), 10.0);
}

}  // namespace
}  // namespace doppelpack::sim
