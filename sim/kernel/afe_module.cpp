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

std::int64_t divider(Time period_ns, Time base_ns) {
  return std::max<std::int64_t>(1, period_ns / base_ns);
}

}  // namespace

AfeModule::AfeModule(const sc_core::sc_module_name& name, models::SensingParameters sensing,
                     const SamplingPlan& plan, LocalTime& time, PlantModule& plant,
                     BenchState& state, EventLog& events)
    : sc_module(name),
      sensing_(std::move(sensing)),
      time_(time),
      plant_(plant),
      state_(state),
      events_(events),
      period_ns_(plan.current_period_ns),
      due_ns_(kAfePhase),
      voltages_(divider(plan.cell_period_ns, plan.current_period_ns),
                models::voltage_channel_count(state.sensing)),
      ntcs_(divider(plan.ntc_period_ns, plan.current_period_ns),
            static_cast<std::int64_t>(state.sensing.last.ntc_counts.size())) {
  SC_HAS_PROCESS(AfeModule);
  SC_METHOD(watch);
  sensitive << comparator_tick_;
  dont_initialize();
}

void AfeModule::convert_due() {
  const Time now_ns = time_.now_ns();
  for (; due_ns_ <= now_ns; due_ns_ += period_ns_) {
    plant_.advance_to(due_ns_);
    if (is_powered_) sample(due_ns_);
  }
  notice_comparator();
}

void AfeModule::catch_up() {
  convert_due();
  plant_.advance_to(time_.now_ns());
  notice_comparator();
}

void AfeModule::power_down() {
  is_powered_ = false;
}

void AfeModule::power_up() {
  is_powered_ = true;
  voltages_.restart();
  ntcs_.restart();
  state_.bms_inputs.fresh = 0;
}

void AfeModule::sample(Time due_ns) {
  const models::SenseLineInputs lines{state_.pack_inputs.bleeders, 0};
  models::advance_inputs(sensing_, state_.condition.hardware, lines, state_.pack,
                         to_seconds(due_ns - sampled_ns_), state_.sensing);
  sampled_ns_ = due_ns;

  models::convert_current(sensing_, state_.pack, state_.sensing);
  state_.bms_inputs.shunt_adc = state_.sensing.last.shunt_counts;
  state_.bms_inputs.fresh |= BMS_FRESH_CURRENT;
  scan_voltages();
  scan_ntcs();
  if (state_.pack.is_transient) wake_comparator();
}

void AfeModule::scan_voltages() {
  const bool is_complete = voltages_.tick([this](int channel) {
    models::convert_voltage(sensing_, state_.pack, channel, state_.sensing);
  });
  if (!is_complete) return;
  bms_inputs_t& inputs = state_.bms_inputs;
  const models::Measurements& last = state_.sensing.last;
  std::copy(last.cell_counts.begin(), last.cell_counts.end(), inputs.cell_adc);
  inputs.pack_adc = last.pack_counts;
  inputs.terminal_adc = last.terminal_counts;
  inputs.fresh |= BMS_FRESH_CELLS;
}

void AfeModule::scan_ntcs() {
  const bool is_complete = ntcs_.tick([this](int ntc) {
    models::convert_ntc(sensing_, state_.condition.hardware, state_.pack, ntc, state_.sensing);
  });
  if (!is_complete) return;
  const std::vector<std::uint16_t>& counts = state_.sensing.last.ntc_counts;
  std::copy(counts.begin(), counts.end(), state_.bms_inputs.ntc_adc);
  state_.bms_inputs.fresh |= BMS_FRESH_NTCS;
}

void AfeModule::wake_comparator() {
  const Time now_ns = time_.now_ns();
  if (watched_until_ns_ > now_ns) return;
  watched_until_ns_ = now_ns + kComparatorStep;
  time_.notify(comparator_tick_, kComparatorStep);
}

void AfeModule::watch() {
  catch_up();
  if (state_.pack.is_transient) wake_comparator();
}

void AfeModule::drive(const bms_outputs_t& outputs) {
  if ((outputs.clear_comparators & BMS_COMPARATOR_SCD) != 0 && is_scd_latched()) {
    catch_up();
    models::clear_comparators(state_.pack);
    publish_comparator();
  }
  models::PackInputs& pins = state_.pack_inputs;
  const bool is_switching =
      pins.charge_gate != outputs.charge_gate || pins.discharge_gate != outputs.discharge_gate;
  if (!is_switching && pins.bleeders == outputs.bleeders) return;
  catch_up();
  pins.charge_gate = outputs.charge_gate;
  pins.discharge_gate = outputs.discharge_gate;
  pins.bleeders = outputs.bleeders;
  if (is_switching) wake_comparator();
}

bool AfeModule::is_scd_latched() const {
  return state_.pack.path.comparators.scd.is_latched;
}

void AfeModule::notice_comparator() {
  const bool was_latched = (state_.bms_inputs.comparator_flags & BMS_COMPARATOR_SCD) != 0;
  if (is_scd_latched() == was_latched) return;
  publish_comparator();
  if (!was_latched)
    events_.add(time_.now_ns(), "comparator",
                {{"comparator", "scd"}, {"peak_A", state_.pack.path.peak_A}});
}

void AfeModule::publish_comparator() {
  state_.bms_inputs.comparator_flags =
      is_scd_latched() ? static_cast<std::uint32_t>(BMS_COMPARATOR_SCD) : 0U;
}

}  // namespace doppelpack::sim
