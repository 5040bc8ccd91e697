// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What runs inside an FMU: a bench, or a pack alone.
#pragma once

#include <any>
#include <cstdint>
#include <memory>
#include <span>

#include "fmi/variable_table.hpp"
#include "sim/inverter_design.hpp"
#include "sim/time.hpp"

namespace doppelpack::fmi {

/// Built from the parameters among the values of all elements; the inputs among them hold from t = 0.
class Model {
 public:
  virtual ~Model() = default;
  Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Inputs as they are from now on; called between two advances, with all values.
  virtual void apply(std::span<const double> values) = 0;
  /// Throws std::runtime_error when what is simulated has come to an end before t_ns.
  virtual void advance_to(sim::Time t_ns) = 0;
  /// Of an output or local variable's element.
  virtual double read(std::uint32_t element) const = 0;
  /// All of it, to be put back into the same kind of model with the same parameters.
  virtual std::any save() const = 0;
  virtual void restore(const std::any& saved) = 0;
};

std::unique_ptr<Model> make_bench_model(const FmuPlan& plan, const VariableTable& variables,
                                        const sim::Product& product,
                                        const sim::InverterDesign& inverter,
                                        std::span<const double> values);
std::unique_ptr<Model> make_plant_model(const VariableTable& variables, const sim::Product& product,
                                        std::span<const double> values);

/// Which signal each element shows, as positions in the catalogue; nothing for the others.
std::vector<std::size_t> shown_signals(const VariableTable& variables,
                                       const sim::SignalCatalogue& catalogue);

}  // namespace doppelpack::fmi
