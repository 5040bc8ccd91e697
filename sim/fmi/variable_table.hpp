// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The variables of an FMU: what its description lists, and what its functions read and write. Names are
// those of the signals with dots, "pack1/soc" is pack1.soc; what each cell has is one vector,
// pack1.cells.voltage_V.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fmi/fmu_plan.hpp"
#include "sim/product.hpp"
#include "sim/signals.hpp"

namespace doppelpack::fmi {

enum class VariableType { real, integer, boolean, enumeration };
enum class Causality { parameter, input, output, local, independent };

struct Variable {
  std::string name;
  std::string help;
  VariableType type = VariableType::real;
  Causality causality = Causality::local;
  std::string_view unit{};
  std::optional<double> min{};
  std::optional<double> max{};
  double start = 0.0;                         ///< of each element, for parameters and inputs
  std::span<const std::string_view> words{};  ///< of an enumeration
  /// Signals that it shows, one for each element; the control that an input writes, if it is one.
  std::vector<std::string> signals{};
  std::uint32_t size = 1;  ///< elements
  bool is_array = false;
  std::uint32_t first = 0;  ///< value reference of its first element; the others follow

  bool is_settable() const {
    return causality == Causality::parameter || causality == Causality::input;
  }
};

class VariableTable {
 public:
  VariableTable(const FmuPlan& plan, const sim::Product& product);

  std::span<const Variable> all() const { return variables_; }
  /// Value references are 0 to this.
  std::uint32_t element_count() const { return static_cast<std::uint32_t>(owners_.size()); }
  /// Whose element it is. Throws DataError when there is none.
  const Variable& owner(std::uint32_t element) const;
  /// Throws DataError unless it is an element of a variable of one of these types.
  void expect(std::uint32_t element, std::initializer_list<VariableType> types) const;
  /// By name; it must be there.
  const Variable& at(std::string_view name) const;
  /// Of all elements, zero for what is calculated.
  std::vector<double> start_values() const;

 private:
  void add(Variable variable);
  void add_parameters(const FmuPlan& plan, const sim::Product& product);
  void add_bench_inputs(const FmuPlan& plan, const sim::Product& product);
  void add_plant_inputs(const sim::Product& product);
  void add_signals(const sim::SignalCatalogue& catalogue, std::string_view glob,
                   Causality causality);
  void add_vector(const sim::SignalCatalogue& catalogue, std::string_view owner,
                  std::string_view quantity);

  std::vector<Variable> variables_;
  std::vector<std::size_t> owners_;  ///< of each element
};

}  // namespace doppelpack::fmi
