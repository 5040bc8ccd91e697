// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/protection_devices.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "path_support.hpp"

namespace doppelpack::models {

namespace {

using testing::PathBench;

constexpr double kNever_s = std::numeric_limits<double>::infinity();

// Steps of dt_s until the fuse opens; the time.
double melting_s(const FuseParameters& fuse, double current_A, double dt_s) {
  FuseState state;
  for (int i = 1; i < 1'000'000; ++i)
    if (advance(fuse, current_A * current_A, dt_s, state)) return i * dt_s;
  return kNever_s;
}

TEST(Fuse, opens_at_its_melting_integral_and_not_at_a_cleared_short) {
  const FuseParameters fuse{150.0, 12e3};
  EXPECT_EQ(melting_s(fuse, 150.0, 1e-3), kNever_s);
  EXPECT_NEAR(melting_s(fuse, 2000.0, 1e-6), 12e3 / (2000.0 * 2000.0 - 150.0 * 150.0), 2e-6);
  EXPECT_NEAR(melting_s(fuse, 300.0, 1e-3), 12e3 / (3 * 150.0 * 150.0), 2e-3);
  FuseState state;
  EXPECT_FALSE(advance(fuse, 400.0 / 200e-6, 200e-6, state));  // reference, 6.2
  EXPECT_GT(state.heat_A2s, 390.0);
  EXPECT_FALSE(advance(fuse, 0.0, 1.0, state));
  EXPECT_EQ(state.heat_A2s, 0.0);
}

TEST(Fuse, clears_an_endless_short_with_an_arc) {
  PathBench bench;
  bench.p.fuse = {150.0, 12e3, 0.0};
  bench.inputs.is_plugged = false;
  bench.hardware.terminal_short_S = 1.0 / 15.5e-3;  // 26 mOhm in all
  bench.run(10'000);
  EXPECT_TRUE(bench.state.fuse.is_open);
  EXPECT_EQ(bench.state.current_A, 0.0);
  EXPECT_GT(bench.sums.square_A2s, 12e3);
  EXPECT_LT(bench.sums.square_A2s, 12.5e3);
  EXPECT_GT(bench.sums.heat.arc_J, 0.5 * 2e-6 * 2000.0 * 2000.0);
  bench.expect_books_balance();
}

double tripping_s(const BreakerParameters& breaker, double ratio, double dt_s) {
  BreakerState state;
  const double current_A2 = ratio * ratio * breaker.rated_A * breaker.rated_A;
  for (int i = 1; i < 1'000'000; ++i)
    if (advance(breaker, current_A2, dt_s, state)) return i * dt_s;
  return kNever_s;
}

TEST(Breaker, follows_its_curve) {
  const BreakerParameters breaker{.is_fitted = true};
  EXPECT_EQ(tripping_s(breaker, 1.13, 0.01), kNever_s);
  for (const double x : {1.45, 2.0, 3.0, 6.0})
    for (const double dt_s : {1e-3, 0.01}) {
      const double expected_s = 120.0 * std::log(x * x / (x * x - 1.25 * 1.25));
      EXPECT_NEAR(tripping_s(breaker, x, dt_s), expected_s, dt_s + 1e-6 * expected_s) << x;
    }
  EXPECT_NEAR(tripping_s(breaker, 8.0, 1e-5), 4e-3, 1e-9);
}

TEST(Breaker, must_cool_before_it_holds) {
  const BreakerParameters breaker{.is_fitted = true};
  BreakerState state;
  const double current_A2 = 9.0 * breaker.rated_A * breaker.rated_A;
  while (!advance(breaker, current_A2, 0.01, state)) {
  }
  EXPECT_FALSE(reset(breaker, state));
  EXPECT_TRUE(state.is_tripped);
  const double warm_s = 120.0 * std::log(1.0 / 0.7);
  advance(breaker, 0.0, warm_s - 1.0, state);
  EXPECT_FALSE(reset(breaker, state));
  advance(breaker, 0.0, 2.0, state);
  EXPECT_TRUE(reset(breaker, state));
  EXPECT_FALSE(state.is_tripped);
}

TEST(Breaker, off_or_tripped_opens_the_path) {
  PathBench bench;
  bench.inputs.source.current_A = 50.0;
  bench.p.breaker.is_fitted = true;
  bench.settle_for(kAtRest_s);
  EXPECT_NEAR(bench.state.current_A, 50.0, 1e-9);
  bench.hardware.is_breaker_off = true;
  bench.settle_for(1e-3);
  EXPECT_EQ(bench.state.current_A, 0.0);
  bench.hardware.is_breaker_off = false;
  bench.state.breaker.is_tripped = true;
  bench.settle_for(1e-3);
  EXPECT_EQ(bench.state.current_A, 0.0);
}

struct Relay {
  ContactParameters p;
  ContactState state;
  bool run(ContactCondition condition, bool coil, double seconds, double dt_s = 1e-3) {
    for (int i = 0; i < static_cast<int>(seconds / dt_s + 0.5); ++i)
      advance(p, condition, coil, dt_s, state);
    return is_closed(condition, state);
  }
};

TEST(Contact, follows_its_coil_with_delay) {
  Relay relay;
  EXPECT_FALSE(relay.run(ContactCondition::healthy, true, 0.014));
  EXPECT_NEAR(next_change_s(relay.p, ContactCondition::healthy, true, relay.state), 1e-3, 1e-12);
  EXPECT_FALSE(relay.run(ContactCondition::healthy, false, 0.001));  // let go: starts again
  EXPECT_FALSE(relay.run(ContactCondition::healthy, true, 0.014));
  EXPECT_TRUE(relay.run(ContactCondition::healthy, true, 0.001));
  EXPECT_TRUE(relay.run(ContactCondition::healthy, true, 0.01));
  EXPECT_EQ(next_change_s(relay.p, ContactCondition::healthy, true, relay.state), kAtRest_s);
  EXPECT_TRUE(relay.run(ContactCondition::healthy, false, 0.007));
  EXPECT_FALSE(relay.run(ContactCondition::healthy, false, 0.001));
}

TEST(Contact, welded_or_stuck_ignores_its_coil) {
  Relay welded;
  EXPECT_TRUE(welded.run(ContactCondition::welded, false, 0.1));
  EXPECT_TRUE(welded.run(ContactCondition::healthy, false, 0.007));  // broken loose, opens as usual
  EXPECT_FALSE(welded.run(ContactCondition::healthy, false, 0.001));
  Relay stuck;
  EXPECT_FALSE(stuck.run(ContactCondition::stuck_open, true, 0.1));
  EXPECT_FALSE(stuck.run(ContactCondition::healthy, true, 0.014));
  EXPECT_TRUE(stuck.run(ContactCondition::healthy, true, 0.001));
}

TEST(Contact, welds_only_while_it_bounces) {
  Relay relay;
  relay.run(ContactCondition::healthy, true, 0.016);
  strain(relay.p, 999.0, relay.state);
  EXPECT_FALSE(relay.state.is_welded);
  Relay late = relay;
  late.run(ContactCondition::healthy, true, 0.002);
  strain(late.p, 5000.0, late.state);
  EXPECT_FALSE(late.state.is_welded);
  strain(relay.p, 1001.0, relay.state);
  EXPECT_TRUE(relay.state.is_welded);
  EXPECT_TRUE(relay.run(ContactCondition::healthy, false, 1.0));
}

TEST(Relays, main_contact_closed_onto_an_empty_link_welds_and_after_precharge_does_not) {
  for (const bool is_precharged : {false, true}) {
    PathBench bench;
    bench.p.has_relays = true;
    bench.p.precharge_Ohm = 10.0;
    bench.inputs.main_2 = bench.inputs.precharge = true;
    bench.run(is_precharged ? 1'200'000 : 20'000);
    EXPECT_FALSE(bench.state.main_1.is_closed);
    bench.inputs.main_1 = true;
    EXPECT_EQ(bench.run(14'999), 14'999);
    EXPECT_FALSE(bench.state.main_1.is_closed);
    bench.run(1);
    EXPECT_TRUE(bench.state.main_1.is_closed);  // to the microsecond
    bench.run(5000);
    EXPECT_EQ(bench.state.main_1.is_welded, !is_precharged);
    bench.inputs = {.source = bench.inputs.source};
    bench.run(20'000);
    EXPECT_EQ(bench.state.main_1.is_closed, !is_precharged);
    EXPECT_FALSE(bench.state.main_2.is_closed);
    bench.expect_books_balance();
  }
}

TEST(Comparator, latches_after_an_unbroken_delay_and_sees_the_shunt) {
  ComparatorBank bank;
  bank.ocd = {100.0, 0.02};
  ComparatorBankState state;
  for (int i = 0; i < 19; ++i) EXPECT_FALSE(watch(bank, -101.0, 1e-3, state));
  EXPECT_TRUE(is_counting(state));
  EXPECT_FALSE(watch(bank, -99.0, 1e-3, state));
  EXPECT_FALSE(is_counting(state));
  for (int i = 0; i < 19; ++i) EXPECT_FALSE(watch(bank, -101.0, 1e-3, state));
  EXPECT_TRUE(watch(bank, -101.0, 1e-3, state));
  EXPECT_TRUE(state.holds_discharge());
  EXPECT_FALSE(state.holds_charge());
  EXPECT_FALSE(is_counting(state));
  EXPECT_FALSE(watch(bank, 1e5, 1.0, state));  // charge: nothing fitted

  Hardware hardware;
  hardware.shunt_gain = 0.5;
  hardware.shunt_offset_A = -2.0;
  EXPECT_DOUBLE_EQ(shunt_reading_A(hardware, -200.0), -102.0);
}

TEST(Comparator, fast_ones_ask_for_the_transient_early_slow_ones_at_their_threshold) {
  ComparatorBank bank;
  bank.scd = {300.0, 200e-6};
  bank.ocd = {120.0, 0.32};
  bank.occ = {100.0, 0.32};
  ComparatorBankState state;
  EXPECT_FALSE(needs_transient(bank, -119.0, state));
  EXPECT_TRUE(needs_transient(bank, -121.0, state));
  EXPECT_TRUE(needs_transient(bank, 101.0, state));
  EXPECT_FALSE(needs_transient(bank, 99.0, state));
  bank.ocd.threshold_A = 0.0;
  EXPECT_FALSE(needs_transient(bank, -269.0, state));
  EXPECT_TRUE(needs_transient(bank, -271.0, state));
  state.scd.is_latched = true;
  EXPECT_FALSE(needs_transient(bank, -271.0, state));
}

}  // namespace

}  // namespace doppelpack::models
