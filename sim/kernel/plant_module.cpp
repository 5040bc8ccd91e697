// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "plant_module.hpp"

#include <algorithm>
#include <utility>

#include "phases.hpp"

namespace doppelpack::sim {

PlantModule::PlantModule(const sc_core::sc_module_name& name, models::PackParameters pack,
                         models::PowerStageParameters stage, BenchState& state)
    : sc_module(name), pack_(std::move(pack)), stage_(stage), state_(state) {}

void PlantModule::advance_to(Time t_ns) {
  while (state_.plant_t_ns < t_ns) {
    const Time dt_ns = std::min(kPlantStep, t_ns - state_.plant_t_ns);
    const double dt_s = to_seconds(dt_ns);
    state_.pack_inputs.ambient_degC = state_.environment.ambient_degC;
    state_.pack_inputs.is_plugged = state_.inverter.is_connected;
    state_.stage_inputs.is_connected = state_.inverter.is_connected;
    state_.pack_inputs.source = models::step(stage_, state_.stage_inputs, dt_s, state_.stage);
    models::step(pack_, state_.condition.hardware, state_.pack_inputs, dt_s, state_.pack);
    state_.plant_t_ns += dt_ns;
  }
}

}  // namespace doppelpack::sim
