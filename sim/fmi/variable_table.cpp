// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/variable_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "bms/types.h"
#include "sim/data_error.hpp"
#include "sim/fault.hpp"
#include "sim/imposed_current.hpp"

namespace doppelpack::fmi {

namespace {

// What whoever couples an inverter looks at; everything else that is there is local.
constexpr std::array<std::string_view, 14> kPackOutputs{
    "current_A",   "terminal_V", "link_V",       "stack_V",    "soc",
    "cell_max_V",  "cell_min_V", "T_max_degC",   "T_min_degC", "case_degC",
    "mosfet_degC", "charge_Ah",  "discharge_Ah", "heat_J"};
constexpr std::array<std::string_view, 20> kBmsOutputs{"state",
                                                       "reason",
                                                       "soc",
                                                       "soh",
                                                       "current_A",
                                                       "pack_V",
                                                       "cell_max_V",
                                                       "cell_min_V",
                                                       "T_max_degC",
                                                       "T_min_degC",
                                                       "cvl_V",
                                                       "ccl_A",
                                                       "dcl_A",
                                                       "charge_gate",
                                                       "discharge_gate",
                                                       "is_full",
                                                       "is_charge_allowed",
                                                       "is_discharge_allowed",
                                                       "force_charge",
                                                       "full_charge"};
constexpr std::array<std::string_view, 9> kHeardOutputs{"cvl_V",
                                                        "ccl_A",
                                                        "dcl_A",
                                                        "discharge_limit_V",
                                                        "soc",
                                                        "is_charge_allowed",
                                                        "is_discharge_allowed",
                                                        "is_battery_lost",
                                                        "is_alarm"};
constexpr std::array<std::string_view, 6> kBmsLocals{"protection/*", "warning/*", "failure/*",
                                                     "coil/*",       "led/*",     "buzzer"};

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> kButtonBits{{
    {"power", BMS_BUTTON_POWER},
    {"reset", BMS_BUTTON_RESET},
    {"switch", BMS_BUTTON_SWITCH},
    {"wake", BMS_BUTTON_WAKE},
}};

std::string dotted(std::string name) {
  for (char& c : name) {
    if (c == '/') c = '.';
    if (c == '-') c = '_';
  }
  return name;
}

Variable parameter(std::string name, std::string help, std::string_view unit, double start,
                   double min, double max) {
  return {std::move(name),
          std::move(help),
          VariableType::real,
          Causality::parameter,
          unit,
          min,
          max,
          start};
}

Variable real_input(std::string name, std::string help, std::string_view unit, double start,
                    std::string control) {
  Variable input{std::move(name), std::move(help), VariableType::real, Causality::input, unit};
  input.start = start;
  input.signals.push_back(std::move(control));
  return input;
}

Variable switch_input(std::string name, std::string help, bool start, std::string control) {
  Variable input =
      real_input(std::move(name), std::move(help), "", start ? 1.0 : 0.0, std::move(control));
  input.type = VariableType::boolean;
  return input;
}

VariableType type_of(const sim::Signal& signal) {
  if (signal.words.empty()) return VariableType::real;
  return signal.words.size() == 2 ? VariableType::boolean : VariableType::enumeration;
}

// "open", "closed": what false and true mean.
std::string help_of(const sim::Signal& signal) {
  if (type_of(signal) != VariableType::boolean) return signal.help;
  return fmt::format("{}; true: {}", signal.help, signal.words[1]);
}

}  // namespace

VariableTable::VariableTable(const FmuPlan& plan, const sim::Product& product) {
  const sim::SignalCatalogue catalogue(product);
  add({"time", "simulated", VariableType::real, Causality::independent, "s"});
  add_parameters(plan, product);
  if (plan.has_bms()) {
    add_bench_inputs(plan, product);
  } else {
    add_plant_inputs(product);
  }
  for (const std::string_view name : kPackOutputs)
    add_signals(catalogue, fmt::format("pack1/{}", name), Causality::output);
  for (const std::string_view quantity : {"voltage_V", "soc", "T_degC"})
    add_vector(catalogue, "pack1/cell", quantity);
  add_vector(catalogue, "pack1/ntc", "T_degC");
  if (!plan.has_bms()) return;
  for (const std::string_view name : kBmsOutputs)
    add_signals(catalogue, fmt::format("bms1/{}", name), Causality::output);
  add_vector(catalogue, "bms1/cell", "voltage_V");
  add_vector(catalogue, "bms1/ntc", "T_degC");
  for (const std::string_view name : kHeardOutputs)
    add_signals(catalogue, fmt::format("inverter1/{}", name), Causality::output);
  for (const std::string_view name : kBmsLocals)
    add_signals(catalogue, fmt::format("bms1/{}", name), Causality::local);
}

void VariableTable::add(Variable variable) {
  variable.first = element_count();
  owners_.insert(owners_.end(), variable.size, variables_.size());
  variables_.push_back(std::move(variable));
}

void VariableTable::add_parameters(const FmuPlan& plan, const sim::Product& product) {
  Variable seed = parameter("seed", "draws the specimen: tolerances of cells and sensing", "", 1.0,
                            0.0, std::numeric_limits<std::int32_t>::max());
  seed.type = VariableType::integer;
  add(std::move(seed));
  add(parameter("initial_soc", "state of charge at the start", "", 0.5, 0.0, 1.0));
  add(parameter("soc_spread", "its standard deviation between the cells", "", 0.0, 0.0, 0.5));
  add(parameter("temperature_degC", "of everything at the start", "degC", 25.0, -60.0, 120.0));
  if (plan.has_bms())
    add(parameter("bms_soc_error", "by which the BMS believes in more charge than there is", "",
                  0.0, -1.0, 1.0));
  const double cvl_V = product.bms.limits.cvl_mV / 1000.0;
  add(parameter("max_V", "where the source outside stops charging, at its own terminals", "V",
                sim::beyond_full_V(cvl_V), 1.0, 2000.0));
}

void VariableTable::add_bench_inputs(const FmuPlan& plan, const sim::Product& product) {
  add(real_input("current_A", "current of the source outside, + charges", "A", 0.0,
                 "inverter1/imposed_A"));
  add(real_input("power_W", "its power, beside that current, + charges", "W", 0.0,
                 "inverter1/imposed_W"));
  add(real_input("ambient_degC", "around the pack; temperature_degC until it is set", "degC", 25.0,
                 "env/ambient_degC"));
  add(switch_input("is_connected", "the source is on the terminals", true,
                   "inverter1/is_connected"));
  for (const auto& [name, bit] : kButtonBits)
    if ((product.board.wake.buttons & bit) != 0 || bit == BMS_BUTTON_RESET)
      add(switch_input(fmt::format("button.{}", name), "pressed", bit == BMS_BUTTON_SWITCH,
                       fmt::format("bms1/button/{}", name)));
  for (const FaultInput& fault : plan.faults) {
    const sim::Fault* known = sim::find_fault(fault.fault);
    add(switch_input("fault." + fault.name(), std::string(known != nullptr ? known->help : ""),
                     false, ""));
  }
}

void VariableTable::add_plant_inputs(const sim::Product& product) {
  add(real_input("current_A", "current of the source outside, + charges", "A", 0.0, ""));
  add(real_input("power_W", "its power, beside that current, + charges", "W", 0.0, ""));
  add(real_input("ambient_degC", "around the pack; temperature_degC until it is set", "degC", 25.0,
                 ""));
  add(switch_input("is_connected", "the source is on the terminals", true, ""));
  add(switch_input("charge_gate", "drive of the charge MOSFET, true: closed", true, ""));
  add(switch_input("discharge_gate", "drive of the discharge MOSFET, true: closed", true, ""));
  if (product.pack.electrical.path.has_relays)
    for (const char* coil : {"main_1", "main_2", "precharge"})
      add(switch_input(fmt::format("coil.{}", coil), "coil of the relay", coil[0] == 'm', ""));
  Variable bleeders = switch_input("bleeders", "bleeder of each cell position", false, "");
  bleeders.size = static_cast<std::uint32_t>(product.pack.series);
  bleeders.is_array = true;
  add(std::move(bleeders));
}

void VariableTable::add_signals(const sim::SignalCatalogue& catalogue, std::string_view glob,
                                Causality causality) {
  for (const std::size_t position : catalogue.match(glob)) {
    const sim::Signal& signal = catalogue.all()[position];
    Variable variable{dotted(signal.name), help_of(signal), type_of(signal), causality,
                      sim::unit_of(signal.dimension)};
    if (variable.type == VariableType::enumeration) variable.words = signal.words;
    variable.signals.push_back(signal.name);
    add(std::move(variable));
  }
}

void VariableTable::add_vector(const sim::SignalCatalogue& catalogue, std::string_view owner,
                               std::string_view quantity) {
  Variable variable{dotted(fmt::format("{}s/{}", owner, quantity)), "", VariableType::real,
                    Causality::output};
  for (const std::size_t position : catalogue.match(fmt::format("{}*/{}", owner, quantity))) {
    const sim::Signal& signal = catalogue.all()[position];
    variable.help = signal.help;
    variable.unit = sim::unit_of(signal.dimension);
    variable.signals.push_back(signal.name);
  }
  variable.size = static_cast<std::uint32_t>(variable.signals.size());
  variable.is_array = true;
  if (variable.size > 0) add(std::move(variable));
}

const Variable& VariableTable::owner(std::uint32_t element) const {
  if (element < element_count()) return variables_[owners_[element]];
  throw sim::DataError({"", 0, "value reference"},
                       fmt::format("found {}, expected 0 to {}", element, element_count() - 1));
}

void VariableTable::expect(std::uint32_t element, std::initializer_list<VariableType> types) const {
  constexpr std::array kNames{"real number", "integer", "Boolean", "enumeration"};
  const Variable& variable = owner(element);
  if (std::find(types.begin(), types.end(), variable.type) != types.end()) return;
  throw sim::DataError({"", 0, variable.name},
                       fmt::format("found a variable of type {}, expected {}",
                                   kNames[static_cast<std::size_t>(variable.type)],
                                   kNames[static_cast<std::size_t>(*types.begin())]));
}

const Variable& VariableTable::at(std::string_view name) const {
  return *std::find_if(variables_.begin(), variables_.end(),
                       [name](const Variable& variable) { return variable.name == name; });
}

std::vector<double> VariableTable::start_values() const {
  std::vector<double> values(element_count(), 0.0);
  for (const Variable& variable : variables_)
    std::fill_n(values.begin() + variable.first, variable.size, variable.start);
  return values;
}

}  // namespace doppelpack::fmi
