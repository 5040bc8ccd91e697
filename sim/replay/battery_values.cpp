// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "sim/replay.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::BatteryView;

template <typename Value>
std::string to_words(const Value& value) {
  if constexpr (std::is_same_v<Value, bool>)
    return value ? "yes" : "no";
  else if constexpr (std::is_same_v<Value, std::uint32_t>)
    return fmt::format("{:#x}", value);
  else
    return fmt::format("{}", value);
}

class ValueList {
 public:
  template <typename Value>
  ValueList& add(std::string_view name, const std::optional<Value>& value) {
    if (value) values_.push_back({name, to_words(*value)});
    return *this;
  }
  ValueList& add_count(std::string_view name, const std::optional<unsigned>& value) {
    if (value) values_.push_back({name, std::to_string(*value)});
    return *this;
  }
  ValueList& add_row(std::string_view name, const std::vector<double>& row) {
    if (!row.empty()) values_.push_back({name, fmt::format("{}", fmt::join(row, " "))});
    return *this;
  }
  std::vector<BatteryValue> take() { return std::move(values_); }

 private:
  std::vector<BatteryValue> values_;
};

const BatteryValue* find_value(const std::vector<BatteryValue>& values, std::string_view name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const BatteryValue& value) { return value.name == name; });
  return found == values.end() ? nullptr : &*found;
}

}  // namespace

std::vector<BatteryValue> known_values(const BatteryView& view) {
  ValueList list;
  list.add("cvl_V", view.cvl_V)
      .add("discharge_voltage_limit_V", view.discharge_voltage_limit_V)
      .add("ccl_A", view.ccl_A)
      .add("dcl_A", view.dcl_A)
      .add("soc", view.soc)
      .add("soh", view.soh)
      .add("pack_V", view.pack_V)
      .add("current_A", view.current_A)
      .add("T_degC", view.T_degC)
      .add("is_charge_allowed", view.is_charge_allowed)
      .add("is_discharge_allowed", view.is_discharge_allowed)
      .add("is_charge_forced", view.is_charge_forced)
      .add("is_full_charge_requested", view.is_full_charge_requested)
      .add("is_charge_protected", view.is_charge_protected)
      .add("is_discharge_protected", view.is_discharge_protected)
      .add("protections", view.protections)
      .add("warnings", view.warnings)
      .add("manufacturer", view.manufacturer)
      .add("device_name", view.device_name)
      .add("family", view.family)
      .add("barcode", view.barcode)
      .add_count("module_count", view.module_count)
      .add_count("cycle_count", view.cycle_count)
      .add("remaining_Ah", view.remaining_Ah)
      .add("full_Ah", view.full_Ah)
      .add("highest_cell_V", view.highest_cell_V)
      .add("lowest_cell_V", view.lowest_cell_V)
      .add("hottest_degC", view.hottest_degC)
      .add("coldest_degC", view.coldest_degC)
      .add_count("highest_cell", view.highest_cell)
      .add_count("lowest_cell", view.lowest_cell)
      .add_count("hottest_ntc", view.hottest_ntc)
      .add_count("coldest_ntc", view.coldest_ntc)
      .add_row("cell_V", view.cell_V)
      .add_row("ntc_degC", view.ntc_degC);
  return list.take();
}

std::string difference_of_fields(const can_emulator::CanProtocol& protocol,
                                 const can_emulator::Choices& choices,
                                 const can_emulator::CanFrame& expected,
                                 const can_emulator::CanFrame& found) {
  BatteryView in_log;
  BatteryView here;
  protocol.decode(expected, choices, in_log);
  protocol.decode(found, choices, here);
  const std::vector<BatteryValue> expected_values = known_values(in_log);
  const std::vector<BatteryValue> found_values = known_values(here);
  std::string text;
  const auto append = [&](std::string_view name, std::string_view was, std::string_view is) {
    text += fmt::format("{}{}: expected {}, found {}", text.empty() ? "" : "; ", name, was, is);
  };
  for (const BatteryValue& value : expected_values) {
    const BatteryValue* const other = find_value(found_values, value.name);
    if (other == nullptr || other->text != value.text)
      append(value.name, value.text, other == nullptr ? "nothing" : other->text);
  }
  for (const BatteryValue& value : found_values) {
    if (find_value(expected_values, value.name) == nullptr)
      append(value.name, "nothing", value.text);
  }
  return text;
}

}  // namespace doppelpack::sim
