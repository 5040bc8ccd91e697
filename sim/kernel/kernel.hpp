// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inside of a Bench: the modules, who owns what, and the loop that lets time pass.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "afe_module.hpp"
#include "can_bus_module.hpp"
#include "context.hpp"
#include "firmware_module.hpp"
#include "host_module.hpp"
#include "inverter_module.hpp"
#include "pacer.hpp"
#include "plant_module.hpp"
#include "recorder_module.hpp"
#include "scenario_module.hpp"
#include "serial_line_module.hpp"
#include "sim/bench.hpp"

namespace doppelpack::sim {

class Bench::Kernel {
 public:
  Kernel(Scenario scenario, BenchOptions options);
  ~Kernel();

  Time now_ns() const { return now_ns_; }
  /// Lets time pass up to t_ns; earlier when asked to stop or when `until` holds (returns true).
  bool run(Time t_ns, const ConditionExpression* until);
  void request_stop() { is_stop_requested_ = true; }
  RunResult finish();

  const Scenario scenario;
  const BenchOptions options;
  const SignalCatalogue catalogue;
  BenchState state;

 private:
  void build_modules(const Condition& as_built);
  void after_pass(Time t_ns);

  std::atomic<bool> is_stop_requested_ = false;
  Pacer pacer_;
  Time now_ns_ = 0;
  double wall_s_ = 0.0;
  const ConditionExpression* until_ = nullptr;
  bool has_until_held_ = false;
  Context context_;
  ExpectationWatch watch_;

 public:
  HostPorts ports;
  std::optional<Recorder> recorder;

  /// Points SystemC at this bench while something is done to a module from outside run().
  Context::Use use() { return Context::Use(context_); }

  // Built in this order, torn down in the other.
  std::unique_ptr<PlantModule> plant;
  std::unique_ptr<AfeModule> afe;
  std::unique_ptr<FirmwareModule> firmware;
  std::unique_ptr<InverterModule> inverter;
  std::unique_ptr<CanBusModule> can;
  std::unique_ptr<SerialLineModule> rs485;
  std::unique_ptr<HostModule> host;
  std::unique_ptr<ScenarioModule> timeline;
  std::unique_ptr<RecorderModule> sampling;
};

}  // namespace doppelpack::sim
