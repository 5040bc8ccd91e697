// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Faults that a person puts on grow and go by themselves, like those of a timeline.

#include <gtest/gtest.h>

#include "bench_fixture.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim::test {
namespace {

double offset_K(const Bench& bench) {
  return read(bench, "bms1/ntc2/T_degC") - read(bench, "bms1/ntc1/T_degC");
}

TEST(FaultCourse, a_severity_grows_to_its_end) {
  Bench bench(free_run());
  start_up(bench);
  bench.inject("ntc-offset", 2, 0.0, "", 1, {0, 10.0, 20 * kSecond});
  bench.run_until(bench.now_ns() + 10 * kSecond);
  EXPECT_NEAR(offset_K(bench), 5.0, 0.7);
  bench.run_until(bench.now_ns() + 30 * kSecond);
  EXPECT_NEAR(offset_K(bench), 10.0, 0.7);
}

TEST(FaultCourse, the_shortest_ramp_is_a_step) {
  Bench bench(free_run());
  start_up(bench);
  bench.inject("ntc-offset", 2, 0.0, "", 1, {0, 10.0, 1});
  bench.run_until(bench.now_ns() + 2 * kSecond);
  EXPECT_NEAR(offset_K(bench), 10.0, 0.7);
}

TEST(FaultCourse, goes_after_its_duration) {
  Bench bench(free_run());
  start_up(bench);
  bench.inject("ntc-offset", 2, 10.0, "", 1, {5 * kSecond, {}, 0});
  bench.run_until(bench.now_ns() + 4 * kSecond);
  EXPECT_NEAR(offset_K(bench), 10.0, 0.7);
  bench.run_until(bench.now_ns() + 2 * kSecond);
  EXPECT_NEAR(offset_K(bench), 0.0, 0.7);
}

TEST(FaultCourse, the_end_of_one_is_not_that_of_the_next) {
  Bench bench(free_run());
  start_up(bench);
  bench.inject("ntc-offset", 2, 10.0, "same", 1, {5 * kSecond, {}, 0});
  bench.run_until(bench.now_ns() + kSecond);
  bench.clear("same");
  bench.inject("ntc-offset", 2, 10.0, "same");
  bench.run_until(bench.now_ns() + 10 * kSecond);
  EXPECT_NEAR(offset_K(bench), 10.0, 0.7);
}

TEST(FaultCourse, goes_on_in_a_snapshot) {
  Bench bench(free_run());
  start_up(bench);
  bench.inject("ntc-offset", 2, 0.0, "", 1, {30 * kSecond, 10.0, 20 * kSecond});
  bench.run_until(bench.now_ns() + 10 * kSecond);
  Bench later(free_run(), {}, bench.snapshot());
  later.run_until(later.now_ns() + 11 * kSecond);
  EXPECT_NEAR(offset_K(later), 10.0, 0.7);
  later.run_until(later.now_ns() + 11 * kSecond);
  EXPECT_NEAR(offset_K(later), 0.0, 0.7);
}

TEST(FaultCourse, what_has_no_severity_cannot_grow) {
  Bench bench(free_run());
  EXPECT_THROW(bench.inject("ntc-open", 2, {}, "", 1, {0, 10.0, kSecond}), DataError);
}

}  // namespace
}  // namespace doppelpack::sim::test
