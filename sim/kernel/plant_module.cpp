// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "plant_module.hpp"

#include <algorithm>
#include <utility>

#include "phases.hpp"
#include "sim/imposed_current.hpp"

namespace doppelpack::sim {

namespace {

// Wired by the first pack's path: the link and its clamp belong to the inverter, not to a pack.
models::BankParameters wiring_of(const models::PowerPathParameters& path, std::size_t packs,
                                 int stacked) {
  models::BankParameters bank;
  bank.series = stacked;
  bank.parallel = static_cast<int>(packs) / stacked;
  bank.link_F = path.link_F;
  bank.clamp_V = path.clamp_V;
  bank.clamp_Ohm = path.clamp_Ohm;
  return bank;
}

}  // namespace

PlantModule::PlantModule(const sc_core::sc_module_name& name,
                         std::vector<models::PackParameters> packs, int stacked,
                         models::PowerStageParameters stage, BenchState& state)
    : sc_module(name),
      packs_(std::move(packs)),
      bank_(wiring_of(packs_.front().path, packs_.size(), stacked)),
      stage_(stage),
      state_(state) {
  if (packs_.size() == 1) return;
  state_.bank = models::make_bank_state(bank_);
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    PackUnit& unit = state_.units[i];
    modules_.push_back({packs_[i], unit.condition.hardware, unit.pack_inputs, unit.pack});
  }
}

models::TerminalSource PlantModule::make_source(double dt_s) {
  state_.stage_inputs.is_connected = state_.inverter.is_connected;
  if (!state_.inverter.is_imposed)
    return models::step(stage_, state_.stage_inputs, dt_s, state_.stage);
  models::PowerStageInputs inputs = state_.stage_inputs;
  inputs.imposed = imposed_current(state_.inverter, read_dc(state_).dc_V);
  return models::step(stage_, inputs, dt_s, state_.stage);
}

// A single pack has a way of its own: with inductances, arcs and avalanche in microseconds.
void PlantModule::step_packs(const models::TerminalSource& source, double dt_s) {
  if (!modules_.empty()) {
    models::step(bank_, modules_, source, dt_s, state_.bank);
    return;
  }
  PackUnit& unit = state_.units.front();
  unit.pack_inputs.source = source;
  models::step(packs_.front(), unit.condition.hardware, unit.pack_inputs, dt_s, unit.pack);
}

void PlantModule::advance_to(Time t_ns) {
  while (state_.plant_t_ns < t_ns) {
    const Time dt_ns = std::min(kPlantStep, t_ns - state_.plant_t_ns);
    const double dt_s = to_seconds(dt_ns);
    const bool has_busbar = !modules_.empty();  // of which the inverter can be taken off alone
    for (PackUnit& unit : state_.units) {
      unit.pack_inputs.ambient_degC = state_.environment.ambient_degC;
      unit.pack_inputs.is_plugged =
          (has_busbar || state_.inverter.is_connected) && !unit.condition.is_power_cable_off;
    }
    step_packs(make_source(dt_s), dt_s);
    state_.plant_t_ns += dt_ns;
  }
}

}  // namespace doppelpack::sim
