// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inside of a Bench: the modules, who owns what, and the loop that lets time pass.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "afe_module.hpp"
#include "bms_board.hpp"
#include "can_bus_module.hpp"
#include "context.hpp"
#include "firmware_module.hpp"
#include "host_module.hpp"
#include "inverter_module.hpp"
#include "pacing.hpp"
#include "peripherals.hpp"
#include "plant_module.hpp"
#include "power_module.hpp"
#include "recorder_module.hpp"
#include "sampler.hpp"
#include "scenario_module.hpp"
#include "serial_line_module.hpp"
#include "sim/bench.hpp"

namespace doppelpack::sim {

/// What every module of a bench is built from; all of it outlives them.
struct Parts {
  const Scenario& scenario;
  const std::vector<PackSpec>& packs;
  const SignalCatalogue& catalogue;
  const BenchOptions& options;
  LocalTime& time;
  std::vector<std::unique_ptr<CoreHost>>& cores;  ///< of each pack
  BenchState& state;
  Recorder& recorder;
  HostPorts& ports;
  ExpectationWatch& watch;
  OutsideCurrent* outside;  ///< nullptr: no current is measured
};

/// The BMS of one pack.
struct BmsParts {
  BmsParts(const Parts& parts, std::size_t pack, Sampler& sampler);

  AfeModule afe;
  Peripherals peripherals;
  BmsBoard board;
};

/// Every module of a bench. Built in this order and torn down in the other, also when building one of
/// them fails; the bench's context must be in use both times.
struct Modules {
  Modules(const Parts& parts, std::vector<Condition> as_built,
          std::vector<models::PackParameters> specimens, std::function<void(Time)> after_pass);

  PlantModule plant;
  Sampler sampler;
  std::vector<std::unique_ptr<BmsParts>> bms;
  FirmwareModule firmware;
  InverterModule inverter;
  std::unique_ptr<CanBusModule> can;        ///< nullptr: the product has no CAN
  std::unique_ptr<SerialLineModule> rs485;  ///< nullptr: the product has no RS485
  std::unique_ptr<HostModule> host;         ///< nullptr: no ports
  std::unique_ptr<PowerModule> power;       ///< nullptr: no current from outside
  ScenarioModule timeline;
  RecorderModule sampling;
};

class Bench::Kernel {
 public:
  /// from: nullptr for a bench that begins.
  Kernel(Scenario scenario, BenchOptions options, const Snapshot* from);
  ~Kernel();

  Time now_ns() const { return now_ns_; }
  /// Lets time pass up to t_ns; earlier when asked to stop or when `until` holds (returns true).
  bool run(Time t_ns, const ConditionExpression* until);
  void set_speed(double speed);
  std::optional<TimingReport> timing() const { return pacing_.report(); }
  void request_stop() { is_stop_requested_ = true; }
  bool is_over() const { return ending_.has_value(); }
  std::string why_over() const { return ending_ ? ending_->reason : ""; }
  void transmit(const can_emulator::CanFrame& frame);
  RunResult finish(const std::vector<Verdict>& judged_outside);
  Snapshot snapshot() const;

  const Recorder& recorder() const { return *recorder_; }
  ScenarioModule& timeline() { return modules_->timeline; }
  /// Points SystemC at this bench while something is done to a module from outside run().
  Context::Use use() { return Context::Use(context_); }

  const Scenario scenario;
  const BenchOptions options;
  const std::vector<PackSpec> packs;
  const SignalCatalogue catalogue;
  BenchState state;

 private:
  void open_ports();
  void load_cores();
  void format_memory(std::size_t pack);
  void switch_on(std::size_t pack);
  void log_start();
  void begin();
  void check(const Snapshot& from) const;
  void go_on(const Snapshot& from);
  void after_pass(Time t_ns);
  void end_for_violation(Time t_ns, const PackUnit& unit);
  void look_for_the_end(Time t_ns);
  void end_for_core(Time t_ns, const BmsBoard& board);
  void pause();
  void advance_kernel(Time t_ns);

  std::atomic<bool> is_stop_requested_ = false;
  Time violated_at_ns_ = -1;       ///< -1: every invariant holds
  std::optional<Verdict> ending_;  ///< what ended the run before its time
  Pacing pacing_;
  Time now_ns_ = 0;
  Time paused_at_ns_ = 0;  ///< 0: the kernel ran to the end
  double wall_s_ = 0.0;
  const ConditionExpression* until_ = nullptr;
  bool has_until_held_ = false;
  ExpectationWatch watch_;
  std::vector<std::unique_ptr<CoreHost>> cores_;  ///< of each pack
  std::optional<CoreIdentity> shadow_;
  HostPorts ports_;
  std::unique_ptr<OutsideCurrent> outside_;
  std::optional<Recorder> recorder_;
  LocalTime time_;
  Context context_;
  std::unique_ptr<Modules> modules_;
};

}  // namespace doppelpack::sim
