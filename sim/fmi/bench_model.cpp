// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack with its BMS: a bench whose inverter still talks to the BMS, but at whose terminals the
// FMU's inputs act.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "fmi/model.hpp"
#include "sim/bench.hpp"
#include "sim/load.hpp"

namespace doppelpack::fmi {

namespace {

constexpr sim::Time kDay = 86400 * sim::kSecond;

sim::Scenario scenario_of(const VariableTable& variables, const sim::Product& product,
                          const sim::InverterDesign& inverter, std::span<const double> values) {
  const auto value = [&](std::string_view name) { return values[variables.at(name).first]; };
  sim::Scenario scenario = sim::make_free_run(product, inverter);
  scenario.seed = static_cast<std::uint64_t>(value("seed"));
  scenario.initial.soc = value("initial_soc");
  scenario.initial.soc_spread = value("soc_spread");
  scenario.initial.T_degC = value("temperature_degC");
  const double error = value("bms_soc_error");
  if (error != 0.0) scenario.initial.bms_soc = std::clamp(scenario.initial.soc + error, 0.0, 1.0);
  // Nobody looks at what the bench records by itself.
  scenario.record.period_ns = kDay;
  scenario.record.signals.push_back({"env/ambient_degC", {}});
  return scenario;
}

class BenchModel final : public Model {
 public:
  BenchModel(const FmuPlan& plan, const VariableTable& variables, const sim::Product& product,
             const sim::InverterDesign& inverter, std::span<const double> values)
      : plan_(plan),
        variables_(variables),
        applied_(values.begin(), values.end()),
        bench_(std::make_unique<sim::Bench>(scenario_of(variables, product, inverter, values))),
        shown_(shown_signals(variables, bench_->signals())) {
    bench_->drive(position("inverter1/is_imposed"), 1.0);
    bench_->drive(position("inverter1/imposed_max_V"), values[variables.at("max_V").first]);
    bench_->drive(position("env/ambient_degC"), values[variables.at("ambient_degC").first]);
    // What is as it starts is left alone: somebody may just be pressing the button.
    std::vector<double> untouched = variables.start_values();
    std::swap(applied_, untouched);
    apply(values);
  }

  void apply(std::span<const double> values) override {
    for (const Variable& variable : variables_.all()) {
      if (variable.causality != Causality::input) continue;
      const double value = values[variable.first];
      if (value == applied_[variable.first]) continue;
      write(variable, value);
      applied_[variable.first] = value;
    }
  }

  void advance_to(sim::Time t_ns) override {
    bench_->run_until(t_ns);
    if (bench_->is_over()) throw std::runtime_error(bench_->why_over());
  }

  // An inverter that has heard nothing may do nothing.
  double read(std::uint32_t element) const override {
    const sim::Signal& signal = bench_->signals().all()[shown_[element]];
    const double value = signal.read(bench_->state());
    return std::isnan(value) && signal.name.starts_with("inverter1/") ? 0.0 : value;
  }

  std::any save() const override { return Saved{bench_->snapshot(), applied_}; }

  void restore(const std::any& saved) override {
    const auto& [snapshot, applied] = std::any_cast<const Saved&>(saved);
    bench_ = std::make_unique<sim::Bench>(bench_->scenario(), sim::BenchOptions{}, snapshot);
    applied_ = applied;
  }

 private:
  struct Saved {
    sim::Snapshot snapshot;
    std::vector<double> applied;
  };

  std::size_t position(std::string_view signal) const { return bench_->signals().find(signal); }

  void write(const Variable& input, double value) {
    if (!input.signals.front().empty()) {
      bench_->drive(position(input.signals.front()), value);
      return;
    }
    const auto fault =
        std::find_if(plan_.faults.begin(), plan_.faults.end(),
                     [&](const FaultInput& it) { return input.name == "fault." + it.name(); });
    if (value != 0.0) {
      bench_->inject(fault->fault, fault->target, fault->severity, fault->name());
    } else {
      bench_->clear(fault->name());
    }
  }

  const FmuPlan& plan_;
  const VariableTable& variables_;
  std::vector<double> applied_;
  std::unique_ptr<sim::Bench> bench_;
  std::vector<std::size_t> shown_;
};

}  // namespace

std::unique_ptr<Model> make_bench_model(const FmuPlan& plan, const VariableTable& variables,
                                        const sim::Product& product,
                                        const sim::InverterDesign& inverter,
                                        std::span<const double> values) {
  return std::make_unique<BenchModel>(plan, variables, product, inverter, values);
}

std::vector<std::size_t> shown_signals(const VariableTable& variables,
                                       const sim::SignalCatalogue& catalogue) {
  std::vector<std::size_t> shown(variables.element_count(), 0);
  for (const Variable& variable : variables.all())
    if (variable.causality == Causality::output || variable.causality == Causality::local)
      for (std::uint32_t i = 0; i < variable.size; ++i)
        shown[variable.first + i] = catalogue.find(variable.signals[i]);
  return shown;
}

}  // namespace doppelpack::fmi
