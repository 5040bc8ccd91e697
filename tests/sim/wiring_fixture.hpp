// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A running bench whose wires are about to be broken.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "bench_fixture.hpp"

namespace doppelpack::sim::test {

class Wiring : public ::testing::Test {
 protected:
  explicit Wiring(Scenario scenario) : bench_(std::move(scenario)) {}

  void inject(const std::string& fault, std::optional<double> severity = {},
              const std::string& where = "") {
    bench_.inject(fault, 0, severity, where);
  }
  void wait(Time duration_ns) { bench_.run_until(bench_.now_ns() + duration_ns); }
  bool is_lost_within(Time duration_ns) {
    return run_until(bench_, "inverter1/is_battery_lost == yes", duration_ns);
  }
  bool is_heard_within(Time duration_ns) {
    return run_until(bench_, "inverter1/is_battery_lost == no", duration_ns);
  }

  Bench bench_;
};

}  // namespace doppelpack::sim::test
