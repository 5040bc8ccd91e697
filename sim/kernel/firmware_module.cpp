// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "firmware_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "context.hpp"
#include "phases.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

// A core keeps its memory up to date while it runs. What it last said is what it would find there.
bms_nvm_t remembered(const bms_report_t& report) {
  constexpr std::uint16_t kFull = 1000;
  return {std::min(report.soc_permille, kFull), std::min(report.soh_permille, kFull),
          report.cycle_count};
}

}  // namespace

FirmwareModule::FirmwareModule(const sc_core::sc_module_name& name, const bms_core_t& core,
                               const Product& product, AfeModule& afe, BenchState& state,
                               EventLog& events, BmsTrace* trace,
                               std::function<void(Time)> after_pass)
    : sc_module(name),
      core_(core),
      config_(product.bms),
      rail_(product.supply),
      afe_(afe),
      state_(state),
      events_(events),
      trace_(trace),
      after_pass_(std::move(after_pass)),
      period_(to_sc_time(kFirmwarePeriod)) {
  constexpr std::size_t kUnit = sizeof(std::max_align_t);
  state_.bms_instance.assign((core_.instance_bytes + kUnit - 1) / kUnit, {});
  const bms_status_t status = start_core();
  if (status.error != BMS_OK) {
    throw DataError({product.file, 0, "bms"},
                    fmt::format("refused by the protection core \"{}\": {}", core_.name,
                                bms_error_text(status.error)));
  }
  SC_HAS_PROCESS(FirmwareModule);
  SC_METHOD(pass);
  sensitive << first_pass_;
  dont_initialize();
  first_pass_.notify(to_sc_time(kAfePhase + product.sampling.task_delay_ns));
}

void FirmwareModule::pass() {
  next_trigger(period_);
  afe_.convert_due();
  watch_supply();
  if (state_.supply.is_alive) run_core();
  const Time now_ns = sc_now_ns();
  log_changes(now_ns);
  after_pass_(now_ns);
}

bms_status_t FirmwareModule::start_core() {
  const bms_status_t status = core_.init(state_.bms_instance.data(), &config_, &state_.bms_memory);
  if (trace_ != nullptr && status.error == BMS_OK) trace_->power_up(config_, state_.bms_memory);
  return status;
}

void FirmwareModule::run_core() {
  bms_outputs_t& outputs = state_.bms_outputs;
  constexpr auto kPeriod_us = static_cast<std::uint32_t>(kFirmwarePeriod / kMicrosecond);
  core_.step(state_.bms_instance.data(), &state_.bms_inputs, kPeriod_us, &outputs);
  if (trace_ != nullptr) trace_->step(state_.bms_inputs, kPeriod_us, outputs);
  state_.bms_inputs.fresh = 0;
  afe_.drive(outputs);
}

void FirmwareModule::watch_supply() {
  models::SupplyRailState& supply = state_.supply;
  const bool was_alive = supply.is_alive;
  models::step(rail_, models::rail_feed_V(state_.pack), to_seconds(kFirmwarePeriod), supply);
  if (supply.is_alive == was_alive) return;
  events_.add(sc_now_ns(), "supply",
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
