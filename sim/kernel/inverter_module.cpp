// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "inverter_module.hpp"

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

InverterModule::InverterModule(const sc_core::sc_module_name& name, const InverterDesign& design,
                               LocalTime& time, Sampler& sampler, BenchState& state,
                               EventLog& events)
    : sc_module(name),
      design_(design),
      sampler_(sampler),
      state_(state),
      events_(events),
      next_decision_(time, state.agenda.inverter_due_ns) {
  SC_HAS_PROCESS(InverterModule);
  SC_METHOD(decide);
  sensitive << next_decision_.event();
  dont_initialize();
  state_.agenda.inverter_due_ns = kInverterPhase;
}

void InverterModule::decide() {
  const Time now_ns = sc_now_ns();
  next_decision_.acknowledge();
  next_decision_.set(now_ns + design_.control_period_ns);
  InverterState& inverter = state_.inverter;
  const bool was_lost = inverter.is_battery_lost;
  control(design_, now_ns, read_dc(state_), state_.site, inverter);
  if (inverter.is_battery_lost != was_lost) {
    events_.add(now_ns, "inverter", {{"is_battery_lost", inverter.is_battery_lost}});
  }
  models::PowerStageInputs& stage = state_.stage_inputs;
  if (stage.target_A == inverter.target_A && stage.max_V == inverter.max_V) return;
  sampler_.catch_up();
  stage.target_A = inverter.target_A;
  stage.max_V = inverter.max_V;
}

}  // namespace doppelpack::sim
