// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Benches for tests: the generic product with an inverter, no files on disk.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "sim/bench.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim::test {

inline Scenario free_run(double soc = 0.5, std::string_view inverter = "hybrid-5k",
                         std::string_view product = "generic-16s") {
  const auto data_folder = find_data_folder();
  Scenario scenario =
      make_free_run(load_product(product, data_folder), load_inverter(inverter, data_folder));
  scenario.initial.soc = soc;
  return scenario;
}

inline double read(const Bench& bench, std::string_view name) {
  const Signal& signal = bench.signals().all()[bench.signals().find(name)];
  return signal.read(bench.state());
}

inline bool run_until(Bench& bench, std::string_view condition, Time timeout_ns) {
  return bench.run_until(ConditionExpression(condition, bench.signals()),
                         bench.now_ns() + timeout_ns);
}

/// Gates closed and the inverter informed by its bus.
inline void start_up(Bench& bench) {
  bench.run_until(bench.now_ns() + 20 * kSecond);
}

}  // namespace doppelpack::sim::test
