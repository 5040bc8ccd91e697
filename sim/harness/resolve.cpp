// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/resolve.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <vector>

#include "harness/signal_tables.hpp"
#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

/// Runs `read`, giving its error the location it lacks.
template <typename Read>
auto at(const SourceLocation& where, const Read& read) {
  try {
    return read();
  } catch (const std::invalid_argument& error) {
    throw DataError(where, error.what());
  }
}

const Fault& resolve_fault_key(const Located& key) {
  if (const Fault* fault = find_fault(key.text)) return *fault;
  std::vector<std::string_view> keys;
  for (const Fault* fault : faults()) keys.push_back(fault->key);
  throw DataError(key.where, fmt::format("found {}, expected a fault{}", quote(key.text),
                                         hint(key.text, keys)));
}

struct Targets {
  std::string_view noun;
  int count;
};

Targets targets_of(FaultTarget target, const PackDesign& pack) {
  switch (target) {
    case FaultTarget::pack:
      return {"pack", 1};
    case FaultTarget::cell:
      return {"cell", pack.cell_count()};
    case FaultTarget::ntc:
      return {"NTC", static_cast<int>(pack.beads.size())};
    case FaultTarget::sense_wire:
      return {"sense wire", pack.series + 1};
  }
  return {};
}

int resolve_number(const Located& given, int count, std::string_view expected) {
  const std::string& text = given.text;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > count) {
    throw DataError(given.where, fmt::format("found {}, {}", quote(text), expected));
  }
  return number;
}

int resolve_target(const InjectAction& action, const Fault& fault, const Product& product) {
  const auto [noun, count] = targets_of(fault.target, product.pack);
  if (fault.target == FaultTarget::pack) {
    if (!action.target) return 0;
    throw DataError(
        action.target->where,
        fmt::format("found a target, expected none: {} acts on the whole pack", quote(fault.key)));
  }
  const std::string expected = fmt::format("expected the number of a {}, 1..{}", noun, count);
  if (!action.target) {
    throw DataError(action.fault.where, fmt::format("found no target, {}", expected));
  }
  return resolve_number(*action.target, count, expected) - 1;
}

double resolve_severity(const Located& given, const Fault& fault) {
  if (!fault.has_severity) {
    throw DataError(given.where,
                    fmt::format("found a severity, expected none for {}", quote(fault.key)));
  }
  const double value =
      at(given.where, [&] { return parse_quantity(given.text, fault.severity_dimension); });
  if (!(value >= fault.severity_min && value <= fault.severity_max)) {
    throw DataError(given.where,
                    fmt::format("found {}, expected a {} of {:g}..{:g} {}", quote(given.text),
                                fault.severity_name, fault.severity_min, fault.severity_max,
                                unit_of(fault.severity_dimension)));
  }
  return value;
}

}  // namespace

ConditionExpression resolve_condition(const Located& text, const SignalCatalogue& catalogue) {
  return at(text.where, [&] { return ConditionExpression(text.text, catalogue); });
}

std::size_t resolve_control(const Located& name, const SignalCatalogue& catalogue) {
  const std::size_t found = at(name.where, [&] { return catalogue.find(name.text); });
  if (catalogue.all()[found].is_control()) return found;
  std::vector<std::string_view> controls;
  for (const Signal& signal : catalogue.all()) {
    if (signal.is_control()) controls.push_back(signal.name);
  }
  throw DataError(name.where, fmt::format("found {}, which can only be read, expected a control{}",
                                          quote(name.text), hint(name.text, controls)));
}

double resolve_value(const Located& text, const Signal& signal) {
  return at(text.where, [&] { return parse_value(signal, text.text); });
}

std::size_t resolve_pack(const std::optional<Located>& number, const Scenario& scenario) {
  if (!number) return 0;
  const int count = 1 + static_cast<int>(scenario.companions.size());
  const std::string expected = fmt::format("expected the number of a pack, 1..{}", count);
  return static_cast<std::size_t>(resolve_number(*number, count, expected) - 1);
}

FaultInstance resolve_fault(const InjectAction& action, const Scenario& scenario) {
  const Fault& fault = resolve_fault_key(action.fault);
  const std::size_t pack = resolve_pack(action.pack, scenario);
  const Product& product = pack == 0 ? scenario.product : scenario.companions[pack - 1].product;
  const int target = resolve_target(action, fault, product);
  const double severity =
      action.severity ? resolve_severity(*action.severity, fault) : fault.severity_default;
  const double ramp_to = action.ramp_to ? resolve_severity(*action.ramp_to, fault) : severity;
  return {&fault, static_cast<int>(pack), target, severity, ramp_to};
}

std::uint32_t resolve_button(const Located& name) {
  for (const auto& [word, bit] : kButtons)
    if (name.text == word) return static_cast<std::uint32_t>(bit);
  throw DataError(name.where, fmt::format("found {}, expected a button: power, reset, switch, wake",
                                          quote(name.text)));
}

}  // namespace doppelpack::sim
