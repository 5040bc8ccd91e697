// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "afe_module.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

/// Above this share of the threshold the comparator is simulated step by step; below it nothing on
/// the millisecond grid can have crossed the threshold unseen, as the power stage has a ramp.
constexpr double kCloseToThreshold = 0.5;

std::int64_t divider(Time period_ns, Time base_ns) {
  return std::max<std::int64_t>(1, period_ns / base_ns);
}

}  // namespace

AfeModule::AfeModule(const sc_core::sc_module_name& name, models::SensingParameters sensing,
                     const SamplingPlan& plan, PlantModule& plant, BenchState& state,
                     EventLog& events)
    : sc_module(name),
      sensing_(std::move(sensing)),
      plant_(plant),
      state_(state),
      events_(events),
      period_ns_(plan.current_period_ns),
      cell_divider_(divider(plan.cell_period_ns, plan.current_period_ns)),
      ntc_divider_(divider(plan.ntc_period_ns, plan.current_period_ns)) {
  SC_HAS_PROCESS(AfeModule);
  SC_METHOD(watch);
  sensitive << comparator_tick_;
  dont_initialize();
}

void AfeModule::convert_due() {
  const Time now_ns = sc_now_ns();
  for (Time due_ns = kAfePhase + sample_count_ * period_ns_; due_ns <= now_ns;
       due_ns += period_ns_) {
    plant_.advance_to(due_ns);
    sample();
  }
}

void AfeModule::catch_up() {
  convert_due();
  plant_.advance_to(sc_now_ns());
}

void AfeModule::sample() {
  const models::Hardware& hardware = state_.condition.hardware;
  bms_inputs_t& inputs = state_.bms_inputs;

  models::measure_current(sensing_, hardware, state_.pack, state_.sensing);
  inputs.shunt_adc = state_.sensing.last.shunt_counts;
  inputs.fresh |= BMS_FRESH_CURRENT;
  if (sample_count_ % cell_divider_ == 0) {
    models::measure_voltages(sensing_, state_.pack, state_.sensing);
    const models::Measurements& last = state_.sensing.last;
    std::copy(last.cell_counts.begin(), last.cell_counts.end(), inputs.cell_adc);
    inputs.pack_adc = last.pack_counts;
    inputs.terminal_adc = last.terminal_counts;
    inputs.fresh |= BMS_FRESH_CELLS;
  }
  if (sample_count_ % ntc_divider_ == 0) {
    models::measure_ntcs(sensing_, hardware, state_.pack, state_.sensing);
    const std::vector<std::uint16_t>& counts = state_.sensing.last.ntc_counts;
    std::copy(counts.begin(), counts.end(), inputs.ntc_adc);
    inputs.fresh |= BMS_FRESH_NTCS;
  }
  ++sample_count_;
  if (is_close_to_short()) wake_comparator();
}

bool AfeModule::is_close_to_short() const {
  return std::abs(state_.pack.current_A) > kCloseToThreshold * sensing_.scd_threshold_A;
}

void AfeModule::wake_comparator() {
  const Time now_ns = sc_now_ns();
  if (watched_until_ns_ > now_ns) return;
  watched_until_ns_ = now_ns + kComparatorStep;
  comparator_tick_.notify(to_sc_time(kComparatorStep));
}

void AfeModule::watch() {
  catch_up();
  const bool was_latched = state_.sensing.is_scd_latched;
  models::watch_short_circuit(sensing_, state_.condition.hardware, state_.pack,
                              to_seconds(kComparatorStep), state_.sensing);
  if (state_.sensing.is_scd_latched && !was_latched) {
    events_.add(sc_now_ns(), "comparator",
                {{"comparator", "scd"}, {"current_A", state_.pack.current_A}});
    drive_gates(state_.pack_inputs.charge_gate, false);
    publish_comparator();
  }
  if (is_close_to_short()) wake_comparator();
}

void AfeModule::drive(const bms_outputs_t& outputs) {
  if ((outputs.clear_comparators & BMS_COMPARATOR_SCD) != 0 && state_.sensing.is_scd_latched) {
    state_.sensing.is_scd_latched = false;
    state_.sensing.over_threshold_s = 0.0;
    publish_comparator();
  }
  drive_gates(outputs.charge_gate, outputs.discharge_gate && !state_.sensing.is_scd_latched);
  if (state_.pack_inputs.bleeders != outputs.bleeders) {
    catch_up();
    state_.pack_inputs.bleeders = outputs.bleeders;
  }
}

void AfeModule::drive_gates(bool charge_gate, bool discharge_gate) {
  const models::PackInputs& now = state_.pack_inputs;
  if (now.charge_gate == charge_gate && now.discharge_gate == discharge_gate) return;
  catch_up();
  plant_.drive_gates(charge_gate, discharge_gate);
  wake_comparator();
}

void AfeModule::publish_comparator() {
  state_.bms_inputs.comparator_flags =
      state_.sensing.is_scd_latched ? static_cast<std::uint32_t>(BMS_COMPARATOR_SCD) : 0U;
}

}  // namespace doppelpack::sim
