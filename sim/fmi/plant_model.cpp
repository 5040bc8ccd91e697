// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack alone: cells, power path and heat, whose gates the FMU's inputs drive.
#include <algorithm>
#include <utility>

#include "fmi/model.hpp"
#include "sim/imposed_current.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::fmi {

namespace {

/// Steps end at its multiples, so results do not hang on how often the master looks.
constexpr sim::Time kStep = 10 * sim::kMillisecond;

class PlantModel final : public Model {
 public:
  PlantModel(const VariableTable& variables, const sim::Product& product,
             std::span<const double> values)
      : variables_(variables), catalogue_(product), shown_(shown_signals(variables, catalogue_)) {
    const auto value = [&](std::string_view name) { return values[variables.at(name).first]; };
    sim::InitialState initial;
    initial.soc = value("initial_soc");
    initial.soc_spread = value("soc_spread");
    initial.T_degC = value("temperature_degC");
    const sim::PackSpec spec{product, initial, static_cast<std::uint64_t>(value("seed"))};
    const sim::InverterDesign wiring;
    pack_ = sim::make_pack_parameters(spec);
    pack_.path.cable_Ohm = wiring.cable_Ohm;
    pack_.path.cable_H = wiring.cable_H;
    pack_.path.link_F = pack_.path.has_relays ? sim::kPrechargedLink_F : sim::kFilter_F;
    state_.units.emplace_back();
    sim::PackUnit& unit = state_.units.front();
    unit.condition.hardware =
        models::flawless_hardware(product.pack.cell_count(),
                                  static_cast<int>(product.pack.beads.size()), product.pack.series);
    unit.pack = sim::make_initial_pack(spec, pack_);
    unit.pack_inputs.is_supplied = false;
    state_.inverter.imposed_max_V = value("max_V");
    apply(values);
    unit.pack_inputs.source = source(0.0);
    models::solve(pack_, unit.condition.hardware, unit.pack_inputs, unit.pack);
  }

  void apply(std::span<const double> values) override {
    const auto value = [&](std::string_view name) { return values[variables_.at(name).first]; };
    const auto is_on = [&](std::string_view name) { return value(name) != 0.0; };
    state_.inverter.imposed_A = value("current_A");
    state_.inverter.imposed_W = value("power_W");
    state_.inverter.is_connected = is_on("is_connected");
    models::PackInputs& inputs = state_.units.front().pack_inputs;
    inputs.ambient_degC = value("ambient_degC");
    inputs.is_plugged = state_.inverter.is_connected;
    drive_gates(is_on("charge_gate"), is_on("discharge_gate"));
    if (pack_.path.has_relays) {
      inputs.main_1 = is_on("coil.main_1");
      inputs.main_2 = is_on("coil.main_2");
      inputs.precharge = is_on("coil.precharge");
    }
    const Variable& bleeders = variables_.at("bleeders");
    inputs.bleeders = 0;
    for (std::uint32_t i = 0; i < bleeders.size; ++i)
      if (values[bleeders.first + i] != 0.0) inputs.bleeders |= std::uint32_t{1} << i;
  }

  void advance_to(sim::Time t_ns) override {
    sim::PackUnit& unit = state_.units.front();
    while (state_.plant_t_ns < t_ns) {
      const sim::Time dt_ns = std::min(kStep - state_.plant_t_ns % kStep, t_ns - state_.plant_t_ns);
      const double dt_s = sim::to_seconds(dt_ns);
      unit.pack_inputs.source = source(dt_s);
      models::step(pack_, unit.condition.hardware, unit.pack_inputs, dt_s, unit.pack);
      state_.plant_t_ns += dt_ns;
    }
  }

  double read(std::uint32_t element) const override {
    return catalogue_.all()[shown_[element]].read(state_);
  }

  std::any save() const override { return state_; }
  void restore(const std::any& saved) override {
    state_ = std::any_cast<const sim::BenchState&>(saved);
  }

 private:
  models::TerminalSource source(double dt_s) {
    models::PowerStageInputs inputs;
    inputs.is_connected = state_.inverter.is_connected;
    inputs.imposed = sim::imposed_current(state_.inverter, sim::read_dc(state_).dc_V);
    return models::step({}, inputs, dt_s, state_.stage);
  }

  // Whoever closes a gate anew has seen why its comparator opened it.
  void drive_gates(bool charge_gate, bool discharge_gate) {
    sim::PackUnit& unit = state_.units.front();
    models::PackInputs& inputs = unit.pack_inputs;
    const bool is_closing =
        (charge_gate && !inputs.charge_gate) || (discharge_gate && !inputs.discharge_gate);
    if (is_closing) models::clear_comparators(unit.pack);
    inputs.charge_gate = charge_gate;
    inputs.discharge_gate = discharge_gate;
  }

  const VariableTable& variables_;
  const sim::SignalCatalogue catalogue_;
  std::vector<std::size_t> shown_;
  models::PackParameters pack_;
  sim::BenchState state_;
};

}  // namespace

std::unique_ptr<Model> make_plant_model(const VariableTable& variables, const sim::Product& product,
                                        std::span<const double> values) {
  return std::make_unique<PlantModel>(variables, product, values);
}

}  // namespace doppelpack::fmi
