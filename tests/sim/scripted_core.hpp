// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core that does what a test says: to see what reaches the firmware's pins and what its pins do.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "bench_fixture.hpp"
#include "bms/bms.h"

namespace doppelpack::sim::test {

/// One at a time; a core is a table of plain functions.
class ScriptedCore {
 public:
  ScriptedCore() { current() = this; }
  ~ScriptedCore() { current() = nullptr; }
  ScriptedCore(const ScriptedCore&) = delete;
  ScriptedCore& operator=(const ScriptedCore&) = delete;

  bms_outputs_t out{};                         ///< what it drives
  std::function<void(bms_outputs_t&)> decide;  ///< changes `out` at every step, if there is one
  bms_inputs_t in{};                           ///< what it saw last
  std::uint32_t fresh = 0;                     ///< every group it has ever seen
  int steps = 0;
  int power_ups = 0;
  std::vector<std::uint8_t> recalled;  ///< its memory at the last power-up

  const bms_core_t table{BMS_ABI_VERSION,      "scripted", 8,     8,    0x0100,
                         [](bms_config_t*) {}, &format,    &init, &step};

 private:
  static ScriptedCore*& current() {
    static ScriptedCore* core = nullptr;
    return core;
  }
  static void format(const bms_factory_t* factory, std::uint8_t* nvm) {
    for (int i = 0; i < BMS_NVM_BYTES; ++i) nvm[i] = 0xFF;
    nvm[0] = static_cast<std::uint8_t>(factory->soc_permille / 10);
  }
  static bms_status_t init(void*, const bms_config_t*, const std::uint8_t* nvm) {
    ++current()->power_ups;
    current()->recalled.assign(nvm, nvm + BMS_NVM_BYTES);
    return {BMS_OK, 0};
  }
  static void step(void*, const bms_inputs_t* in, std::uint32_t, bms_outputs_t* out) {
    ScriptedCore& core = *current();
    core.in = *in;
    core.fresh |= in->fresh;
    ++core.steps;
    if (core.decide) core.decide(core.out);
    *out = core.out;
  }
};

/// A bench of that core.
struct ScriptedBench {
  explicit ScriptedBench(Scenario scenario)
      : bench(std::move(scenario), [this] {
          BenchOptions options;
          options.core.table = &core.table;
          return options;
        }()) {}

  void run(Time span_ns) { bench.run_until(bench.now_ns() + span_ns); }

  ScriptedCore core;
  Bench bench;
};

}  // namespace doppelpack::sim::test
