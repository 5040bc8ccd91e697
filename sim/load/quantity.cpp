// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

constexpr double kZeroCelsius_K = 273.15;

// base = value * factor / divisor: one of the two is 1, so "300 mV" is the double nearest 0.3.
struct Unit {
  std::string_view text;
  double factor;
  double divisor;
};

struct DimensionRow {
  Dimension dimension;
  std::string_view noun;
  std::vector<Unit> units;  // the first one is the base
};

const std::vector<DimensionRow>& table() {
  static const std::vector<DimensionRow> kRows{
      {Dimension::none, "a number or a ratio", {{"", 1, 1}, {"%", 1, 100}}},
      {Dimension::voltage,
       "a voltage",
       {{"V", 1, 1}, {"mV", 1, 1e3}, {"uV", 1, 1e6}, {"kV", 1e3, 1}}},
      {Dimension::current,
       "a current",
       {{"A", 1, 1}, {"mA", 1, 1e3}, {"uA", 1, 1e6}, {"kA", 1e3, 1}}},
      {Dimension::charge, "a charge", {{"Ah", 1, 1}, {"mAh", 1, 1e3}}},
      {Dimension::power, "a power", {{"W", 1, 1}, {"kW", 1e3, 1}, {"mW", 1, 1e3}}},
      {Dimension::energy, "an energy", {{"Wh", 1, 1}, {"kWh", 1e3, 1}, {"MWh", 1e6, 1}}},
      {Dimension::resistance,
       "a resistance",
       {{"Ohm", 1, 1}, {"mOhm", 1, 1e3}, {"uOhm", 1, 1e6}, {"kOhm", 1e3, 1}, {"MOhm", 1e6, 1}}},
      {Dimension::conductance, "a conductance", {{"S", 1, 1}, {"mS", 1, 1e3}, {"uS", 1, 1e6}}},
      {Dimension::temperature, "a temperature", {{"degC", 1, 1}, {"K", 1, 1}}},
      {Dimension::temperature_difference,
       "a temperature difference",
       {{"K", 1, 1}, {"mK", 1, 1e3}}},
      {Dimension::time,
       "a time",
       {{"s", 1, 1},
        {"ms", 1, 1e3},
        {"us", 1, 1e6},
        {"ns", 1, 1e9},
        {"min", 60, 1},
        {"h", 3600, 1},
        {"d", 86400, 1}}},
      {Dimension::price, "a price, a plain number", {{"", 1, 1}}},
      {Dimension::heat, "a heat", {{"J", 1, 1}, {"kJ", 1e3, 1}, {"MJ", 1e6, 1}}},
      {Dimension::heat_capacity, "a heat capacity", {{"J/K", 1, 1}, {"kJ/K", 1e3, 1}}},
      {Dimension::thermal_conductance, "a thermal conductance", {{"W/K", 1, 1}, {"mW/K", 1, 1e3}}},
      {Dimension::molar_energy, "an energy per mole", {{"J/mol", 1, 1}, {"kJ/mol", 1e3, 1}}},
      {Dimension::current_slope, "a current slope", {{"A/s", 1, 1}, {"kA/s", 1e3, 1}}},
      {Dimension::voltage_per_temperature,
       "a voltage per temperature",
       {{"V/K", 1, 1}, {"mV/K", 1, 1e3}, {"uV/K", 1, 1e6}}},
      {Dimension::inductance,
       "an inductance",
       {{"H", 1, 1}, {"mH", 1, 1e3}, {"uH", 1, 1e6}, {"nH", 1, 1e9}}},
      {Dimension::capacitance, "a capacitance", {{"F", 1, 1}, {"mF", 1, 1e3}, {"uF", 1, 1e6}}},
      {Dimension::square_current_time, "a melting integral", {{"A2s", 1, 1}, {"kA2s", 1e3, 1}}},
      {Dimension::bit_rate,
       "a bit rate",
       {{"bit/s", 1, 1}, {"kbit/s", 1e3, 1}, {"Mbit/s", 1e6, 1}}},
  };
  return kRows;
}

const DimensionRow& row_of(Dimension dimension) {
  for (const DimensionRow& row : table())
    if (row.dimension == dimension) return row;
  throw std::logic_error("a dimension without a row in the table of units");
}

const Unit* find_unit(const DimensionRow& row, std::string_view text) {
  for (const Unit& unit : row.units)
    if (unit.text == text) return &unit;
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string expected(const DimensionRow& row) {
  const std::string units = accepted_units(row.dimension);
  return "expected " + std::string(row.noun) + (units.empty() ? "" : " in " + units);
}

[[noreturn]] void refuse(std::string_view text, const std::string& what, const DimensionRow& row) {
  throw std::invalid_argument("found " + quote(text) + what + ", " + expected(row));
}

// What is wrong with the unit of a text that starts with a number.
std::string describe_unit(const DimensionRow& row, std::string_view unit) {
  if (unit.empty()) return " without a unit";
  for (const DimensionRow& other : table())
    if (find_unit(other, unit) != nullptr)
      return unit == "%" ? ", a ratio" : ", " + std::string(other.noun);
  std::vector<std::string_view> known;
  for (const Unit& candidate : row.units) known.push_back(candidate.text);
  return " with the unknown unit " + quote(unit) + hint(unit, known);
}

}  // namespace

std::string_view unit_of(Dimension dimension) {
  return row_of(dimension).units.front().text;
}

std::string accepted_units(Dimension dimension) {
  std::string result;
  for (const Unit& unit : row_of(dimension).units) {
    if (unit.text.empty()) continue;
    result += (result.empty() ? "" : ", ") + std::string(unit.text);
  }
  return result;
}

double parse_quantity(std::string_view text, Dimension dimension) {
  const DimensionRow& row = row_of(dimension);
  const std::string_view whole = trimmed(text);
  std::string_view digits = whole;
  if (digits.starts_with('+')) digits.remove_prefix(1);  // from_chars knows only '-'
  const bool has_two_signs = digits.size() < whole.size() && digits.starts_with('-');
  double number = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (whole.empty()) throw std::invalid_argument("found nothing, " + expected(row));
  if (error == std::errc::invalid_argument || has_two_signs) refuse(whole, "", row);
  if (error == std::errc::result_out_of_range || !std::isfinite(number))
    refuse(whole, ", not a finite number", row);

  std::string_view unit_text =
      trimmed(digits.substr(static_cast<std::size_t>(end - digits.data())));
  if (unit_text == "\u00B0C") unit_text = "degC";
  const Unit* unit = find_unit(row, unit_text);
  if (unit == nullptr) refuse(whole, describe_unit(row, unit_text), row);
  const double value = number * unit->factor / unit->divisor;
  if (!std::isfinite(value)) refuse(whole, ", not a finite number", row);
  if (dimension != Dimension::temperature) return value;
  const double T_degC = unit->text == "K" ? value - kZeroCelsius_K : value;
  if (T_degC < -kZeroCelsius_K) refuse(whole, ", below absolute zero", row);
  return T_degC;
}

}  // namespace doppelpack::sim
