// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "firmware_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "context.hpp"
#include "phases.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

// A core keeps its memory up to date while it runs. What it last said is what it would find there.
bms_factory_t remembered(const bms_report_t& report) {
  constexpr std::uint16_t kFull = 1000;
  return {std::min(report.soc_permille, kFull), std::min(report.soh_permille, kFull),
          report.cycle_count, report.serial_number};
}

}  // namespace

FirmwareModule::FirmwareModule(const sc_core::sc_module_name& name, CoreHost& core,
                               const Product& product, LocalTime& time, AfeModule& afe,
                               BenchState& state, EventLog& events,
                               std::function<void(Time)> after_pass)
    : sc_module(name),
      core_(core),
      config_(product.bms),
      rail_(product.supply),
      time_(time),
      afe_(afe),
      state_(state),
      events_(events),
      after_pass_(std::move(after_pass)) {
  constexpr std::size_t kUnit = sizeof(std::max_align_t);
  state_.bms_instance.assign((core_.state_bytes() + kUnit - 1) / kUnit, {});
  const bms_status_t status = start_core();
  if (status.error != BMS_OK) {
    throw DataError({product.file, 0, "bms"},
                    fmt::format("refused by the protection core \"{}\": {}", core_.identity().name,
                                bms_error_text(status.error)));
  }
  SC_HAS_PROCESS(FirmwareModule);
  SC_METHOD(run_task);
  sensitive << first_pass_;
  dont_initialize();
  first_pass_.notify(to_sc_time(kAfePhase + product.sampling.task_delay_ns));
}

void FirmwareModule::run_task() {
  if (failure_) return;
  time_.begin();
  Time due_ns = sc_now_ns();
  do {
    pass(due_ns);
    due_ns += kFirmwarePeriod;
  } while (time_.move_to(due_ns));
  time_.rejoin();
  next_trigger(to_sc_time(due_ns - sc_now_ns()));
}

void FirmwareModule::pass(Time now_ns) {
  afe_.convert_due();
  watch_supply();
  if (state_.supply.is_alive && !failure_) run_core();
  log_changes(now_ns);
  after_pass_(now_ns);
}

std::span<std::byte> FirmwareModule::core_memory() {
  return std::as_writable_bytes(std::span(state_.bms_instance));
}

bms_status_t FirmwareModule::start_core() {
  std::array<std::uint8_t, BMS_NVM_BYTES> nvm;
  const CoreStep at{time_.now_ns(), steps_, 0};
  try {
    core_.format(at, state_.bms_memory, nvm);
    return core_.init(core_memory(), at, config_, nvm);
  } catch (const CoreFailure& failure) {
    failure_ = failure;
    return {BMS_OK, 0};
  }
}

void FirmwareModule::run_core() {
  bms_outputs_t& outputs = state_.bms_outputs;
  constexpr std::uint32_t kPeriod_us = kFirmwarePeriod / kMicrosecond;
  try {
    core_.step(core_memory(), {time_.now_ns(), ++steps_, kPeriod_us}, state_.bms_inputs, outputs);
  } catch (const CoreFailure& failure) {
    failure_ = failure;
    return;
  }
  state_.bms_inputs.fresh = 0;
  afe_.drive(outputs);
}

void FirmwareModule::watch_supply() {
  models::SupplyRailState& supply = state_.supply;
  const bool was_alive = supply.is_alive;
  models::step(rail_, models::rail_feed_V(state_.pack), to_seconds(kFirmwarePeriod), supply);
  if (supply.is_alive == was_alive) return;
  events_.add(time_.now_ns(), "supply",
              {{"is_alive", supply.is_alive}, {"feed_V", models::rail_feed_V(state_.pack)}});
  supply.is_alive ? power_up() : power_down();
}

void FirmwareModule::power_down() {
  const bms_report_t& report = state_.bms_outputs.report;
  state_.bms_memory = remembered(report);
  // Every pin falls to its idle level, and a chip without supply holds no latch.
  bms_outputs_t off{};
  off.clear_comparators = BMS_COMPARATOR_SCD;
  afe_.drive(off);
  afe_.power_down();
  state_.bms_outputs = {};
  logged_.state = state_.bms_outputs.report.state;  // nobody is in a state
}

void FirmwareModule::power_up() {
  afe_.power_up();
  start_core();  // the configuration was accepted once, and what it remembers is in range
}

void FirmwareModule::log_changes(Time t_ns) {
  const bms_outputs_t& outputs = state_.bms_outputs;
  const Logged now{outputs.charge_gate, outputs.discharge_gate, outputs.report.warnings,
                   outputs.report.protections, outputs.report.state};
  if (now == logged_) return;
  if (now.state != logged_.state) {
    events_.add(t_ns, "state", {{"bms", "bms1"}, {"state", bms_state_name(now.state)}});
  }
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    const auto rule = static_cast<bms_rule_t>(i);
    const std::uint32_t bit = BMS_RULE_BIT(i);
    if (((now.warnings ^ logged_.warnings) & bit) != 0) {
      events_.add(t_ns, "warning",
                  {{"rule", bms_rule_name(rule)}, {"is_active", (now.warnings & bit) != 0}});
    }
    if (((now.protections ^ logged_.protections) & bit) != 0) {
      events_.add(t_ns, "protection",
                  {{"rule", bms_rule_name(rule)}, {"is_active", (now.protections & bit) != 0}});
    }
  }
  if (now.charge_gate != logged_.charge_gate) {
    events_.add(t_ns, "gate", {{"gate", "charge"}, {"is_closed", now.charge_gate}});
  }
  if (now.discharge_gate != logged_.discharge_gate) {
    events_.add(t_ns, "gate", {{"gate", "discharge"}, {"is_closed", now.discharge_gate}});
  }
  logged_ = now;
}

}  // namespace doppelpack::sim
